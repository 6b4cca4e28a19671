"""Articles in the forms people have them: saved pages, documents, database exports, tables, web archives -> Article.

Every form becomes text once, and all offsets count characters of that text. Pages and documents get a head of labelled
fields (title, author, date, ...) above their paragraphs, so that cleaning gives them the same zones as a page dump.
Main text of HTML by trafilatura (Barbaresi 2021, ACL-IJCNLP demo).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from . import corpus, wording
from .corpus import MAX_BYTES, Article, Refused, digest
from .shards import sound

MAX_PAGE = 16 << 20  # bytes of one HTML page or document; a parsed page takes about fifty times as much memory
MAX_RATIO = 200  # an archive that grows more than this many times is a bomb
NEEDS = 'needs {}; install it with: pip install ".[inputs]"'

Found = Iterator[Article | Refused]


def load(folder: Path) -> tuple[list[Article], list[str]]:
    """All articles of a study folder in whatever form, sorted by id, and why the rest was refused.

    Raises Refused when there is no such folder, or for a broken catalogue.
    """
    entries = corpus.catalogue(folder)
    paths = sorted({*corpus.find(folder), *(p for p in folder.glob("*.csv") if _is_table(p))})
    return corpus.gather(folder, (found for path in paths for found in read(path, entries, within=folder)), entries)


def _is_table(path: Path) -> bool:
    """A CSV file whose first line names a column of texts."""
    if path.name in corpus.STUDY_FILES or path.name.startswith(".") or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        header = re.split("[,;]", file.readline(10_000).replace('"', "").strip("\ufeff\r\n"))
    return "text" in _crosswalk(header).values()


def read(path: Path, entries: tuple[corpus.Entry, ...] = (), *, within: Path | None = None) -> Found:
    """The articles of one file, known ones with what the catalogue says of them; a refusal does not stop the rest."""
    try:
        data = corpus.bytes_of(path, within=within)
        for article in convert(data, path.name, where=str(path)):
            yield article if isinstance(article, Refused) else corpus.recognise(article, entries)
    except Refused as error:
        yield error


def convert(data: bytes, name: str, *, where: str = "") -> Found:
    """The articles in the bytes of a file called `name`, in the form its ending tells. Raises Refused."""
    reader = next((FORMS[e] for e in sorted(FORMS, key=len, reverse=True) if name.lower().endswith(e)), text)
    yield from reader(data, name, where or name)


def is_text(name: str) -> bool:
    """Whether a file of this name is read as text as it is."""
    return not name.lower().endswith(tuple(FORMS))


def text(data: bytes, name: str, where: str) -> Found:
    """A page dump or an export of a news database as text, cut at the end marks of its documents."""
    content, encoding = corpus.decode(data, where)
    pieces = _documents(content)
    if len(pieces) == 1:
        yield Article(corpus.slug(name), content, name, digest(data), encoding, meta=_front(content))
        return
    for number, piece in enumerate(pieces, 1):
        yield _made(piece, name, f"{corpus.slug(name)}-{number}", encoding)


_END = re.compile(r"^(?:End of Document|Document [A-Z]{2,}[A-Z0-9]{16,})[ \t\r]*$", re.M)


def _documents(content: str) -> list[str]:
    """The documents of an export, each closed by an end mark; the whole text where there are no marks."""
    ends = [m.end() for m in _END.finditer(content)]
    if not ends:
        return [content]
    pieces = [content[a:b] for a, b in zip([0, *ends], [*ends, len(content)], strict=True)]
    return [p.strip("\r\n") for p in pieces if p.strip()]


def _made(content: str, name: str, article_id: str, encoding: str, source: bytes = b"", **meta: str) -> Article:
    """An article whose text was made from a file; its hash is that of the source bytes, else of the text."""
    content, raw = sound(content)
    known = {k: sound(v)[0] for k, v in ({**_front(content), **meta}).items() if v}
    return Article(article_id, content, name, digest(source or raw), encoding, meta=known)


def _front(content: str) -> dict[str, str]:
    """The URL that front matter names, by which another rendering of a known article is recognised."""
    m = re.match(r"---\r?\n(?:[^\n]*\n){0,30}?url: *[\"']?(https?://[^\s\"']+)", content[:5000])
    return {"url": m.group(1)} if m else {}


# pages and documents --------------------------------------------------------------------------------------------------


def html(data: bytes, name: str, where: str, *, url: str = "") -> Found:
    """The main text of a saved web page, its stated title, author, date, outlet and URL above it."""
    try:
        import trafilatura
    except ImportError:
        raise Refused(f"{where}: reading web pages {NEEDS.format('trafilatura')}") from None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is refused here by name
    page, encoding = _decoded_page(data, where)
    try:
        found = trafilatura.bare_extraction(
            page,
            url=url or None,
            with_metadata=True,
            include_comments=False,
            include_images=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # lxml and trafilatura raise many kinds on broken pages
        raise Refused(f"{where}: the page cannot be read ({type(error).__name__}); save it as text") from None
    body = list(_paragraphs(found.body)) if found is not None and found.body is not None else []
    if not body:
        raise Refused(f"{where}: no running text found in the page; open it, copy the article and save it as text")
    fields = {
        "title": found.title,
        "author": found.author,
        "date": found.date,
        "source": found.sitename,
        "url": url or found.url,
        "description": found.description,
    }
    yield _made(_dump(fields, body), name, corpus.slug(name), encoding, data)


_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.I)


def _decoded_page(data: bytes, where: str) -> tuple[str, str]:
    if len(data) > MAX_PAGE:
        raise Refused(f"{where}: {len(data):,} bytes; a page has at most {MAX_PAGE:,}: save the article alone")
    stated = _CHARSET.search(data[:4096])
    if stated and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = stated.group(1).decode("ascii", "replace").lower()
        try:
            return data.decode(
                "windows-1252" if encoding in ("iso-8859-1", "latin-1", "latin1") else encoding
            ), encoding
        except (LookupError, ValueError):
            pass
    return corpus.decode(data, where)


def _paragraphs(body) -> Iterator[str]:
    """The blocks of a trafilatura body: ## headings, - list items, paragraphs; line breaks end a block."""
    for element in body.iter("head", "p", "item", "cell", "quote", "code", "ab"):
        if element.tag in ("quote", "item", "cell") and element.find(".//p") is not None:
            continue
        prefix = {"head": "## ", "item": "- "}.get(element.tag, "")
        for line in _text(element).split("\n"):
            if line := " ".join(line.split(" ")).strip():
                yield prefix + line


