"""How far does a clause stand behind what it says of one expression in it? Facets first, one label after.

Polarity, certainty, distance and question are found apart, each with the place of its cue, and the stance is read off
them: so the precedence can change without coding anew. The facets follow FactBank (Saurí and Pustejovsky 2009:
polarity and certainty for each source), distance the Engagement of Appraisal theory (Martin and White 2005: words the
speaker does not own, scare quotes among them). The scope of a cue is its clause, not its sentence: a negation or modal
of another clause must not leak in, save from the clause that governs a complement ("denied that ...").

All cues are data: helpers/data/stance.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from . import terms

STANCES: Final = ("questioned", "negated", "distanced", "hedged", "quoted_claim", "asserted")
REACH: Final = 12  # words: a cue farther before the term does not govern it
CLOSE: Final = 5  # words: the same for a term that names a thing which is there
NEAR: Final = 7  # words: the predicate of the term starts within these


@cache
def cues(name: str) -> re.Pattern:
    """The pattern of one list of helpers/data/stance.toml."""
    return terms.finder(_lists()[name])


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads(files(__package__).joinpath("data", "stance.toml").read_text(encoding="utf-8"))


# clauses --------------------------------------------------------------------------------------------------------------


class Clause(NamedTuple):
    """A clause: offsets, the word that opens it, and whether it completes the clause before it (a complement)."""

    start: int
    end: int
    opener: str
    completes: bool


@cache
def _boundary() -> re.Pattern:
    openers = "|".join(sorted(map(re.escape, _lists()["openers"]), key=len, reverse=True))
    verbs = "|".join(sorted(map(re.escape, _lists()["verbs"]), key=len, reverse=True))
    subject = rf"(?:(?:[\w'-]+ ){{1,4}}?)?(?:{verbs})\b|(?:\w+ly |again |also |then |now |still |later )?\w+(?:ed|es) "
    joined = rf"(?:and|or(?! not)|nor|yet|so)\s+(?:{subject})"
    return re.compile(
        rf"[;:]\s+|\s+[–—-]+\s+|—|,?\s+(?=(?:{openers})\b)|,?\s+(?={joined})|,\s+(?=(?:\w+ing|with|he|she|it|they|we|i|you)\s)"
        r"|(?P<last>,\s+(?=(?:and|nor|yet|so)\s))"
    )


_WORD: Final = re.compile(r"[\w'-]+")
_OPENER: Final = re.compile(r"(?:and |or |nor |yet |so )?[\w']+")


def _opener(text: str, start: int, end: int) -> str:
    word = _OPENER.match(text, start, end)
    return word.group() if word else ""


@cache
def _complements() -> frozenset[str]:
    return frozenset(_lists()["complements"])


def clauses(text: str, start: int, end: int) -> list[Clause]:
    """The clauses of one sentence of lower-cased folded `text`, in order, without gaps but the marks between them."""
    found: list[Clause] = []
    begin, opener, completes = start, _opener(text, start, end), False
    for m in _boundary().finditer(text, start, end):
        if m.start() <= begin or (m["last"] and "," in text[begin : m.start()]):  # the last of a list: no clause
            continue
        found.append(Clause(begin, m.start(), opener, completes))
        begin = m.end()
        opener = _opener(text, begin, end)
        mark = m.group().strip()
        completes = mark in (":",) or (mark == "" and opener in _complements())
    found.append(Clause(begin, end, opener, completes))
    return found


@lru_cache(maxsize=4)
def scope(text: str, at: int, start: int, end: int) -> tuple[int, Clause]:
    """The clause of the sentence start-end in which the offset `at` stands, after the start of what governs it."""
    parts = clauses(text, start, end)
    i = next((k for k in range(len(parts) - 1, -1, -1) if parts[k].start <= at), 0)
    first = i
    while parts[first].completes and first > 0:
        first -= 1
    return parts[first].start, parts[i]


# facets ---------------------------------------------------------------------------------------------------------------


class Facets(NamedTuple):
    """What a clause commits to about one expression; `cue` is the place of the word that decided, if any."""

    polarity: str = "+"
    certainty: str = "certain"
    distanced: int = 0
    questioned: int = 0
    cue: tuple[int, int] | None = None
    rule: str = "flat"


def concedes(clause: Clause) -> bool:
    """Whether a clause is one of those (as, while, despite) that stay the reporter's before a reporting verb."""
    return clause.opener in _lists()["concessions"]


def label(facets: Facets, voice: str) -> str:
    """The stance of a statement in somebody's voice: the first of STANCES that is true.

    >>> label(Facets(polarity="-", certainty="hedged"), "outlet")
    'negated'
    >>> label(Facets(), "official")
    'quoted_claim'
    """
    if facets.questioned:
        return "questioned"
    if facets.polarity == "-":
        return "negated"
    if facets.distanced:
        return "distanced"
    if facets.certainty == "hedged":
        return "hedged"
    return "asserted" if voice == "outlet" else "quoted_claim"


