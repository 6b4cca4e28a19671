"""Which expressions of the codebook's frames count? Dictionary hits, less names, titles and other senses of a word.

An ambiguous word (an intermediary is also a bank) counts only in the company of words that speak for the study's sense
of it; an anaphor (the plan) only after a core term. What speaks for a sense, and what against, is the codebook's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from . import standing, terms, vocabulary
from .codebook import Codebook, Frame, Framing, once
from .language import Document, Sentence, words_of

READ: Final = 900, 500  # characters before and after a term that are read for it, however long its sentence is
WINDOW: Final = 300  # characters on each side in which words speak for or against an ambiguous term
ENOUGH: Final = 3  # weight of the words about an ambiguous term that lets it count
REACH: Final = 2  # paragraphs back in which an anaphor finds its antecedent


class Mention(NamedTuple):
    """A place of a term that counts, before anything is said of it; `span` is its sentence, within READ."""

    start: int
    end: int
    sentence: Sentence
    span: tuple[int, int]
    frame: Frame
    tier: str
    established: bool
    rule: str


class Lexicon:
    """The terms of frames, and the words for and against them, ready to search with."""

    def __init__(self, frames: Sequence[Frame], settings: Framing):
        entries = [((f, t, f.tier), (t,)) for f in frames for t in f.terms]
        entries += [((f, t, "anaphor"), (t,)) for f in frames for t in f.anaphors]
        self.labels = [label for label, _ in entries]
        self.hits = terms.dictionary(tuple((i, t) for i, (_, t) in enumerate(entries)))
        self.exclude = terms.finder(t for f in frames for t in f.exclude)
        self.near, self.far = terms.finder(settings.near), terms.finder(settings.far)
        self.any_near = bool(settings.near)


@once
def lexicon(codebook: Codebook) -> Lexicon:
    """The frames of a codebook, compiled."""
    return Lexicon(codebook.frames, codebook.framing)


def find(document: Document, codebook: Codebook) -> list[Mention]:
    """The expressions of the codebook's frames that count, in the order of the text."""
    known: vocabulary.Vocabulary = vocabulary.of(codebook)
    known.look(document)
    units = document.sentences + document.display
    if not any(s.bits & vocabulary.FRAME for s in units):  # an anaphor needs an expression
        return []
    units.sort(key=lambda s: s.start)
    wanted = [(s.start, s.end) for s in units if s.bits & (vocabulary.FRAME | vocabulary.ANAPHOR)]
    lex: Lexicon = lexicon(codebook)
    hits = lex.hits(document.lower, wanted)
    if not hits:
        return []
    starts = [s.start for s in units]
    found: list[Mention] = []
    anchors: dict[str, list[int]] = {}
    topic: float | None = None
    for hit in hits:
        sentence = units[max(0, bisect_right(starts, hit.start) - 1)]
        if not sentence.start <= hit.start < hit.end <= sentence.end:
            continue
        frame, term, tier = lex.labels[hit.label]
        if _excluded(lex, document, sentence, hit) or _named(document, sentence, hit):
            continue
        rule = "term"
        if tier == "anaphor":
            back = anchors.get(frame.id, ())
            if not sentence.paragraph or not any(sentence.paragraph - p <= REACH for p in back):
                continue
            if not _definite(document.lower, sentence.start, hit.start):
                continue
            rule = "anaphor"
        elif term in frame.ambiguous:
            if topic is None:
                topic = 1000 * sum(1 for _ in lex.near.finditer(document.lower)) / len(document.lower)
            if not _about(lex, document, sentence, hit, topic):
                continue
            rule = "near"
        if tier == "core" and sentence.paragraph:
            anchors.setdefault(frame.id, []).append(sentence.paragraph)
        found.append(
            Mention(hit.start, hit.end, sentence, read(sentence, hit), frame, tier, term in frame.established, rule)
        )
    return found


