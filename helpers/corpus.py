"""Find, read and decode the files of a study: file -> Article. Nothing here knows what a body is.

An article's text is its file as decoded: no normalisation, no universal newlines, so that an offset means one place.
What people know of an article and its text does not say (country, genre, URL) stands in the study's catalogue.toml.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

ZONES = (
    "body", "headline", "kicker", "standfirst", "byline", "dateline", "date", "caption", "crosshead", "related",
    "navigation", "footer", "audio", "blank",
)  # fmt: skip
GENRES = ("news", "analysis", "commentary", "opinion", "other")
META = (
    "outlet", "outlet_country", "genre", "headline", "author", "published", "published_kind", "url", "language",
    "fetched", "source_sha256",
)  # fmt: skip
MAX_BYTES = 64 << 20
STUDY_FILES = frozenset({"catalogue.toml", "codebook.toml", "references.csv"})
NOT_ARTICLES = frozenset({".toml", ".py", ".ipynb", ".csv", ".json", ".svg", ".lock", ".aside"})
SIGNATURES = {
    b"%PDF": "a PDF: turn it into text first (pdftotext -layout FILE)",
    b"PK\x03\x04": "a ZIP archive or office document: save it as text or .docx",
    b"{\\rtf": "an RTF document: give it a name that ends in .rtf",
    b"\x1f\x8b": "compressed (gzip): unpack it first",
    b"\x89PNG": "an image: an article is a text file",
    b"\xff\xd8\xff": "an image: an article is a text file",
    b"GIF8": "an image: an article is a text file",
    b"\xd0\xcf\x11\xe0": "an old Word document: save it as text or .docx",
}
BOMS = (
    (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32-le"), (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)  # fmt: skip


class Refused(ValueError):
    """An input that cannot be used; the message names the file, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article. Offsets in every table count characters of `text`, end exclusive.

    `meta` holds what is known of it (outlet, headline, author, published, url, ...); a missing key = not stated.
    `mentions` are spans (start, end, target) to code as sentiment targets besides the codebook's.
    `overrides` maps a line number (from 1) to the zone a person gave it.
    `remark` says what a reader should know of how it was read (another rendering of a catalogued article, ...).
    """

    id: str
    text: str
    file: str = ""
    sha256: str = ""
    encoding: str = "utf-8"
    meta: Mapping[str, str] = field(default_factory=dict)
    mentions: tuple[tuple[int, int, str], ...] = ()
    overrides: Mapping[int, str] = field(default_factory=dict)
    remark: str = ""


def digest(data: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


# files ----------------------------------------------------------------------------------------------------------------


def toml(text: str, path: Path) -> dict:
    """The TOML document `text` of the file `path`. Raises Refused with file and line where it is broken."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        end = len(text.rstrip("\n").split("\n"))
        where = str(error).replace("at end of document", f"at line {end}, the end")
        raise Refused(f"{path}: {where}; mend the TOML there") from None


def find(folder: Path) -> list[Path]:
    """The files of a study folder that may be articles, sorted by name: all but hidden files and the study's own.

    Subfolders are left alone. Raises Refused when there is no such folder.
    """
    if not folder.is_dir():
        raise Refused(f"{folder}: no such folder; name the study folder that holds the articles")
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith((".", "README"))
        and path.name not in STUDY_FILES
        and path.suffix.lower() not in NOT_ARTICLES
        and not path.is_dir()
    )