def _text(element) -> str:
    pieces = [element.text or ""]
    for child in element:
        pieces += ["\n" if child.tag == "lb" else _text(child), child.tail or ""]
    return "".join(p.replace("\r", " ").replace("\n", " ") if p != "\n" else p for p in pieces)


def _dump(fields: Mapping[str, str | None], body: list[str]) -> str:
    """Front matter and paragraphs as one text; a field is one line."""
    head = [f"{key}: {' '.join(str(value).split())}" for key, value in fields.items() if value]
    return "\n".join(["---", *head, "---", "", *"\n\n".join(body).split("\n"), ""])


def docx(data: bytes, name: str, where: str) -> Found:
    """The paragraphs of a Word document, one a line; headings marked; database exports cut into their documents."""
    try:
        from docx import Document
    except ImportError:
        raise Refused(f"{where}: reading Word documents {NEEDS.format('python-docx')}") from None
    _check_zip(data, where)
    try:
        document = Document(io.BytesIO(data))
        lines = [_heading(p.style.name if p.style else "") + p.text for p in document.paragraphs]
    except Exception as error:  # python-docx and lxml raise many kinds on broken files
        raise Refused(f"{where}: not a readable Word document ({type(error).__name__}); save it as text") from None
    yield from _as_text("\n".join(lines), name, where, data)


def _heading(style: str) -> str:
    return "# " if style == "Title" else "## " if style.startswith("Heading") else ""


def _check_zip(data: bytes, where: str) -> None:
    """Refuse what is no archive, and one that would grow beyond all bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile:
        raise Refused(f"{where}: not a Word document (.docx); save it again or as text") from None
    if size > MAX_PAGE * 4 or size > MAX_RATIO * max(len(data), 10_000):
        raise Refused(f"{where}: would unpack to {size:,} bytes, like a decompression bomb; save it as text")


def rtf(data: bytes, name: str, where: str) -> Found:
    """The text of an RTF document; database exports are cut into their documents."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError:
        raise Refused(f"{where}: reading RTF {NEEDS.format('striprtf')}") from None
    if not data.lstrip().startswith(b"{\\rtf") or len(data) > MAX_PAGE:
        raise Refused(f"{where}: not an RTF document of at most {MAX_PAGE:,} bytes; save it as text")
    try:
        content = rtf_to_text(data.decode("windows-1252", "replace"), errors="replace")
    except Exception as error:  # striprtf raises many kinds on broken files
        raise Refused(f"{where}: not a readable RTF document ({type(error).__name__}); save it as text") from None
    yield from _as_text(content.replace("|\n", "\n"), name, where, data)


def _as_text(content: str, name: str, where: str, data: bytes) -> Found:
    """A document's text as one article, or as many as its end marks tell."""
    content = content.replace("\r\n", "\n").replace("\x00", "")
    if not content.strip():
        raise Refused(f"{where}: empty; put the article's text into it or remove it")
    pieces = _documents(content)
    for number, piece in enumerate(pieces, 1):
        one = len(pieces) == 1
        yield _made(piece, name, corpus.slug(name) + ("" if one else f"-{number}"), "utf-8", data if one else b"")


# tables ---------------------------------------------------------------------------------------------------------------


def _crosswalk(columns: list[str]) -> dict[str, str]:
    """Columns of a table by ours: text, headline, published, ... as data/pages.toml lists their other names."""
    known = wording.table("columns")
    found: dict[str, str] = {}
    for column in columns:
        ours = known.get(column.strip().lower().replace(" ", "_"))
        if ours and ours not in found.values():
            found[column] = ours
    return found


