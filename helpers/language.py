"""What the coders share: folding, sentences, words, quotation spans, clauses. Article + Lines -> Document.

All functions work at equal length, so that every offset is an offset into the article's text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from .cleaning import Line
from .corpus import Article

FOLDS: Final = (
    ("’", "'"), ("‘", "'"), ("‛", "'"), ("ʼ", "'"), ("“", '"'), ("”", '"'), ("„", '"'), ("‟", '"'), ("«", '"'),
    ("»", '"'), ("‐", "-"), ("‑", "-"), ("―", "—"), ("\u00a0", " "), ("\u202f", " "), ("\u3000", " "), ("\ufeff", " "),
    ("\t", " "), ("\r", " "), ("\v", " "), ("\f", " "), ("\x1c", " "), ("\x1d", " "), ("\x1e", " "), ("\x1f", " "),
    ("\x85", " "), ("\u1680", " "), ("\u2028", " "), ("\u2029", " "), ("\u205f", " "),
    *((chr(code), " ") for code in range(0x2000, 0x200C)),
)  # fmt: skip


def fold(text: str) -> str:
    """Curly quotes straight, hyphens one, all white space but line feeds a blank; en and em dash stay. Same length.

    Two apostrophes, as newspaper archives write a quotation mark, become two marks.

    >>> fold("“peace‑maker”\\u00a0– it’s ''so''")
    '"peace-maker" – it\\'s ""so""'
    """
    text = text.replace("''", '""')
    if text.isascii():
        return text.encode("ascii").translate(_ASCII_BLANKS).decode("ascii")
    for odd, plain in FOLDS:
        text = text.replace(odd, plain)
    return text


_ASCII_BLANKS: Final = bytes(32 if chr(code) in "\t\r\v\f\x1c\x1d\x1e\x1f" else code for code in range(256))


def lower(text: str) -> str:
    """Lower case at equal length (U+0130 alone would grow)."""
    if text.isascii():
        return text.lower()
    if "\x01" not in text and "\x02" not in text:
        plain = text.replace("—", "\x01").replace("–", "\x02")
        if plain.isascii():
            return plain.lower().replace("\x01", "—").replace("\x02", "–")  # a tenth of the time
    return text.replace("İ", "i").lower()


LONGEST: Final = 100  # letters: what is longer is seldom met twice and would only fill memory


def n_words(folded: str) -> int:
    """The number of strings without blanks in a folded text.

    >>> n_words("three small words"), n_words(" one  or\\ntwo "), n_words("")
    (3, 3, 0)
    """
    if "  " in folded or "\n" in folded or not folded or folded[0] == " " or folded[-1] == " ":
        return len(folded.split())
    return folded.count(" ") + 1


def n_quoted_words(folded: str) -> int:
    """The number of words of a quotation, its marks not counted.

    >>> n_quoted_words('"three small words"'), n_quoted_words('"')
    (3, 0)
    """
    return n_words(folded.replace('"', " ").strip())


def occurrences(text: str, part: str) -> Iterator[int]:
    """Where a string stands in a text."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + len(part))


class Remembered(dict):
    """Word -> what `function` makes of it, worked out once; starts anew when it is full. Look-ups cost no call."""

    def __init__(self, function: Callable[[str], Any], most: int = 500_000):
        self.function, self.most = function, most

    def __missing__(self, word: str) -> Any:
        if len(self) >= self.most:
            self.clear()
        value = self.function(word)
        if len(word) <= LONGEST:
            self[word] = value
        return value


@cache
def words_of(name: str) -> tuple[str, ...]:
    """The entries of a word list in helpers/data, without blank lines and # comments.

    Raises ValueError when an entry stands twice.
    """
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    entries = tuple(line.strip() for line in text.split("\n") if line.strip() and not line.startswith("#"))
    if len(set(entries)) < len(entries):
        twice = sorted({e for e in entries if entries.count(e) > 1})
        raise ValueError(f"helpers/data/{name}: {', '.join(twice)}: listed twice; keep one line each")
    return entries


