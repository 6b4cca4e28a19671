"""Finding, reading and recognising files: what is refused says which file, where, and what to do."""

import os

import pytest

from helpers import corpus

TEXT = "The council met on Friday. It agreed on nothing.\n"
ENTRY = '[[articles]]\nid = "vale"\nsha256 = "{sha256}"\noutlet = "Vale Times"\n'


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (TEXT.encode(), TEXT, "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), TEXT, "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), TEXT, "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT, "utf-16-be"),
        (b"\xff\xfe\x00\x00" + TEXT.encode("utf-32-le"), TEXT, "utf-32-le"),
        ("“Nothing” – said Zoë".encode("windows-1252"), "“Nothing” – said Zoë", "windows-1252"),
        (b"One.\r\nTwo.\x85\r\n", "One.\r\nTwo.…\r\n", "windows-1252"),
        ("A\u2028B\x0bC\x1dD\r\n".encode(), "A\u2028B\x0bC\x1dD\r\n", "utf-8"),
    ],
)
def test_text_is_the_file_as_decoded(data, text, encoding):
    assert corpus.decode(data, "a.txt") == (text, encoding)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n\xc2\xa0\n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "archive"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x89PNG\r\n", "image"),
        (b"some words\x00\x01\x02 more", "character 10: not text"),
        (b"\x01\x02\x03\x04 words", "control characters"),
        (b"\xff\xfea", "byte 2: broken utf-16-le"),
        (b"\xef\xbb\xbfok \xff", "byte 6: broken utf-8"),
        (b"never \x81 defined", "byte 6: neither UTF-8 nor Windows-1252"),
        ("Совет собрался в пятницу и ничего не решил.".encode("koi8-r"), "byte 0: neither"),
        ("会议在星期五举行，没有任何结果。".encode("gb18030"), "neither"),
    ],
)
def test_what_is_not_text_is_refused_with_file_place_and_remedy(data, says):
    with pytest.raises(corpus.Refused, match=r"a\.txt") as error:
        corpus.decode(data, "a.txt")
    assert says in str(error.value)


def test_article_is_known_by_its_bytes_whatever_its_name(tmp_path):
    (tmp_path / "saved page (3).txt").write_text(TEXT)
    (tmp_path / "catalogue.toml").write_text(ENTRY.format(sha256=corpus.digest(TEXT.encode())))
    (article,), refused = corpus.load(tmp_path)
    assert (article.id, article.file, dict(article.meta)) == ("vale", "saved page (3).txt", {"outlet": "Vale Times"})
    assert refused == []


def test_unknown_article_gets_its_id_from_the_file_and_never_one_of_the_catalogue(tmp_path):
    (tmp_path / "vale.txt").write_text("Another text of the same name.\n")
    (tmp_path / "Ort & Zeit.txt").write_text("A third text.\n")
    (tmp_path / "catalogue.toml").write_text(ENTRY.format(sha256="0" * 64))
    articles, refused = corpus.load(tmp_path)
    assert [a.id for a in articles] == ["Ort-Zeit", "vale-txt"]
    assert [dict(a.meta) for a in articles] == [{}, {}]
    assert refused == []


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    (tmp_path / "c.txt").write_text("")
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "e.txt").write_text("Another text.")
    (tmp_path / ".hidden.txt").write_text("Not looked at.")
    (tmp_path / "README.md").write_text("Not an article.")
    (tmp_path / "gold").mkdir()
    articles, refused = corpus.load(tmp_path)
    assert [a.id for a in articles] == ["a", "e"]
    assert [line.partition(": ")[0] for line in refused] == [str(tmp_path / n) for n in ("b.txt", "c.txt", "d.pdf")]
    assert "the same text as a.txt" in refused[0]