def _rows(rows: Iterator[Mapping], name: str, where: str) -> Found:
    """One article a row; a row without text is refused by its number."""
    for number, row in enumerate(rows, 1):
        if isinstance(row, Refused):
            yield row
            continue
        ours = {new: row[old] for old, new in _crosswalk([str(k) for k in row]).items() if row.get(old) is not None}
        content = ours.pop("text", "")
        if not isinstance(content, str) or not content.strip():
            yield Refused(f"{where}, row {number}: no text; fill its column text or remove the row")
            continue
        article_id = str(ours.pop("id", "")) or f"{Path(name).stem}-{number}"
        meta = {k: str(v)[:500] for k, v in ours.items() if str(v).strip()}
        meta["published"] = _day(meta.get("published", ""))
        yield _made(content, name, corpus.slug(article_id + "."), "utf-8", **meta)


def _day(value: str) -> str:
    """The day of a date and time; what is no ISO date is left out."""
    m = re.match(r"\d{4}-\d\d-\d\d", value)
    return m.group() if m else ""


def jsonl(data: bytes, name: str, where: str) -> Found:
    """JSON lines, one article each; .gz too."""
    if name.lower().endswith(".gz"):
        data = gunzip(data, where)
    content, _ = corpus.decode(data, where)
    yield from _rows(_json_rows(content, where), name, where)


def _json_rows(content: str, where: str) -> Iterator[Mapping]:
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            row = Refused(f"{where}, line {number}: not JSON ({str(error)[:80]}); mend or remove the line")
        yield row if isinstance(row, (dict, Refused)) else Refused(f"{where}, line {number}: not an object {{...}}")


def table(data: bytes, name: str, where: str) -> Found:
    """A CSV table with a header; commas or semicolons."""
    content, _ = corpus.decode(data, where)
    header = content.partition("\n")[0]
    csv.field_size_limit(MAX_BYTES)
    reader = csv.DictReader(
        io.StringIO(content, newline=""), delimiter=";" if header.count(";") > header.count(",") else ","
    )
    if "text" not in _crosswalk(list(reader.fieldnames or [])).values():
        raise Refused(f"{where}, line 1: no column of texts; name one of the columns text")
    try:
        yield from _rows(({k: v for k, v in row.items() if isinstance(k, str)} for row in reader), name, where)
    except csv.Error as error:
        raise Refused(f"{where}, line {reader.line_num}: {error}; mend the quotation marks there") from None


def parquet(data: bytes, name: str, where: str) -> Found:
    """A Parquet table."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise Refused(f"{where}: reading Parquet {NEEDS.format('pyarrow')}") from None
    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
            if size > MAX_BYTES * 16:
                raise Refused(f"{where}: would unpack to {size:,} bytes; use the command code on it, or split it")
            columns = list(_crosswalk(file.schema_arrow.names))
            rows = (row for batch in file.iter_batches(256, columns=columns) for row in batch.to_pylist())
            yield from _rows(rows, name, where)
    except (pa.ArrowException, OSError) as error:
        raise Refused(f"{where}: not a readable Parquet file ({type(error).__name__}); write it again") from None


# archives -------------------------------------------------------------------------------------------------------------


def gunzip(data: bytes, where: str) -> bytes:
    """Unpacked bytes, at most MAX_BYTES. Raises Refused for a bomb or a broken file."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            unpacked = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, ValueError) as error:
        raise Refused(f"{where}: broken gzip ({error}); fetch it again") from None
    if len(unpacked) > MAX_BYTES:
        raise Refused(f"{where}: unpacks to more than {MAX_BYTES:,} bytes; unpack and split it")
    return unpacked


def warc(data: bytes, name: str, where: str) -> Found:
    """The web pages of a web archive (WARC), each by its URL; other records are passed over."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise Refused(f"{where}: reading web archives {NEEDS.format('warcio')}") from None
    number = 0
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            number += 1
            status = record.http_headers.get_statuscode() if record.http_headers else ""
            kind = (record.http_headers.get_header("Content-Type") or "") if record.http_headers else ""
            if record.rec_type != "response" or status != "200" or "html" not in kind.lower():
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            page = record.content_stream().read(MAX_PAGE + 1)
            try:
                yield from html(page, f"{page_name(url)}-{number}.html", f"{where}, record {number}", url=url)
            except Refused as error:
                yield error
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise Refused(f"{where}, after record {number}: broken web archive ({error}); fetch it again") from None


def page_name(url: str) -> str:
    """A file name from the last part of a URL's path: never a path itself."""
    last = re.sub(r"[?#].*$", "", url).rstrip("/").rpartition("/")[2]
    return corpus.slug(re.sub(r"\.\w{2,5}$", "", last) + ".")[:60]


FORMS: Mapping[str, Callable[[bytes, str, str], Found]] = {
    ".html": html, ".htm": html, ".xhtml": html, ".docx": docx, ".rtf": rtf, ".jsonl": jsonl, ".ndjson": jsonl,
    ".jsonl.gz": jsonl, ".ndjson.gz": jsonl, ".csv": table, ".parquet": parquet, ".warc": warc, ".warc.gz": warc,
}  # fmt: skip
