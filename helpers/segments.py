"""An article's sentences as the rules of attribution see them: cut into words, quotations whole. Document -> units."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from .language import Document, Quotation, Sentence, lower
from .phrases import Unit
from .wordclasses import DASHES, Q, lexicon

_TOKEN = re.compile(
    r"([a-zA-Z]++(?= )"  # what most words are; the rest holds for these too
    r"|\w[\w$€£%]*+(?:[-'.&/:]\w++)*+(?:(?<=s)'(?!\w))?|[,;:—–?!\x02]|[$€£#@]\w[\w.,]*\w|--|(?<= )-(?= ))"
)
_SINGLE = re.compile(r"'(?<!\w')(?<!'')(?=[\w\[])(?:[^'\n]|'(?=\w)){2,400}(?<=[\w.,!?\]])'(?!\w)")
_BRACKETS = re.compile(r"\([^()\n]{0,50}\)|\[[^\[\]\n]{0,50}\]")
LIMIT = 1500  # characters of a unit, quotations aside: what is longer is no sentence, and is read in pieces
DISPLAY = frozenset(("standfirst",))
_TAG = re.compile(r"(?:[A-Z][\w.'-]*\s+){1,6}(\w+)(?=\.?$|\s(?:in|on|at|as|to|during|after|when|of)\s|(\s[^,;:]+))")


def tag(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence is no more than speaker and verb of the quotation before it ("It is gone!" Roe said.)."""
    start, end = sentence.start, sentence.end
    if end - start > 90 or document.text[start - 2 : start - 1] not in _CLOSERS:
        return False
    m = _TAG.match(document.folded[start:end])
    head, kind = lexicon().forms.get(m.group(1), ("", " ")) if m else ("", " ")
    return kind in "ds" and (not m.group(2) or any("a" in codes for _, codes, _ in lexicon().takes[head]))


_CLOSERS = frozenset('"”»')


def units(document: Document) -> list[Unit]:
    """The sentences of standfirst and body, joined where a boundary stands inside a quotation.

    Units outside the body have the paragraph number -line.
    """
    found = []
    for s in document.display:
        if s.zone in DISPLAY:
            marks = [q for q in document.quotations if s.start <= q.start < s.end]
            found += _read(document.folded, [(-s.line, s.start, s.end, marks)])
    return found + _read(document.folded, _stretches(document))


Stretch = tuple[int, int, int, list[Quotation]]  # paragraph, start, end, quotations of a unit


def _stretches(document: Document) -> list[Stretch]:
    """The sentences of the body with their quotations; joined inside a quotation, cut where they are endless."""
    quotations, q, n = document.quotations, 0, len(document.quotations)
    joined: list[list[int]] = []
    last = None
    for sentence in document.sentences:
        start = sentence.start
        while q < n and quotations[q].end <= start:
            q += 1
        if (
            last
            and last[0] == sentence.paragraph
            and ((q < n and quotations[q].start < start) or tag(document, sentence))
        ):
            last[2] = sentence.end
        else:
            last = [sentence.paragraph, start, sentence.end]
            joined.append(last)
    found, q = [], 0
    for paragraph, start, end in joined:
        while start < end:
            stop = end if end - start <= LIMIT else document.folded.rfind(" ", start + 1, start + LIMIT) + 1
            stop = stop or min(end, start + LIMIT)
            while q < n and quotations[q].end <= start:
                q += 1
            k = q
            while k < n and quotations[k].start < stop:
                k += 1
            found.append((paragraph, start, stop, quotations[q:k]))
            start = max(stop, quotations[k - 1].end) if k > q else stop
    return found


def _read(folded: str, stretches: Sequence[Stretch]) -> list[Unit]:
    """The units of stretches that follow each other, cut into words all at once; those without words are left out."""
    if not stretches:
        return []
    lex, first = lexicon(), max(0, stretches[0][1] - 1)
    text, marks = _masked(folded, first, stretches)
    parts = _TOKEN.split(text)
    raw = parts[1::2]
    words = list(map(lower if "İ" in text else str.lower, raw))
    places = list(accumulate(map(len, parts), initial=first))
    starts, ends = places[1:-1:2], places[2::2]
    wanted = lex.noted
    noted = [i for i, word in enumerate(words) if word in wanted]
    found, unit = [], None
    borders = [bisect_left(starts, start) for _, start, *_ in stretches[1:]]
    a = x = m = 0
    for (paragraph, *_), b in zip(stretches, (*borders, len(words)), strict=True):
        if a == b:
            continue
        unit = Unit(lex, folded, paragraph, unit, words[a:b], raw[a:b], starts[a:b], ends[a:b])
        while x < len(noted) and noted[x] < b:
            i, word = noted[x] - a, words[noted[x]]
            x += 1
            if word == Q:
                unit.marks[i] = marks[m]
                unit.ends[i] = marks[m].end
                m += 1
            else:
                unit.cues.append(i)
                if word in DASHES:
                    unit.words[i] = "—"
        found.append(unit)
        a = b
    return found


def _masked(folded: str, first: int, stretches: Sequence[Stretch]) -> tuple[str, list[Quotation]]:
    """The text of the stretches from offset `first` on, equally long, and the quotations in it.

    What no rule may look into becomes line feeds: quotations but for a Q, short brackets, all between the stretches.
    """
    folded = folded.replace(Q, "\n")
    pieces, found, at = [], [], first
    for _, start, stop, marks in stretches:
        dash = start > at and folded.startswith(" - ", start - 1)  # a dash has blanks around it
        pieces.append("\n" * (start - at - dash) + " " * dash)
        at = start
        for mark in marks:
            begin = max(at, mark.start)
            pieces += folded[at:begin], Q, "\n" * (mark.end - begin - 1)
            at = mark.end
        found += marks
        if at < stop:
            pieces.append(folded[at:stop])
            at = stop
    text = "".join(pieces)
    if "'" in text:
        single = [Quotation(first + m.start(), first + m.end(), 1, 0) for m in _SINGLE.finditer(text)]
        if single:
            text = _SINGLE.sub(lambda m: Q + "\n" * (len(m.group()) - 1), text)
            found = sorted(found + single)
    if "(" in text or "[" in text:
        text = _BRACKETS.sub(lambda m: "\n" * (m.end() - m.start()), text)
    return text, found
