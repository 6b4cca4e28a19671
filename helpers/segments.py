"""An article's sentences as the rules of attribution see them: cut into words, quotations whole. Document -> units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .language import Document, Quotation, Sentence
from .phrases import Unit
from .vocabulary import COMMA, SAID, SEVERAL, Form, look
from .wordclasses import VEIL, Q, lexicon

_SINGLE: Final = re.compile(r"'(?<!\w')(?<!'')(?=[\w\[])(?:[^'\n\x03]|'(?=\w)){2,400}(?<=[\w.,!?\]])'(?!\w)")
_ROUND: Final = re.compile(r"\([^()\n\x03]{0,50}\)")
_BRACKETS: Final = re.compile(r"\([^()\n\x03]{0,50}\)|\[[^\[\]\n\x03]{0,50}\]")
_NO_DASH: Final = re.compile(r"(?<=\n)-(?=[ \n])|(?<= )-(?=\n)")  # a dash has blanks around it, no line feed
LIMIT: Final = 1500  # characters of a unit, quotations aside: what is longer is no sentence, and is read in pieces
DISPLAY: Final = frozenset(("standfirst",))
_TAG: Final = re.compile(
    r"(?:[A-Z][\w.'-]*\s+){1,6}(\w+)(?=\.?$|\s(?:in|on|at|as|to|during|after|when|of)\s|(\s[^,;:]+))"
)


def tag(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence is no more than speaker and verb of the quotation before it ("It is gone!" Roe said.)."""
    start, end = sentence.start, sentence.end
    if end - start > 90 or document.text[start - 2 : start - 1] not in _CLOSERS:
        return False
    m = _TAG.match(document.folded[start:end])
    if not m:
        return False
    head, kind = lexicon().forms.get(m.group(1), ("", " "))
    return kind in "ds" and (not m.group(2) or any("a" in codes for _, codes, _ in lexicon().takes[head]))


_CLOSERS: Final = frozenset('"”»')


def units(document: Document) -> list[Unit]:
    """The sentences of standfirst and body, joined where a boundary stands inside a quotation.

    Units outside the body have the paragraph number -line.
    """
    forms = look(document).forms
    found: list[Unit] = []
    for s in document.display:
        if s.zone in DISPLAY:
            marks = [q for q in document.quotations if s.start <= q.start < s.end]
            found += _read(document.folded, [(-s.line, s.start, s.end, marks, s)], forms)
    return found + _read(document.folded, _stretches(document), forms)


# paragraph, start, end, quotations of a unit; its sentence, where it is no more and no less than one
Stretch = tuple[int, int, int, list[Quotation], Sentence | None]


def _stretches(document: Document) -> list[Stretch]:
    """The sentences of the body with their quotations; joined inside a quotation, cut where they are endless."""
    quotations, q, n = document.quotations, 0, len(document.quotations)
    joined: list[tuple[int, int, int, Sentence | None]] = []
    for sentence in document.sentences:
        start = sentence.start
        while q < n and quotations[q].end <= start:
            q += 1
        if (
            joined
            and joined[-1][0] == sentence.paragraph
            and ((q < n and quotations[q].start < start) or tag(document, sentence))
        ):
            joined[-1] = (sentence.paragraph, joined[-1][1], sentence.end, None)
        else:
            joined.append((sentence.paragraph, start, sentence.end, sentence))
    found: list[Stretch] = []
    q = 0
    for paragraph, start, end, whole in joined:
        while start < end:
            stop = end if end - start <= LIMIT else document.folded.rfind(" ", start + 1, start + LIMIT) + 1
            stop = stop or min(end, start + LIMIT)
            while q < n and quotations[q].end <= start:
                q += 1
            k = q
            while k < n and quotations[k].start < stop:
                k += 1
            is_whole = whole and start == whole.start and stop == end
            found.append((paragraph, start, stop, quotations[q:k], whole if is_whole else None))
            start = max(stop, quotations[k - 1].end) if k > q else stop
    return found


def _read(folded: str, stretches: Sequence[Stretch], forms: dict[str, Form]) -> list[Unit]:
    """The units of stretches that follow each other, cut into words; those without words are left out."""
    if not stretches:
        return []
    first = stretches[0][1]
    text, marks = _veiled(folded, stretches)
    m = 0
    borders = [start - first for _, start, *_ in stretches[1:]] + [len(text)]
    found: list[Unit] = []
    unit: Unit | None = None
    for (paragraph, start, stop, marked, whole), border in zip(stretches, borders, strict=True):
        piece = text[start - first : border]
        made = Unit(lexicon(), folded, paragraph, unit, piece, start)
        if whole and not marked and piece.startswith(folded[start:stop]):  # nothing in it is veiled
            _cut(made, whole.forms)
        else:
            for i in _cut(made, [forms[string] for string in _shortened(piece).split()]):
                made.marks[i] = marks[m]
                m += 1
        if made.words:
            unit = made
            found.append(made)
    return found


def _cut(unit: Unit, forms: list[Form]) -> list[int]:
    """Give a unit its words, put together from their forms; the places of quotations among them."""
    raw, words, cues, wanted = unit.raw, unit.words, unit.cues, unit.lex.noted
    quoted: list[int] = []
    for form in forms:
        bits = form.bits
        if bits & SEVERAL:
            if form.words:
                for word in form.lows or ():
                    if word in wanted:
                        (quoted if word == Q else cues).append(len(words))
                    words.append(word)
                raw += form.words
            continue
        if bits & SAID:
            (quoted if form.low == Q else cues).append(len(words))
        raw.append(form.raw)
        words.append(form.low)
        if bits & COMMA:
            raw.append(",")
            words.append(",")
    return quoted


def _shortened(piece: str) -> str:
    """A piece with long veils shortened, so that few forms of them are met."""
    return piece.replace(_LONG, VEIL).replace(_LONG, VEIL) if VEIL in piece else piece


_LONG: Final = VEIL * 8


def _veiled(folded: str, stretches: Sequence[Stretch]) -> tuple[str, list[Quotation]]:
    """The text from the first stretch on, equally long, and the quotations in it.

    What no rule may look into is veiled: quotations but for a Q, short brackets, all between the stretches.
    """
    if Q in folded or VEIL in folded:
        folded = folded.replace(Q, "\n").replace(VEIL, "\n")
    dashes = " - " in folded
    pieces: list[str] = []
    found: list[Quotation] = []
    first = at = stretches[0][1]
    for _, start, stop, marks, _ in stretches:
        if start > at:
            pieces += "\n" * (start - at - 1), " " if dashes and folded.startswith(" - ", start - 1) else "\n"
            at = start
        for mark in marks:
            begin = max(at, mark.start)
            pieces += folded[at:begin], Q, VEIL * (mark.end - begin - 1)
            at = mark.end
        found += marks
        if at < stop:
            pieces.append(folded[at:stop])
            at = stop
    text = "".join(pieces)
    if "'" in text:
        single = [Quotation(first + m.start(), first + m.end(), 1, 0) for m in _SINGLE.finditer(text)]
        if single:
            text = _SINGLE.sub(lambda m: Q + VEIL * (len(m.group()) - 1), text)
            found = sorted(found + single, key=lambda q: q.start)
    if "(" in text or "[" in text:
        text = (_BRACKETS if "[" in text else _ROUND).sub(lambda m: VEIL * (m.end() - m.start()), text)
    if "-\n" in text or "\n-" in text:
        text = _NO_DASH.sub(VEIL, text)
    return text, found