class Sentence:
    """A sentence: running number over the body (0 outside it), paragraph (0 outside), offsets, zone, line.

    vocabulary.py adds its forms (the strings between its blanks) and the bits of what these can set off.
    """

    __slots__ = ("bits", "end", "forms", "line", "number", "paragraph", "start", "zone")

    def __init__(self, number: int, paragraph: int, start: int, end: int, zone: str, line: int):
        self.number, self.paragraph, self.start, self.end = number, paragraph, start, end
        self.zone, self.line = zone, line
        self.forms: list[Any] = []
        self.bits = 0


class Quotation:
    """A span in double quotation marks, marks included. `closed` 0: it runs to the end of its paragraph.

    `continues` 1: it goes on from an unclosed quotation at the end of the paragraph before.
    """

    __slots__ = ("closed", "continues", "end", "start")

    def __init__(self, start: int, end: int, closed: int, continues: int):
        self.start, self.end, self.closed, self.continues = start, end, closed, continues


class Document:
    """An article as the coders see it; made once, read by all of them.

    text, folded, lower   three forms of the text, equal in length
    lines                 the zones of its lines
    paragraphs            (start, end) of the body paragraphs, numbered from 1 in this order
    sentences             body sentences, numbered from 1
    display               sentences of all other zones that hold words (headline, caption, related, ...), number 0
    quotations            spans in double quotation marks in body and display lines
    """

    def __init__(self, article: Article, lines: Sequence[Line]):
        self.article, self.lines = article, lines
        self.vocabulary: Any = None  # that of the sentences' forms
        self.text = article.text
        self.folded = fold(self.text)
        self.lower = lower(self.folded)
        self.paragraphs: list[tuple[int, int]] = []
        self.sentences: list[Sentence] = []
        self.display: list[Sentence] = []
        self.quotations: list[Quotation] = []
        blocks: list[list] = []  # zone, start, end, line
        for row in lines:
            if row.zone == "blank":
                continue
            if row.joins and blocks and blocks[-1][0] == row.zone:
                blocks[-1][2] = row.end
            else:
                blocks.append([row.zone, row.start, row.end, row.line])
        is_open = False
        marks = list(occurrences(self.folded, '"'))
        for zone, start, end, line in blocks:
            found: list[Quotation] = []
            first, last = bisect_left(marks, start), bisect_left(marks, end)
            if first < last:
                found = quotations(self.text, start, end, marks[first:last], continues=is_open and zone == "body")
                self.quotations += found
            if zone == "body":
                is_open = bool(found) and not found[-1].closed
                self.paragraphs.append((start, end))
                number, paragraph, into = len(self.sentences), len(self.paragraphs), self.sentences
            else:
                number, paragraph, into = None, 0, self.display
            for i, (a, b) in enumerate(sentence_spans(self.folded, start, end), 1):
                into.append(Sentence(0 if number is None else number + i, paragraph, a, b, zone, line))
        self._starts = [s.start for s in self.sentences]
        self.quotation_starts = [q.start for q in self.quotations]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The body sentence that holds `offset`, if any."""
        i = bisect_right(self._starts, offset) - 1
        return self.sentences[i] if i >= 0 and offset < self.sentences[i].end else None


# sentences ------------------------------------------------------------------------------------------------------------

_AFTER_STOP: Final = r"""(?<![.!?…].)[.!?…]*["')\]]*(?=\s+["'(\[—–-]?\s?["'(\[]?[A-Z0-9À-ÞĀ-ſ$€£])"""
_STOP: Final = re.compile("[.!?…]" + _AFTER_STOP)
_FULL_STOP: Final = re.compile(r"\." + _AFTER_STOP)  # found sooner where there is no other
_LAST: Final = re.compile(r"[\w.&'-]*$")
_DOTTED: Final = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]?$")
_NEXT: Final = re.compile(r"""\s+["'(\[]*([\w'-]+)""")


def sentence_spans(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the sentences of one paragraph, outer blanks left out, closing marks kept.

    A sentence ends at . ? ! … with any closing marks, before a blank and a capital, digit, or opening mark; not after
    an abbreviation, an initial or a dotted acronym, unless what follows commonly starts a sentence.
    """
    spans: list[tuple[int, int]] = []
    begin = start
    plain = folded.find("!", start, end) < 0 and folded.find("?", start, end) < 0 and folded.find("…", start, end) < 0
    pattern = _FULL_STOP if plain else _STOP
    at = start
    while m := pattern.search(folded, at, end):
        stop, at = m.span()
        if folded[stop] != "." or _ends(folded, begin, stop, at):
            _add(spans, folded, begin, at)
            begin = at
    _add(spans, folded, begin, end)
    return spans


def _add(spans: list[tuple[int, int]], folded: str, a: int, b: int) -> None:
    """Add folded[a:b] without its outer blanks, if it is not blank."""
    while a < b and (folded[a] == " " or folded[a] == "\n"):
        a += 1
    while a < b and (folded[b - 1] == " " or folded[b - 1] == "\n"):
        b -= 1
    if a < b:
        spans.append((a, b))


def _ends(folded: str, begin: int, stop: int, after: int) -> bool:
    """Whether the full stop at `stop` ends a sentence."""
    begin = max(begin, stop - 40)
    last = folded[max(begin, folded.rfind(" ", begin, stop) + 1) : stop]
    if not last.isalnum():
        m = _LAST.search(folded, begin, stop)
        last = m.group() if m else ""
    kind = _kinds[last]
    if kind == "ends" or kind == "word":
        return kind == "ends"
    m = _NEXT.match(folded, after)
    follows = m.group(1) if m else ""
    if kind == "no":
        return not follows[:1].isdigit()
    if (len(last) == 1 and last.isupper() and last != "I") or _DOTTED.match(last + "."):
        return follows in _starters() and len(last) != 1
    return True


def _kind(last: str) -> str:
    """Whether a full stop after a word "ends" a sentence or belongs to the "word"; "no" and "next": it depends."""
    if not last or last[-1].isdigit():
        return "ends"
    word = last.rpartition("-")[2].lower().strip("'")
    if word in _abbreviations():
        return "word"
    if word == "no":
        return "no"
    return "next" if len(last) == 1 or "." in last else "ends"


_kinds: Final = Remembered(_kind, most=20_000)


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(words_of("abbreviations.txt"))


@cache
def _starters() -> frozenset[str]:
    return frozenset(words_of("starters.txt"))


# quotations -----------------------------------------------------------------------------------------------------------

_STRAIGHT: Final = frozenset(('"', "‟", "''"))
_CLOSING: Final = _STRAIGHT | {"”", "»"}


def quotations(text: str, start: int, end: int, marks: Sequence[int], *, continues: bool = False) -> list[Quotation]:
    """Spans in double quotation marks within one paragraph, whatever their style; never paired across paragraphs.

    `marks` are the offsets in the paragraph of what `fold` makes a double mark. A straight one (or two apostrophes)
    opens only if no letter or digit stands before it. An unclosed quotation runs to the paragraph's end; `continues`
    says that the paragraph before ended inside one.
    """
    found: list[Quotation] = []
    opened = -1
    j = 0
    for i in marks:
        if i < j:
            continue  # the second apostrophe of two
        mark = text[i]
        if mark == "'":
            mark = "''"
        j = i + len(mark)
        if opened < 0:
            at_start = i == start and not continues
            if (
                mark in "“„«"
                or (mark in _STRAIGHT and (i == start or not text[i - 1].isalnum()))
                or (at_start and mark == "”")
            ):
                opened = i
            elif mark in _CLOSING and continues and not found:
                found.append(Quotation(start, j, 1, 1))
        elif mark in _CLOSING or (mark == "“" and (text[opened] == "„" or text[i - 1] in ",.!?")):
            found.append(Quotation(opened, j, 1, int(continues and opened == start)))
            opened = -1
    if opened >= 0:
        found.append(Quotation(opened, end, 0, int(continues and opened == start)))
    return found