def test_links_out_of_the_folder_pipes_and_broken_links_are_refused(tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    (tmp_path / "secret.txt").write_text("Not of this study.")
    (study / "out.txt").symlink_to(tmp_path / "secret.txt")
    (study / "gone.txt").symlink_to(study / "nowhere.txt")
    (study / "own.txt").write_text("Of this study.")
    (study / "same.txt").symlink_to(study / "own.txt")
    os.mkfifo(study / "pipe.txt")
    articles, refused = corpus.load(study)
    assert [a.id for a in articles] == ["own"]
    assert [line.split(": ")[1][:14] for line in refused] == [
        "not a file (or", "a link that le", "not a file (or", "the same text ",
    ]  # fmt: skip


def test_giants_are_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "MAX_BYTES", 10)
    (tmp_path / "a.txt").write_text(TEXT)
    assert "split the file" in corpus.load(tmp_path)[1][0]


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(corpus.Refused, match="no such folder"):
        corpus.load(tmp_path / "nowhere")


def test_another_rendering_is_known_by_its_url_and_said_to_be_one():
    entry = corpus.Entry("vale", sha256="0" * 64, meta={"url": "https://www.vale.example/a/"}, overrides={3: "body"})
    article = corpus.Article("x", TEXT, sha256="1" * 64, meta={"url": "http://vale.example/a?utm_source=feed#top"})
    found = corpus.recognise(article, (entry,))
    assert (found.id, dict(found.overrides)) == ("vale", {})
    assert found.remark == ("another rendering of vale: not the bytes the catalogue names, its overrides are set aside")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[articles]\n", "(at line 1"),
        ('id = "a"\n\narticles = [{id = "a", file = "a.txt"}]\n', "line 1: each article is a table headed"),
        ("[[articles]]\n", "line 1 (no id): needs an id"),
        ('\n[[articles]]\nid = "a b"\n', "line 2 (a b): needs an id"),
        ('[[articles]]\nid = "a"\n', "needs a sha256, a file or a url"),
        ('[[articles]]\nid = "a"\nfile = "../a.txt"\n', "without a path"),
        ('[[articles]]\nid = "a"\nsha256 = "XYZ"\n', "64 digits"),
        ('[[articles]]\nid = "a"\nfile = "a"\ngenre = "rant"\n', "genre must be one of"),
        ('[[articles]]\nid = "a"\nfile = "a"\npublished = "1/2/23"\n', "must be a date"),
        ('[[articles]]\nid = "a"\nfile = "a"\ncolour = "red"\n', "unknown key colour"),
        ('[[articles]]\nid = "a"\nfile = "a"\nauthor = 3\n', "author must be a text"),
        ('[[articles]]\nid = "a"\nfile = "a"\noverrides = {3 = "body"}\n', "need the sha256"),
        (f'[[articles]]\nid = "a"\nsha256 = "{"0" * 64}"\noverrides = {{x = "body"}}\n', "overrides must be"),
        (f'[[articles]]\nid = "a"\nsha256 = "{"0" * 64}"\noverrides = {{3 = "text"}}\n', "overrides must be"),
        ('[[articles]]\nid = "a"\nfile = "a"\n[[articles]]\nid = "A"\nfile = "b"\n', "line 4 (A): id listed twice"),
        (ENTRY.format(sha256="0" * 64) + ENTRY.format(sha256="0" * 64).replace("vale", "b"), "sha256 listed twice"),
    ],
)
def test_broken_catalogue_is_refused_with_line_and_remedy(tmp_path, text, says):
    (tmp_path / "catalogue.toml").write_text(text)
    with pytest.raises(corpus.Refused, match=r"catalogue\.toml") as error:
        corpus.load(tmp_path)
    assert says in str(error.value)


def test_toml_dates_count_as_dates(tmp_path):
    (tmp_path / "catalogue.toml").write_text('[[articles]]\nid = "a"\nfile = "a.txt"\npublished = 2031-06-14\n')
    assert corpus.catalogue(tmp_path)[0].meta == {"published": "2031-06-14"}


def test_write_aside_leaves_the_old_file_when_writing_fails(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    corpus.write_aside(path, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        corpus.write_aside(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text() == "old"
