"""A text as blocks: lines, or hard-wrapped paragraphs put together again, and what rules have made of them so far."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple


def spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the lines of `text`, split at line feeds only, a trailing carriage return left out."""
    found: list[tuple[int, int]] = []
    start = 0
    for piece in text.split("\n"):
        found.append((start, start + len(piece) - piece.endswith("\r")))
        start += len(piece) + 1
    return found


class Block(NamedTuple):
    """A line or a hard-wrapped paragraph: its lines (from 0), text (folded, stripped), lower case without bullets."""

    lines: tuple[int, ...]
    text: str
    lower: str
    n_words: int
    stops: bool  # ends like a sentence
    gap: int  # blank lines above

    @property
    def is_long(self) -> bool:
        """A paragraph by its shape alone: a dozen words that end like a sentence, or three dozen that do not."""
        return (self.stops and self.n_words >= 12) or self.n_words >= 36


class Page:
    """The blocks of a page and what the rules have made of them so far."""

    def __init__(
        self,
        text: str,
        rows: list[tuple[int, int]],
        headline: str = "",
        is_head: Callable[[str], bool] = lambda line: False,
    ):
        self.blocks = list(_blocks(text, rows, is_head))
        self.zone: list[str | None] = [None] * len(self.blocks)
        self.rule = [""] * len(self.blocks)
        self.unsure = [0] * len(self.blocks)
        self.stated = key(headline)
        self.keys = [key(block.text) for block in self.blocks]
        self.start = self.end = len(self.blocks)  # of the body

    def put(self, index: int, zone: str | None, rule: str, unsure: int = 0) -> None:
        """Label a block, or with None take its label away."""
        self.zone[index], self.rule[index], self.unsure[index] = zone, rule, unsure

    def open(self, start: int = 0, end: int | None = None) -> list[int]:
        """The blocks without a label in a range."""
        return [i for i in range(start, len(self.blocks) if end is None else end) if self.zone[i] is None]


Labels = Iterator[tuple[int, str, str, int]]


_STOP = re.compile(r"""[.?!…]["')\]*_]*(?:\s*\[\d+\])?(?:\s*[♦◆■●▪□])?$""")
BULLET = re.compile(r"^(?:[•◦▪■●*>#|·‣»«]+\s*|\d{1,2}[.)]\s+|[-–—]\s+|_+)+")
_STRAIGHT = tuple(zip("’‘“”„‟\u00a0\u2009\u202f\u200b\ufeff", '\'\'""""     ', strict=True))


def straight(text: str) -> str:
    """Plain quotation marks and blanks, at equal length."""
    if not text.isascii():
        for odd, plain in _STRAIGHT:
            text = text.replace(odd, plain)
    return text


def _blocks(text: str, rows: list[tuple[int, int]], is_head: Callable[[str], bool]) -> Iterator[Block]:
    gap, run = 0, list[int]()
    width, folded = _wrap_width(text, rows), straight(text)
    for i, (a, b) in enumerate(rows):
        line = text[a:b].strip()
        if not line:
            if run:
                yield _block(folded, rows, run, gap)
                run, gap = [], 0
            gap += 1
            continue
        if run and not (width and not (i < 12 and is_head(line)) and _continues(text, rows, run[-1], i, width)):
            yield _block(folded, rows, run, gap)
            run, gap = [], 0
        run.append(i)
    if run:
        yield _block(folded, rows, run, gap)


def _block(text: str, rows: list[tuple[int, int]], run: list[int], gap: int) -> Block:
    folded = " ".join([text[rows[i][0] : rows[i][1]].strip() for i in run])
    bare = BULLET.sub("", folded) or folded
    n_words = max(len(folded.split()), len(folded) // 40)  # a run without blanks is no short line
    stops = bool(_STOP.search(folded[-60:]))
    return Block(tuple(run), folded, bare.lower().rstrip("*_# "), n_words, stops, gap)


def _wrap_width(text: str, rows: list[tuple[int, int]]) -> int:
    """The width a text is hard-wrapped at, 0 if it is not: most lines of a run end where no other word would fit."""
    lengths = sorted(b - a for a, b in rows if b - a)
    if len(lengths) < 6 or lengths[-1 - len(lengths) // 50] > 120:
        return 0
    width = lengths[-1 - len(lengths) // 50]
    pairs = [(i, i + 1) for i in range(len(rows) - 1) if _solid(text, rows[i]) and _solid(text, rows[i + 1])]
    full = sum(_continues(text, rows, i, j, width) for i, j in pairs)
    return width if width >= 40 and full >= 4 and full * 2 > len(pairs) and full * 5 > len(lengths) else 0


def _solid(text: str, row: tuple[int, int]) -> bool:
    return bool(text[row[0] : row[1]].strip())


def _continues(text: str, rows: list[tuple[int, int]], i: int, j: int, width: int) -> bool:
    """Whether line j goes on from line i: its first word would not have fitted there, and it is not indented more."""
    above, below = text[slice(*rows[i])].rstrip(), text[slice(*rows[j])].rstrip()
    indent = len(below) - len(below.lstrip())
    if indent > len(above) - len(above.lstrip()) + 1:
        return False
    return len(above) + 1 + len(below.split(maxsplit=1)[0]) > width - 3 and len(above) <= width + 8


def key(text: str) -> str:
    """A line for comparison: lower case, letters and digits only."""
    return " ".join(_PARTS.findall(text.lower()))


_PARTS = re.compile(r"\w+")
