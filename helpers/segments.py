"""An article's sentences as the rules of attribution see them: cut into words, quotations whole. Document -> units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .language import Document, Quotation, Sentence, lower
from .phrases import Unit
from .wordclasses import DASHES, Q, lexicon

_TOKEN: Final = re.compile(
    r"(\w[\w$€£%]*+(?:[-'.&/:]\w++)*+(?:(?<=s)'(?!\w))?|[,;:—–?!\x02]|[$€£#@]\w[\w.,]*\w|--|(?<!\S)-(?!\S))"
)
VEIL: Final = "\x03"  # stands for every character that no rule may look at
_SINGLE: Final = re.compile(r"'(?<!\w')(?<!'')(?=[\w\[])(?:[^'\n\x03]|'(?=\w)){2,400}(?<=[\w.,!?\]])'(?!\w)")
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
    """The units of stretches that follow each other, cut into words; those without words are left out."""
    if not stretches:
        return []
    lex, first = lexicon(), stretches[0][1]
    text, marks = _veiled(folded, stretches)
    wanted, m = lex.noted, 0
    borders = [start - first for _, start, *_ in stretches[1:]] + [len(text)]
    found: list[Unit] = []
    unit: Unit | None = None
    for (paragraph, start, *_), border in zip(stretches, borders, strict=True):
        piece = text[start - first : border]
        raw = _cut(piece)
        if not raw:
            continue
        words = [word if word.islower() else lower(word) for word in raw]  # most are one string, seen twice
        unit = Unit(lex, folded, paragraph, unit, words, raw, piece, start)
        found.append(unit)
        for i, word in enumerate(words):
            if word not in wanted:
                continue
            if word == Q:
                unit.marks[i] = marks[m]
                m += 1
            else:
                unit.cues.append(i)
                if word in DASHES:
                    words[i] = "—"
    return found


def _cut(text: str) -> list[str]:
    """The words and marks of a text.

    >>> _cut("A so-called (but grim) war, of 10 years.")
    ['A', 'so-called', 'but', 'grim', 'war', ',', 'of', '10', 'years']
    """
    found: list[str] = []
    for token in text.replace(", ", " , ").split():
        if token.isalnum() or token == ",":
            found.append(token)
        elif token[-1] == "." and token[:-1].isalnum():
            found.append(token[:-1])
        elif token[0] == Q and token.rstrip(VEIL) == Q:
            found.append(Q)
        else:
            head, joint, rest = token.partition("'" if "'" in token else "-")
            if joint and head.isalnum() and rest.isalnum():
                found.append(token)
            else:  # one in a hundred
                found += _TOKEN.findall(token)
    return found


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
    for _, start, stop, marks in stretches:
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
            found = sorted(found + single)
    if "(" in text or "[" in text:
        text = _BRACKETS.sub(lambda m: VEIL * (m.end() - m.start()), text)
    if "-\n" in text or "\n-" in text:
        text = _NO_DASH.sub(VEIL, text)
    return text, found