def facets(
    text: str, start: int, end: int, *, sentence: tuple[int, int], established: bool = False, scare: bool = False
) -> Facets:
    """The facets of the expression text[start:end] of lower-cased folded `text`, in its sentence.

    `established`: the expression names a thing that is there once put forward, so that a modal takes nothing from it.
    `scare`: it stands in a short quotation that nobody is said to have uttered.
    """
    governing, own = scope(text, start, *sentence)
    right = max(own.end, end)
    if own.opener in _lists()["openers"] and (comma := text.find(",", end, right)) >= 0:
        right = comma  # a clause before the main clause ends with its comma
    before = _words_back(text, own.start, start, CLOSE if established else REACH)
    after = _words_on(text, end, right, NEAR)

    asked = _last(cues("questions"), text, governing, start, end) or _question(text, sentence, start, end, established)
    denied = (
        _last(cues("negations"), text, before, start, end, spared="litotes")
        or _last(cues("denials"), text, _words_back(text, governing, own.start, REACH), own.start, end)
        or _beside(cues("fakes"), text, start)
        or _first(cues("failures"), text, end, after)
    )
    distant = _last(cues("distances"), text, governing, start, end, spared="owned") or _image(text, end, right)
    if scare and not distant:
        distant = (start, end)
    hedge = _last(cues("hedges"), text, before, start, end, spared="granted" if established else "")
    if not hedge and own.opener in _lists()["conditions"]:
        hedge = (own.start, own.start + len(own.opener))
    if not hedge:
        hedge = _last(cues("governors"), text, _words_back(text, governing, own.start, REACH), own.start, end)
    if not hedge and not established:
        hedge = _first(cues("sequels"), text, end, after)
    rule, cue = next(
        ((n, c) for n, c in (("question", asked), ("negation", denied), ("distance", distant), ("hedge", hedge)) if c),
        ("flat", None),
    )
    return Facets(
        "-" if denied else "+", "hedged" if hedge else "certain", int(bool(distant)), int(bool(asked)), cue, rule
    )


def _words_back(text: str, a: int, b: int, n: int) -> int:
    """The offset of the n-th word before b, not before a."""
    starts = [m.start() for m in _WORD.finditer(text, a, b)]
    return starts[-n] if len(starts) > n else a


def _words_on(text: str, a: int, b: int, n: int) -> int:
    """The offset of the end of the n-th word after a, not after b."""
    for k, m in enumerate(_WORD.finditer(text, a, b), 1):
        if k == n:
            return m.end()
    return b


def _last(pattern: re.Pattern, text: str, a: int, b: int, end: int, *, spared: str = "") -> tuple[int, int] | None:
    """The last match that starts in a-b, before the expression that ends at `end`, and is no part of a spared one."""
    free = [m.span() for m in cues(spared).finditer(text, a, end)] if spared else ()
    found = None
    for m in pattern.finditer(text, a, end):
        if m.start() < b and not any(x <= m.start() < y or m.start() <= x < m.end() for x, y in free):
            found = m.span()
    return found


def _first(pattern: re.Pattern, text: str, a: int, b: int) -> tuple[int, int] | None:
    m = pattern.search(text, a, b)
    return m.span() if m else None


def _beside(pattern: re.Pattern, text: str, start: int) -> tuple[int, int] | None:
    """A word of the pattern right before the expression, or one word off."""
    words = list(_WORD.finditer(text, max(0, start - 40), start))[-2:]
    return next((m.span() for m in words if pattern.fullmatch(m.group())), None)


def _image(text: str, a: int, b: int) -> tuple[int, int] | None:
    """A noun of appearance right after the expression: its credentials, its image."""
    m = _WORD.search(text, a, b)
    return m.span() if m and m.start() - a <= 2 and cues("images").fullmatch(m.group()) else None


@cache
def _auxiliary() -> re.Pattern:
    return re.compile(rf"""["'(\s]*(?:{"|".join(map(re.escape, _lists()["verbs"]))})\b""")


def _question(text: str, sentence: tuple[int, int], start: int, end: int, established: bool) -> tuple[int, int] | None:
    """The question mark, where the expression stands in what is asked: yes or no, either or, or no verb at all."""
    a, b = sentence
    mark = text.find("?", end, b)
    if mark < 0 or established:
        return None
    begin = max(text.rfind(c, a, start) for c in '"?!') + 1 or a
    asked = text[begin:mark]
    either = " or " in asked
    bare = not re.search(rf"\b(?:{'|'.join(map(re.escape, _lists()['verbs']))})\b", asked)
    return (mark, mark + 1) if either or bare or _auxiliary().match(text, begin) else None


def evaluation(
    text: str, start: int, end: int, *, sentence: tuple[int, int], own: bool
) -> tuple[str, tuple[int, int] | None]:
    """Whether wording in the sentence supports or undermines the expression or its actor, and the wording's place.

    Where both occur: undermine. `own`: the statement is the outlet's own, so that nobody's professions are reported.
    """
    a, b = sentence
    for name, judged in (("undermine", "undermine"), ("support", "support"), ("goodwill", "support")):
        if name == "goodwill" and own:
            continue
        near = _last(cues(name), text, a, start, start) or _first(cues(name), text, end, b)
        if near and (
            judged == "undermine"
            or not _last(cues("negations"), text, _words_back(text, a, near[0], 3), near[0], near[0])
        ):
            return judged, near
    return "neutral", None
