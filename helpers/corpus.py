"""Find, read and decode the files of a study: file -> Article."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class Refused(ValueError):
    """An input that cannot be used; the message names the file, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article. Offsets in every table count characters of `text`, end exclusive.

    `meta` holds what is stated of it (outlet, headline, author, published, url, ...); a missing key = not stated.
    `mentions` are spans (start, end, target) to code as sentiment targets besides the codebook's.
    `overrides` maps a line number (from 1) to the zone a person gave it.
    """

    id: str
    text: str
    file: str = ""
    sha256: str = ""
    encoding: str = "utf-8"
    meta: Mapping[str, str] = field(default_factory=dict)
    mentions: tuple[tuple[int, int, str], ...] = ()
    overrides: Mapping[int, str] = field(default_factory=dict)


def digest(data: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


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
