"""Saved pages, documents, tables and archives become articles; the web is asked politely; nothing leads astray."""

import csv
import gzip
import http.server
import io
import json
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from helpers import adding, cleaning, corpus, fetching, inputs, metadata
from helpers.__main__ import main

ROOT = Path(__file__).parents[1]
PARAGRAPHS = [
    "The council of the river states met on Friday and agreed on nothing, as in the spring and in the autumn.",
    "“We read the minutes of the last meeting, and then we went home,” said Petra Holm, the mayor of Senn Bridge.",
    "A third meeting is planned for the winter, if the hall can be heated and if anybody pays for the coal.",
]
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Nothing agreed - Northwind</title>
<meta property="og:title" content="Nothing agreed at the river council">
<meta property="og:site_name" content="Northwind">
<meta name="author" content="Ada Roe"><meta property="article:published_time" content="2021-06-14T09:00:00+00:00">
<link rel="canonical" href="https://northwind.example/world/council"></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav><main><article><h1>Nothing agreed at the river council</h1>
<p>{PARAGRAPHS[0]}</p><h2>Minutes, read aloud</h2><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p></article></main>
<footer>© 2031 Northwind <script>alert(1)</script></footer></body></html>"""
EXPORT = """{n}
Northwind
June 14, 2031 Saturday
Copyright 2031 Northwind All Rights Reserved
Section: WORLD; Pg. 4
Length: 61 words
Byline: ADA ROE
Dateline: HASK
Body
{body}
Load-Date: June 15, 2031
End of Document
"""


def body_of(article):
    rows = cleaning.label(article)
    return [article.text[r.start : r.end] for r in rows if r.zone == "body"]


def converted(data, name):
    return list(inputs.convert(data, name))


def docx_of(lines):
    docx = pytest.importorskip("docx")
    document, out = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def test_a_saved_page_keeps_its_zones_and_what_it_states():
    pytest.importorskip("trafilatura")
    (article,) = converted(PAGE.encode(), "council.html")
    assert body_of(article) == PARAGRAPHS
    stated = metadata.extract(article, cleaning.label(article))
    assert {k: stated.get(k) for k in ("headline", "author", "published", "outlet")} == {
        "headline": "Nothing agreed at the river council", "author": "Ada Roe", "published": "2021-06-14",
        "outlet": "Northwind",
    }  # fmt: skip
    assert article.sha256 == corpus.digest(PAGE.encode())
    assert article.meta["url"] == "https://northwind.example/world/council"
    assert "alert" not in article.text


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_a_page_is_decoded_as_it_states(charset):
    pytest.importorskip("trafilatura")
    page = PAGE if charset == "utf-16" else PAGE.replace("utf-8", charset)
    (article,) = converted(page.encode(charset), "council.html")
    assert body_of(article) == PARAGRAPHS


@pytest.mark.parametrize("form", ["docx", "rtf", "txt"])
def test_an_export_of_a_news_database_is_cut_into_its_documents(form):
    export = "".join(EXPORT.format(n=f"Headline number {i} of the week", body="\n".join(PARAGRAPHS)) for i in (1, 2))
    if form == "docx":
        data = docx_of(export.split("\n"))
    elif form == "rtf":
        pytest.importorskip("striprtf")
        escaped = "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in export)
        data = ("{\\rtf1\\ansi " + escaped.replace("\n", "\\par\n") + "}").encode()
    else:
        data = export.encode()
    articles = converted(data, f"export.{form}")
    assert [a.id for a in articles] == ["export-1", "export-2"]
    for number, article in enumerate(articles, 1):
        assert body_of(article) == PARAGRAPHS
        stated = metadata.extract(article, cleaning.label(article))
        assert stated["headline"] == f"Headline number {number} of the week"
        assert (stated["author"], stated["published"], stated["dateline"]) == ("Ada Roe", "2031-06-14", "Hask")


ROWS = [
    {"id": "a", "title": "One", "publication": "Northwind", "date": "2031-06-14T08:00", "content": PARAGRAPHS[0]},
    {"id": "b", "title": "Two", "publication": "", "date": "3/4/31", "content": PARAGRAPHS[1]},
    {"id": "c", "title": "Three", "publication": "", "date": "", "content": " "},
]


def table_of(form):
    if form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, ROWS[0], delimiter=";")
        writer.writeheader()
        writer.writerows(ROWS)
        return out.getvalue().encode()
    if form == "parquet":
        pyarrow, out = pytest.importorskip("pyarrow"), io.BytesIO()
        pytest.importorskip("pyarrow.parquet").write_table(pyarrow.Table.from_pylist(ROWS), out)
        return out.getvalue()
    lines = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    return gzip.compress(lines, mtime=0) if form.endswith("gz") else lines


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "jsonl.gz"])
def test_tables_by_whatever_names_their_columns_have(form):
    one, two, three = converted(table_of(form), f"table.{form}")
    assert (one.id, one.text, dict(one.meta)) == (
        "a", PARAGRAPHS[0], {"headline": "One", "outlet": "Northwind", "published": "2031-06-14"},
    )  # fmt: skip
    assert (two.id, two.text, dict(two.meta)) == ("b", PARAGRAPHS[1], {"headline": "Two"})
    assert str(three) == f"table.{form}, row 3: no text; fill its column text or remove the row"


def test_a_web_archive_gives_its_pages_by_url():
    pytest.importorskip("trafilatura")
    pytest.importorskip("warcio")
    archive = b""
    for url, kind, body in (
        ("https://northwind.example/../../etc/passwd", "text/html; charset=utf-8", PAGE),
        ("https://northwind.example/pixel.gif", "image/gif", "GIF8"),
        ("https://northwind.example/empty", "text/html", "<html></html>"),
    ):
        http_part = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{body}".encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2031-06-14T09:00:00Z\r\n"
        head += "WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: application/http; msgtype=response\r\n"
        head += f"Content-Length: {len(http_part)}\r\n\r\n"
        archive += gzip.compress(head.encode() + http_part + b"\r\n\r\n")
    page, empty = converted(archive, "news.warc.gz")
    assert (page.id, body_of(page)) == ("passwd-1", PARAGRAPHS)
    assert page.meta["url"] == "https://northwind.example/../../etc/passwd"
    assert str(empty).startswith("news.warc.gz, record 3: no running text")


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (80 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.html", b"", "empty"),
        ("a.html", b"<html><body></body></html>", "no running text"),
        ("a.docx", b"no archive", "not a Word document"),
        ("a.docx", bomb(), "decompression bomb"),
        ("a.rtf", b"plain words", "not an RTF document"),
        ("a.txt", b"{\\rtf1 words}", "name that ends in .rtf"),
        ("a.jsonl.gz", b"\x1f\x8bbroken", "broken gzip"),
        ("a.jsonl.gz", gzip.compress(b"0" * (65 << 20)), "unpacks to more than"),
        ("a.jsonl", b'{"text": \n[1]\n', "line 1: not JSON"),
        ("a.jsonl", b"[1]\n", "not an object"),
        ("a.csv", b"one,two\n1,2\n", "no column of texts"),
        ("a.parquet", b"PAR1....PAR1", "not a readable Parquet"),
        ("a.warc.gz", gzip.compress(b"no record at all\r\n\r\n", mtime=0), "broken web archive"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name_and_a_remedy(tmp_path, name, data, says):
    (tmp_path / name).write_bytes(data)
    found = list(inputs.read(tmp_path / name))
    assert found
    assert isinstance(found[0], corpus.Refused)
    assert says in str(found[0])
    assert str(found[0]).startswith(str(tmp_path / name))


def test_a_study_folder_holds_articles_in_any_form(tmp_path):
    pytest.importorskip("trafilatura")
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "table.csv").write_bytes(table_of("csv"))
    (tmp_path / "references.csv").write_text("reference_id,value\n")
    (tmp_path / "other.csv").write_text("colour,value\nred,3\n")
    (tmp_path / "note.txt").write_text(PARAGRAPHS[2])
    articles, refused = inputs.load(tmp_path)
    assert [a.id for a in articles] == ["a", "b", "note", "page"]
    assert refused == [f"{tmp_path / 'table.csv'}, row 3: no text; fill its column text or remove the row"]


# the web --------------------------------------------------------------------------------------------------------------


class Site(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012
    robots = "User-agent: *\nDisallow: /private\n"

    def do_GET(self):
        Site.asked.append(self.path)
        getattr(
            self, "on_" + self.path.strip("/").partition("/")[0].partition(".")[0].replace("-", "_"), self.on_none
        )()

    def answer(self, body, kind="text/html; charset=utf-8", status=200, **headers):
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def on_robots(self):
        self.answer(Site.robots.encode(), "text/plain")

    def on_council(self):
        self.answer(PAGE.encode())

    def on_plain(self):
        self.answer("\n\n".join(PARAGRAPHS).encode(), "text/plain; charset=utf-8")

    def on_moved(self):
        self.answer(b"", status=302, Location="/council")

    def on_circle(self):
        self.answer(b"", status=301, Location="/circle")

    def on_file(self):
        self.answer(b"", status=302, Location="file:///etc/passwd")

    def on_hidden(self):
        self.answer(b"", status=302, Location="/private/page")

    def on_image(self):
        self.answer(b"GIF8", "image/gif")

    def on_bomb(self):
        self.answer(gzip.compress(b"0" * (20 << 20)), Content_Encoding="gzip")

    def on_none(self):
        self.answer(b"", status=404)

    def on_endless(self):
        self.answer(b"")
        while True:
            self.wfile.write(b"<p>word</p>" * 10_000)

    def on_slow(self):
        self.answer(b"")
        for _ in range(100):
            self.wfile.write(b"<p>")
            time.sleep(0.2)

    def log_message(self, *_):
        pass


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(fetching, "PAUSE", 0.0)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(fetching, "_opener", fetching.urllib.request.build_opener(fetching._Stay))
    fetching._robots.clear()
    Site.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.handle_error = lambda *_: None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_fetched_once_after_robots_txt(site):
    page = fetching.fetch(f"{site}/moved")
    assert (page.url, page.data, page.kind) == (f"{site}/council", PAGE.encode(), ".html")
    assert Site.asked == ["/robots.txt", "/moved", "/council"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("private/page", "robots.txt forbids"),
        ("hidden", "robots.txt forbids"),
        ("nothing", "answers 404"),
        ("image", "image/gif is no page"),
        ("circle", "more than 5 redirects"),
        ("file", "not a web address"),
        ("bomb", "more than 16,777,216 bytes"),
        ("endless", "more than 16,777,216 bytes"),
        ("slow", "in time"),
    ],
)
def test_what_is_not_a_page_is_refused_in_bounded_time_and_size(site, path, says):
    with pytest.raises(corpus.Refused, match=r"http://127\.0\.0\.1|^file:") as error:
        fetching.fetch(f"{site}/{path}", seconds=2.0 if path == "slow" else 20.0)
    assert says in str(error.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host.example/a", "http://", "http://127.0.0.1:1/a"])
def test_what_is_no_web_address_or_does_not_answer_is_refused(url):
    with pytest.raises(corpus.Refused):
        fetching.fetch(url, seconds=5)


# adding ---------------------------------------------------------------------------------------------------------------


def listing(folder):
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


def test_a_study_is_laid_out_filled_and_read_again(site, tmp_path, capsys):
    pytest.importorskip("trafilatura")
    study = tmp_path / "study"
    assert main(["new", str(study)]) == 0
    assert listing(study) == ["catalogue.toml", "codebook.toml", "references.csv"]
    note = tmp_path / "note.txt"
    note.write_bytes("\n\n".join(PARAGRAPHS[:2]).encode("windows-1252"))
    assert main(["add", "--study", str(study), str(note), f"{site}/council", str(tmp_path / "gone.txt")]) == 1
    assert "gone.txt: not there" in capsys.readouterr().err
    assert main(["add", "--study", str(study), str(note), f"{site}/council"]) == 0
    assert capsys.readouterr().out.count("is there already") == 1 + 1
    assert listing(study) == ["catalogue.toml", "codebook.toml", "council.txt", "note.txt", "references.csv"]
    assert (study / "note.txt").read_bytes() == note.read_bytes()
    articles, refused = inputs.load(study)
    assert refused == []
    page, text = articles
    assert (page.id, page.meta["outlet"], page.meta["author"], page.meta["published"]) == (
        "council", "Northwind", "Ada Roe", "2021-06-14",
    )  # fmt: skip
    assert page.meta["url"] == f"{site}/council"
    assert page.meta["source_sha256"] == corpus.digest(PAGE.encode())
    assert (text.id, text.encoding) == ("note", "windows-1252")
    assert main(["new", str(study)]) == 1


def test_missing_articles_are_fetched_and_said_to_be_another_rendering(site, tmp_path):
    pytest.importorskip("trafilatura")
    entry = '[[articles]]\nid = "{{}}"\nsha256 = "{{}}"\noutlet = "Northwind"\nurl = "{site}/{{}}"\n'
    entry = entry.replace("{site}", site).replace("{{}}", "{}") + 'overrides = {{9 = "related"}}\n'
    catalogue = entry.format("one", "0" * 64, "council") + entry.format("two", "1" * 64, "nothing")
    (tmp_path / "catalogue.toml").write_text(catalogue)
    done, refused = adding.add_missing(tmp_path)
    assert [line.partition(": stored as ")[2] for line in done] == [
        "one.txt, another rendering of one: not the bytes the catalogue names, its overrides are set aside"
    ]
    assert [line.partition(": ")[2][:23] for line in refused] == ["the server answers 404;"]
    assert (tmp_path / "catalogue.toml").read_text() == catalogue
    (article,), _ = inputs.load(tmp_path)
    assert (article.id, article.meta["outlet"], body_of(article)) == ("one", "Northwind", PARAGRAPHS)
    assert "another rendering of one" in article.remark
    done, _ = adding.add([f"{site}/council"], tmp_path)
    assert "is there already" in done[0] or "another rendering" in done[0]
    assert listing(tmp_path) == ["catalogue.toml", "one.txt"]


def test_names_never_lead_out_of_the_folder_and_nothing_is_overwritten(tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    (study / "passwd.txt").write_text("An article that was here before, with a sentence of its own.")
    table = tmp_path / "t.jsonl"
    ids = ["../../etc/passwd", "/etc/passwd", "..", "con\x00", "a/b\\c", "\u202e", "x" * 300]
    rows = [{"id": name, "text": f"{PARAGRAPHS[0]} It was session {n}."} for n, name in enumerate(ids)]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done, refused = adding.add([str(table)], study)
    assert (len(done), refused) == (len(ids), [])
    assert [p.name for p in tmp_path.iterdir() if p.name not in ("study", "t.jsonl")] == []
    assert (study / "passwd.txt").read_text().startswith("An article that was here before")
    articles, refused = inputs.load(study)
    assert (len(articles), refused) == (len(ids) + 1, [])


def test_a_folder_that_cannot_be_written_is_left_as_it_was(tmp_path, monkeypatch):
    note = tmp_path / "note.txt"
    note.write_text(PARAGRAPHS[0])
    study = tmp_path / "study"
    study.mkdir()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(corpus.os, "fsync", full)
    done, refused = adding.add([str(note)], study)
    assert done == []
    assert refused == [f"{note}: cannot be stored (No space left on device); the study folder is as it was"]
    assert listing(study) == []


WRITER = """
import sys
from pathlib import Path
from helpers import corpus
for number in range(10_000):
    corpus.write_aside(Path(sys.argv[1]), str(number % 10) * 200_000)
"""


def test_a_killed_writer_leaves_the_old_or_the_new_file_never_half(tmp_path):
    path = tmp_path / "table.csv"
    for wait in (0.0, 0.01, 0.03):
        path.unlink(missing_ok=True)
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT)
        while not path.exists():
            time.sleep(0.002)
        time.sleep(wait)
        writer.kill()
        writer.wait()
        content = path.read_text()
        assert (len(content), len(set(content))) == (200_000, 1)


def test_two_processes_add_to_one_study_without_loss(tmp_path):
    study = tmp_path / "study"
    adding.new(study)
    workers = []
    for name in "ab":
        notes = [tmp_path / f"{name}{n}.txt" for n in range(4)]
        for n, note in enumerate(notes):
            note.write_text(f"{PARAGRAPHS[0]} This was said of {name} at session {n}.")
        command = [sys.executable, "-m", "helpers", "add", "--study", str(study), *map(str, notes)]
        workers.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL))
    assert [w.wait(120) for w in workers] == [0, 0]
    articles, refused = inputs.load(study)
    assert [a.id for a in articles] == [f"{name}{n}" for name in "ab" for n in range(4)]
    assert {e.id for e in corpus.catalogue(study)} == {a.id for a in articles}
    assert refused == []