def bytes_of(path: Path, *, within: Path | None = None) -> bytes:
    """The bytes of a regular file of at most MAX_BYTES. Refused: links that lead out of `within`, pipes, giants."""
    try:
        if within is not None and not path.resolve().is_relative_to(within.resolve()):
            raise Refused(f"{path}: a link that leads out of the study folder; copy the file itself")
        if not path.is_file():
            raise Refused(f"{path}: not a file (or a broken link); remove it or put the file there")
        if path.stat().st_size > MAX_BYTES:
            raise Refused(
                f"{path}: {path.stat().st_size:,} bytes; an article has at most {MAX_BYTES:,}: split the file"
            )
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            f"{path}: cannot be read ({error.strerror or error}); check the file and its permissions"
        ) from None


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Text and encoding of `data`: UTF-8, UTF-16 or UTF-32 with a byte order mark, else Windows-1252.

    A byte order mark is dropped, so offsets count from the character after it. Raises Refused, naming `name`, for
    empty or binary data and for bytes that are none of these.
    """
    for signature, what in SIGNATURES.items():
        if data.startswith(signature):
            raise Refused(f"{name}: not text but {what}")
    mark, encoding = next(((mark, codec) for mark, codec in BOMS if data.startswith(mark)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if mark:
            at = error.start + len(mark)
            raise Refused(f"{name}, byte {at}: broken {encoding}; save it again as UTF-8") from None
        text, encoding = _windows(data, name, error.start), "windows-1252"
    if not text.strip("\ufeff\u200b \t\r\n\v\f\xa0"):
        raise Refused(f"{name}: empty; put the article's text into it or remove it")
    odd = _CONTROL.search(text)
    if odd and ("\x00" in text or len(_CONTROL.findall(text)) > len(text) // 100):
        raise Refused(f"{name}, character {odd.start()}: not text (control characters); save the article as plain text")
    return text, encoding


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
_HIGH = re.compile(r"[\x80-\xff]+")


def _windows(data: bytes, name: str, at: int) -> str:
    """Windows-1252, if the bytes look like it: letters beyond ASCII are few and stand alone or in pairs."""
    remedy = f"{name}, byte {at}: neither UTF-8 nor Windows-1252; save it again as UTF-8"
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        raise Refused(remedy) from None
    runs = _HIGH.findall(data.decode("latin-1"))
    if b"\x00" in data or sum(len(run) for run in runs if len(run) > 3) * 10 > len(data):
        raise Refused(remedy)
    return text


def slug(name: str) -> str:
    """An article id from a file name: letters, digits, - and _ only, at most 80.

    >>> slug("Plan & peace (2).txt")
    'Plan-peace-2'
    """
    stem = name.rpartition(".")[0] or name
    return re.sub(r"[^\w-]+", "-", stem).strip("-_")[:80] or "article"


# catalogue ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of one article; recognised by `sha256`, or by `file` or `url` where there is none."""

    id: str
    file: str = ""
    sha256: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[int, str] = field(default_factory=dict)


def catalogue(folder: Path) -> tuple[Entry, ...]:
    """The entries of `folder`/catalogue.toml, () without one. Raises Refused with file, line and remedy."""
    path = folder / "catalogue.toml"
    if not path.exists():
        return ()
    text = decode(bytes_of(path), str(path))[0]
    data = toml(text, path)
    articles = data.get("articles", [])
    heads = [i for i, line in enumerate(text.split("\n"), 1) if line.replace(" ", "").startswith("[[articles]]")]
    if not isinstance(articles, list) or len(heads) != len(articles):
        raise Refused(f"{path}, line {heads[0] if heads else 1}: each article is a table headed [[articles]]")
    made: dict[str, Entry] = {}
    for at, entry in zip(heads, articles, strict=True):
        where = f"{path}, line {at} ({entry.get('id', 'no id')})"
        made_entry = _entry(entry, where)
        if made_entry.id.casefold() in (known.casefold() for known in made):
            raise Refused(f"{where}: id listed twice; give each article an id of its own")
        if made_entry.sha256 and made_entry.sha256 in {known.sha256 for known in made.values()}:
            raise Refused(f"{where}: sha256 listed twice; keep one entry for one file")
        made[made_entry.id] = made_entry
    return tuple(made.values())


def _entry(entry: Mapping, where: str) -> Entry:
    def refuse(what: str):
        raise Refused(f"{where}: {what}")

    unknown = sorted(set(entry) - {"id", "file", "sha256", "overrides", *META})
    if unknown:
        refuse(f"unknown key {', '.join(unknown)}; known are id, file, sha256, overrides, {', '.join(META)}")
    values = {k: v.isoformat() if isinstance(v, date) else v for k, v in entry.items() if k != "overrides"}
    if wrong := sorted(k for k, v in values.items() if not isinstance(v, str)):
        refuse(f"{wrong[0]} must be a text in quotation marks")
    if not values.get("id") or slug(values["id"] + ".") != values["id"]:
        refuse("needs an id of letters, digits, - and _")
    if not any(values.get(k) for k in ("sha256", "file", "url")):
        refuse("needs a sha256, a file or a url to be recognised by")
    if values.get("sha256") and not re.fullmatch("[0-9a-f]{64}", values["sha256"]):
        refuse("sha256 must be 64 digits 0-9a-f (sha256sum FILE prints it)")
    if values.get("file") and Path(values["file"]).name != values["file"]:
        refuse("file must be the name of a file in the study folder, without a path")
    if values.get("genre", GENRES[0]) not in GENRES:
        refuse(f"genre must be one of {', '.join(GENRES)}")
    if values.get("published"):
        try:
            date.fromisoformat(values["published"])
        except ValueError:
            refuse("published must be a date such as 2023-03-22")
    overrides = entry.get("overrides", {})
    if not isinstance(overrides, Mapping) or not all(k.isdecimal() and v in ZONES for k, v in overrides.items()):
        refuse(f'overrides must be {{LINE = "zone"}} with a zone of {", ".join(ZONES)}')
    if overrides and not values.get("sha256"):
        refuse("overrides need the sha256 of the file they were made for")
    meta = {k: values[k] for k in META if values.get(k)}
    return Entry(
        values["id"], values.get("file", ""), values.get("sha256", ""), meta, {int(k): v for k, v in overrides.items()}
    )