def read(sentence: Sentence, hit: terms.Hit) -> tuple[int, int]:
    """The part of its sentence that is read for a term: all of it, but for sentences of monstrous length."""
    return max(sentence.start, hit.start - READ[0]), min(sentence.end, hit.end + READ[1])


def _excluded(lex: Lexicon, document: Document, sentence: Sentence, hit: terms.Hit) -> bool:
    return any(
        m.start() < hit.end and hit.start < m.end()
        for m in lex.exclude.finditer(
            document.lower, max(sentence.start, hit.start - 60), min(sentence.end, hit.end + 60)
        )
    )


_WORD: Final = re.compile(r"\w+")
_CAPITALISED: Final = re.compile(r"[A-Z][\w.'-]*")
_RUN_BACK: Final = re.compile(r"(?:(?:[A-Z][\w.'&-]*|of|for|and|the|&)\s)+$")
_RUN_ON: Final = re.compile(r"(?:\s(?:[A-Z][\w.'&-]*|of|for|and|the|&))+")


def _named(document: Document, sentence: Sentence, hit: terms.Hit) -> bool:
    """Whether the term is part of a name: of a body or work ("Institute for ..."), or of a person."""
    text = document.folded
    surface = text[hit.start : hit.end]
    if surface.islower() or not any(w[:1].isupper() for w in surface.split()):
        return False
    back = _RUN_BACK.search(text, max(sentence.start, hit.start - 80), hit.start)
    on = _RUN_ON.match(text, hit.end, min(sentence.end, hit.end + 80))
    run = f"{back.group() if back else ''}{on.group() if on else ''}"
    if any(w in _bodies() for w in _CAPITALISED.findall(run)):
        return True
    a, b = read(sentence, hit)
    words = text[a:b].split()
    lower = sum(w[:1].islower() for w in words)
    if " " in surface or not surface[0].isupper() or lower * 2 < len(words):
        return False
    before = text[max(sentence.start, hit.start - 30) : hit.start].split()
    if not before:  # a bare singular noun cannot open a sentence as a subject
        return bool(re.match(r"\s(?:said|says|told|added)\b", text[hit.end : hit.end + 8]))
    return bool(re.fullmatch(r"[A-Z][a-z]+", before[-1]))


@lru_cache(maxsize=1)
def _bodies() -> frozenset[str]:
    return frozenset(words_of("bodies.txt"))


def _definite(text: str, a: int, start: int) -> bool:
    """Whether a determiner that points back stands before a noun, with at most two words between."""
    m = re.search(
        r"(?<!\w)(?:the|this|that|these|those|its|his|her|their|[\w-]+'s?)(?:\s[\w-]+){0,2}\s$",
        text[max(a, start - 60) : start],
    )
    return bool(m)


def _about(lex: Lexicon, document: Document, sentence: Sentence, hit: terms.Hit, topic: float) -> bool:
    """Whether the words about an ambiguous term speak for the study's sense of it.

    Weights: a word for it in the sentence 2, near by 1 (at most 3), a state in the sentence 1 (at most 2), the
    article's density of such words (`topic`, at most 3); words against it take as much away.
    """
    if not lex.any_near:
        return True
    text = document.lower
    first, last = read(sentence, hit)

    def words(pattern: re.Pattern, a: int, b: int) -> set[str]:
        sides = ((max(0, a), hit.start), (hit.end, min(len(text), b)))
        return {m.group() for x, y in sides for m in pattern.finditer(text, x, y)}

    def weight(pattern: re.Pattern) -> int:
        inside = words(pattern, first, last)
        return 2 * len(inside) + min(3, len(words(pattern, hit.start - WINDOW, hit.end + WINDOW) - inside))

    states = _states().intersection(_WORD.findall(text, first, last))
    return weight(lex.near) + min(2, len(states)) + min(3, int(topic)) - weight(lex.far) >= ENOUGH


@lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return frozenset(standing.words().countries)
