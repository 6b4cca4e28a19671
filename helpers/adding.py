"""Bring articles into a study folder, each stored once as text and entered in the catalogue; lay out a new study."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from . import cleaning, corpus, fetching, inputs, metadata
from .corpus import Article, Refused, digest

Report = tuple[list[str], list[str]]  # what was done, what was refused; one line each


def add(sources: Iterable[str], folder: Path) -> Report:
    """Add files and web pages to a study folder. A known article, or another rendering of one, is said to be one.

    Texts are stored as ID.txt and never overwritten. Raises Refused for a broken catalogue or a folder that is none.
    """
    done: list[str] = []
    refused: list[str] = []
    _writable(folder)
    for source in sources:
        try:
            is_url = bool(re.match(r"[a-z]+://", source, re.I))
            for found in _fetched(source) if is_url else _from_file(Path(source)):
                if isinstance(found, Refused):
                    refused.append(str(found))
                    continue
                data = found.text.encode()
                if not is_url and inputs.is_text(source):
                    raw = corpus.bytes_of(Path(source))  # a text file stays as it is, whatever its encoding
                    data = raw if digest(raw) == found.sha256 else data
                with locked(folder):
                    done.append(f"{source}: {_store(found, folder, data)}")
        except Refused as error:
            refused.append(str(error))
        except OSError as error:
            refused.append(f"{source}: cannot be stored ({error.strerror or error}); the study folder is as it was")
    return done, refused


def add_missing(folder: Path) -> Report:
    """Fetch the articles that the catalogue lists with a URL and whose texts are not in the folder."""
    articles, _ = inputs.load(folder)
    have = {article.id for article in articles}
    urls = [e.meta["url"] for e in corpus.catalogue(folder) if e.id not in have and e.meta.get("url")]
    return add(urls, folder)


def _from_file(path: Path) -> Iterator[Article | Refused]:
    if not path.exists():
        raise Refused(f"{path}: not there; check the name")
    return inputs.read(path)


def _fetched(url: str) -> Iterator[Article | Refused]:
    page = fetching.fetch(url)
    name = inputs.page_name(url) + page.kind
    today = datetime.now(UTC).date().isoformat()
    if page.kind == ".html":
        pages = inputs.html(page.data, name, url, url=url)
    else:
        pages = inputs.convert(page.data, name, where=url)
    for article in pages:
        if isinstance(article, Refused):
            yield article
        else:
            meta = {**article.meta, "url": url, "fetched": today}
            yield Article(article.id, article.text, article.file, digest(page.data), article.encoding, meta)


def _store(article: Article, folder: Path, data: bytes) -> str:
    """Write an article into the folder and its entry into the catalogue; what was done, in words."""
    entries, sha = corpus.catalogue(folder), digest(data)
    lines = cleaning.label(article)
    if why := cleaning.objection(article, lines):
        raise Refused(f"{article.file}: {why}")
    for path in sorted(folder.glob("*.txt")):
        if path.is_file() and not path.is_symlink() and digest(corpus.bytes_of(path)) == sha:
            return f"is there already as {path.name}"
    source = {} if sha == article.sha256 else {"source_sha256": article.sha256}
    if same := [e.file for e in entries if source and source["source_sha256"] == e.meta.get("source_sha256")]:
        return f"is there already as {same[0]}"
    known = corpus.match(replace(article, file="", sha256=sha), entries)
    if known and any(a.id == known.id for a in inputs.load(folder)[0]):
        return f"another rendering of {known.id}, whose text is there already; left out"
    path = _free(folder, Path(known.file).stem if known and known.file else known.id if known else article.id)
    corpus.write_aside(path, data)
    if known:
        remark = corpus.recognise(replace(article, file="", sha256=sha), entries).remark
        return f"stored as {path.name}, {remark or f'the text of {known.id}'}"
    row = {**metadata.describe(article, lines), **source}
    listed = {"id": _new_id(path.stem, entries), "file": path.name, "sha256": sha}
    listed |= {k: row[k] for k in corpus.META if row.get(k) and (k != "published_kind" or row.get("published"))}
    catalogue = folder / "catalogue.toml"
    before = catalogue.read_text(encoding="utf-8") if catalogue.exists() else CATALOGUE_HEAD
    corpus.write_aside(catalogue, before.rstrip("\n") + "\n\n" + entry_text(listed))
    return f"stored as {path.name}"


def _new_id(name: str, entries: tuple[corpus.Entry, ...]) -> str:
    taken = {e.id.casefold() for e in entries}
    names = [name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))]
    return next(n for n in names if n.casefold() not in taken)


CATALOGUE_HEAD = "# The articles of this study: what is known of each. Keys as in the README, Another event.\n"


def entry_text(values: dict[str, str]) -> str:
    """A catalogue entry as TOML. JSON strings are TOML strings but for the delete character."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(["[[articles]]", *lines, ""]).replace("\x7f", "\\u007f")


def _free(folder: Path, name: str) -> Path:
    """A file name that nobody has, upper and lower case alike."""
    taken = {p.name.casefold() for p in folder.iterdir()}
    for number in range(1, 10_000):
        path = folder / (f"{name}.txt" if number == 1 else f"{name}-{number}.txt")
        if path.name.casefold() not in taken:
            return path
    raise Refused(f"{folder / name}.txt: ten thousand files of this name; clear the folder up")


def _writable(folder: Path) -> None:
    if not folder.is_dir():
        raise Refused(f"{folder}: no such folder; make one with: python -m helpers new {folder}")
    if not os.access(folder, os.W_OK):
        raise Refused(f"{folder}: cannot be written to; change its permissions or use a copy")
    corpus.catalogue(folder)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from changing the study folder meanwhile (where the system can)."""
    try:
        import fcntl
    except ImportError:  # Windows: two people adding at one moment are not provided for there
        yield
        return
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def new(folder: Path) -> list[str]:
    """Lay out an empty study folder with commented files; the names of the files. Raises Refused if it holds any."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder}: not an empty folder; give a new name")
    written = []
    for source in sorted(files(__package__).joinpath("data", "study").iterdir(), key=lambda f: f.name):
        name = ".gitignore" if source.name == "gitignore" else source.name
        corpus.write_aside(folder / name, source.read_bytes())
        written.append(name)
    return written