# articles -------------------------------------------------------------------------------------------------------------


def read(path: Path, entries: tuple[Entry, ...] = (), *, within: Path | None = None) -> Article:
    """The article in a text file, known by its bytes to one of `entries` whatever its name. Raises Refused."""
    data = bytes_of(path, within=within)
    text, encoding = decode(data, str(path))
    return recognise(Article(slug(path.name), text, path.name, digest(data), encoding), entries)


def recognise(article: Article, entries: tuple[Entry, ...]) -> Article:
    """`article` with the id and metadata of the entry that has its hash, else its URL, else its file name.

    An entry of another hash gives its metadata and says so; its overrides are for other bytes and are set aside.
    """
    entry = match(article, entries)
    if entry is None:
        return article
    exact = entry.sha256 in ("", article.sha256)
    remark = "" if exact else f"another rendering of {entry.id}: not the bytes the catalogue names"
    if not exact and entry.overrides:
        remark += ", its overrides are set aside"
    meta = {**article.meta, **entry.meta}
    return replace(article, id=entry.id, meta=meta, overrides=entry.overrides if exact else {}, remark=remark)


def match(article: Article, entries: tuple[Entry, ...]) -> Entry | None:
    """The entry that has the article's hash, else its URL, else its file name; None for an unknown article."""
    url = article.meta.get("url", "")
    keys = (
        lambda e: e.sha256 and e.sha256 == article.sha256,
        lambda e: url and same_page(e.meta.get("url", ""), url),
        lambda e: e.file and e.file == article.file,
    )
    return next((e for key in keys for e in entries if key(e)), None)


def same_page(one: str, other: str) -> bool:
    """Whether two URLs name one page: scheme, www., query, fragment and a closing slash do not count."""
    return bool(one) and _page(one) == _page(other)


def _page(url: str) -> str:
    return re.sub(r"^https?://(www\.)?|[?#].*$", "", url.strip(), flags=re.I).rstrip("/").casefold()


def load(folder: Path) -> tuple[list[Article], list[str]]:
    """All articles of a study folder, sorted by id, and why the rest was refused. Raises Refused: broken catalogue."""
    entries = catalogue(folder)
    return gather(folder, (_attempt(path, entries, folder) for path in find(folder)), entries)


def _attempt(path: Path, entries: tuple[Entry, ...], folder: Path) -> Article | Refused:
    try:
        return read(path, entries, within=folder)
    except Refused as error:
        return error


def gather(
    folder: Path, found: Iterator[Article | Refused], entries: tuple[Entry, ...]
) -> tuple[list[Article], list[str]]:
    """Articles and reasons of refusal, told apart: each text once, each id once."""
    kept: dict[str, Article] = {}
    hashes: dict[str, str] = {}
    refused: list[str] = []
    taken = {entry.id.casefold() for entry in entries}
    for article in found:
        if isinstance(article, Refused):
            refused.append(str(article))
            continue
        if article.sha256 in hashes:
            first = hashes[article.sha256]
            refused.append(f"{folder / article.file}: the same text as {first}; remove one of the two")
            continue
        hashes[article.sha256] = article.file
        known = match(article, entries) is not None
        if known and article.id in kept:
            refused.append(f"{folder / article.file}: a second text for {article.id}; keep one of the two")
            continue
        if not known:
            article = replace(article, id=_free(article, taken))
            taken.add(article.id.casefold())
        kept[article.id] = article
    return [kept[id_] for id_ in sorted(kept)], refused


def _free(article: Article, taken: set[str]) -> str:
    """An id nobody has: the stem, else the whole file name, else with a piece of the hash."""
    for name in (article.id, slug(article.file.replace(".", "-") + "."), f"{article.id}-{article.sha256[:12]}"):
        if name.casefold() not in taken:
            return name
    return f"{article.id}-{article.sha256}"


# writing --------------------------------------------------------------------------------------------------------------


def write_aside(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` by way of a file beside it, so that `path` is the old or the new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.aside")
    try:
        with aside.open("wb") as out:
            out.write(content.encode() if isinstance(content, str) else content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
