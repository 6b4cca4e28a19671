"""Give every line of an article a zone; delete and repair nothing: Article -> Lines.

The rules run in the order of RULES, the first that knows a line labels it, and its name is kept. Those that know a line
by what it says stand in wording.py, those that need the whole page in layout.py, the wording itself in data/.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from . import layout, wording
from .blocks import Page, spans
from .corpus import ZONES, Article

__all__ = ["RULES", "ZONES", "Line", "label", "objection", "plain"]

RULES: Final = (
    wording.fields, wording.promotions, wording.emphasised, wording.phrases, wording.date_lines, wording.credits,
    wording.captions_beside, wording.embeds, wording.bylines, layout.body_start, layout.headline, layout.front,
    layout.body_end, layout.inside, layout.outside,
)  # fmt: skip


class Line:
    """One line of the file: number from 1, offsets without the line break, zone, the rule that gave it.

    `joins` 1: it continues the paragraph of the line before (hard-wrapped text).
    """

    __slots__ = ("end", "joins", "line", "rule", "start", "unsure", "zone")

    def __init__(self, line: int, start: int, end: int, zone: str, rule: str, unsure: int = 0, joins: int = 0):
        self.line, self.start, self.end, self.zone, self.rule = line, start, end, zone, rule
        self.unsure, self.joins = unsure, joins


def plain(article: Article) -> list[Line]:
    """Every line that is not blank is body: for texts that are clean already."""
    text = article.text
    return [
        Line(i, a, b, "blank", "blank") if a == b or text[a:b].isspace() else Line(i, a, b, "body", "plain")
        for i, (a, b) in enumerate(spans(text), 1)
    ]


def label(article: Article) -> list[Line]:
    """The lines of a page dump, labelled by rules of structure and shared wording; a person's overrides hold."""
    rows = spans(article.text)
    page = Page(article.text, rows, article.meta.get("headline", ""), wording.is_head)
    for rule in RULES:
        for index, zone, name, unsure in rule(page):
            if page.zone[index] is None:
                page.put(index, zone, name, unsure)
    lines = [Line(i, a, b, "blank", "blank") for i, (a, b) in enumerate(rows, 1)]
    for block, zone, name, unsure in zip(page.blocks, map(str, page.zone), page.rule, page.unsure, strict=True):
        for nth, i in enumerate(block.lines):
            lines[i] = Line(i + 1, *rows[i], zone, name, unsure, int(nth > 0))
    for number, zone in article.overrides.items():
        if number <= len(lines):
            line = lines[number - 1]
            line.zone, line.rule, line.unsure = zone, "override", 0
    return lines


def objection(article: Article, lines: Sequence[Line]) -> str:
    """Why an article cannot be coded, with the remedy; "" if it can: it has no body, or is not in English."""
    body = " ".join(article.text[row.start : row.end] for row in lines if row.zone == "body")
    found = language(body or article.text)
    if found not in ("", "English"):
        return f"{found}: the coders read English only; remove it or translate it"
    return "" if body else "no running text found; save the page as text once more, or code it with --plain"


def language(text: str) -> str:
    """The language of a text by its function words ("" for less than 25 words), "not English" if none is known.

    >>> language("Der Rat der Stadt hat sich am Freitag nicht mit dem Plan befasst, der auf dem Tisch lag. " * 2)
    'looks German'
    """
    words = _LETTERS.findall(text[:20_000].lower())
    if (total := len(words)) < 25:
        return "" if text.isascii() or _is_latin(text) else "not English"
    if sum(map(_languages()["English"].__contains__, words)) / total >= 0.18:
        return "English"
    shares = {name: sum(map(known.__contains__, words)) / total for name, known in sorted(_languages().items())}
    best = max(shares, key=lambda name: shares[name])
    if best == "English":
        return "English"
    return f"looks {best}" if shares[best] >= 0.12 else "not English"


_LETTERS: Final = re.compile(r"[^\W\d_]+")


def _is_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c < "\u0250" for c in letters) * 2 >= len(letters)


@cache
def _languages() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(files(__package__).joinpath("data", "languages.toml").read_text(encoding="utf-8"))
    return {name: frozenset(known) for name, known in listed.items()}
