"""Who says of whom that it makes peace, and does anybody own it? One row for every expression of the codebook's frames.

This is frame language, counted mention by mention, never "framing detected" (Entman 1993): a mention says who speaks,
about whom, how far the speaker stands behind it, and whether the sentence backs or attacks it. What the frames are,
and which words speak them, is the study's codebook alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from . import sources, stance
from .codebook import Actor, Codebook
from .language import Document, fold, n_quoted_words, words_of
from .mentions import READ, Mention, find

SCARE: Final = 3  # words in quotation marks that nobody is said to have uttered are held at arm's length
COUNTER: Final = "counter"  # the family of frames that speak against the others


def code(document: Document, codebook: Codebook, quotes: Sequence[Mapping], speakers: Sequence[Mapping]) -> list[dict]:
    """The rows of table frames: one for each mention.

    `quotes` and `speakers` are the rows of the tables quotes and sources of the same article.
    """
    mentions = find(document, codebook)
    if not mentions:
        return []
    known = {s["source_id"]: s for s in speakers}
    around = _Ranges(quotes)
    in_office = cache(lambda name: _in_office(document, name))
    found = []
    for m in mentions:
        actor = _actor(document, codebook, m)
        if not m.frame.actors or (actor and actor.id in m.frame.actors):
            said = _said(document, codebook, m, around(m.start), known, in_office)
            found.append((m, actor, said, _facets(document, m, said)))
    rivals: dict = {}  # the first counter mention that holds, of each sentence
    for m, _, _, facets in found:
        if m.frame.family == COUNTER and facets.polarity == "+":
            rivals.setdefault(m.sentence, (m.start, m.end))
    rows = []
    for m, actor, said, facets in found:
        rival = rivals.get(m.sentence) if m.frame.family != COUNTER else None
        judged, at = _evaluation(document, m, said, facets, rival)
        rows.append(_row(document, m, actor, said, facets, judged, at))
    return rows


class _Ranges:
    """The quotes whose range holds an offset, in their order; a long article costs no more a mention than a short."""

    def __init__(self, quotes: Sequence[Mapping]):
        self.sorted = sorted((*_range(q), i, q) for i, q in enumerate(quotes))
        self.starts = [a for a, *_ in self.sorted]
        self.longest = max((b - a for a, b, *_ in self.sorted), default=0)

    def __call__(self, offset: int) -> list[Mapping]:
        reach = slice(bisect_left(self.starts, offset - self.longest), bisect_right(self.starts, offset))
        return [q for _, q in sorted(((i, q) for _, b, i, q in self.sorted[reach] if offset < b), key=itemgetter(0))]


def _range(quote: Mapping) -> tuple[int, int]:
    """From the start of its first span to the end of its last."""
    edges = [int(x) for span in quote["spans"].split(";") for x in span.split("-")]
    return min(edges), max(edges)


class Said(NamedTuple):
    """Who makes the statement: class of voice, outermost source, all speakers from outer to inner, and how known."""

    voice: str
    source_id: str | None
    chain: str | None
    scare: bool
    rule: str


def _said(
    document: Document,
    codebook: Codebook,
    m: Mention,
    quotes: Sequence[Mapping],
    known: dict[str, Mapping],
    in_office: Callable[[str], bool],
) -> Said:
    """The voice of the clause in which a mention stands: the outermost speaker outside the outlet, else the outlet."""
    held = sources.speaker_at(document, quotes, m.start, m.end)
    named = [r for r in held if r["speaker_start"] is not None and _governs(document, m, r)]
    if named:
        outer = known.get(named[0]["source_id"])
        chain = " > ".join(known[r["source_id"]]["name"] if r["source_id"] in known else r["speaker"] for r in named)
        voice = sources.voice(outer) if outer else "other"
        if voice == "other" and in_office(outer["name"] if outer else named[0]["speaker"]):
            voice = "official"
        return Said(voice, named[0]["source_id"] if outer else None, chain, False, named[0]["rule"])
    if telling := _telling(document, codebook, m):
        return telling
    marks = _marks(document, m)
    if marks and n_quoted_words(document.folded[marks[0] : marks[1]]) <= SCARE:
        uttered = stance.cues("uttering").search(document.lower, max(m.sentence.start, marks[0] - 60), marks[0])
        return (
            Said("other", None, None, False, "uttered") if uttered else Said("outlet", None, None, True, "scare_quotes")
        )
    if marks or any(r["speaker_start"] is None for r in held):
        return Said("other", None, None, False, "unattributed")
    if _POST.match(document.folded, m.end, min(len(document.text), m.end + 400)):
        return Said("other", None, None, False, "signed_post")
    return Said("outlet", None, None, False, "narrator")


_POST: Final = re.compile(r"[^\n]*[—–-] ?[^\n]{2,60}\(@\w+\)")  # an embedded post is signed "— Name (@name)"


def _governs(document: Document, m: Mention, row: Mapping) -> bool:
    """Whether an attribution makes the mention its speaker's words, and not the outlet's report of what they want."""
    cue, end = row["cue_start"], row["cue_end"]
    if cue is None:
        return True
    if row["status"] == "borderline" or row["rule"].endswith(("_stance", "_infinitive", "passive_by")):
        if not stance.cues("judging").search(document.lower, cue, end):
            return False
        if cue < stance.scope(document.lower, m.start, *m.span)[0]:
            return False
    if row["kind"] == "indirect" and end < m.start:
        if stance.cues("evidence").search(document.lower, cue, end) and document.lower[end : end + 5] != " that":
            return False
        between = document.lower[end : m.start]
        return not re.search(r"[,;] but ", between) or between.lstrip().startswith("that ")
    if row["speaker_start"] > m.end and not _marks(document, m):
        _, own = stance.scope(document.lower, m.start, *m.span)
        if stance.concedes(own) and not document.folded[own.end : row["speaker_start"]].strip(" ,"):
            return False
    if row["kind"] == "indirect" and m.end < cue:
        return not re.search(r", (?:which|who|whose|where) ", document.lower[m.end : cue])
    return True


_CAPITALS: Final = re.compile(r"(?<!\w)(?:[a-z-]+ )?(?:[A-Z][\w.'-]*(?: of| for| and)? (?:the )?){0,6}$")
_APPOSITION: Final = re.compile(
    r", (?:an? |the )?([^,.;:\n]{3,60})[,.]"
    r"|(?:'s)? ((?:administration|campaign|candidacy|government|presidency|cabinet|White House)\b)"
)


def _in_office(document: Document, name: str) -> bool:
    """Whether a speaker is named by an office, here or wherever the article names somebody of this surname."""
    if _offices() & set(_words(name)):
        return True
    surname = name.split()[-1]
    if not surname[:1].isupper():
        return False
    text = document.folded
    for m in re.finditer(rf"(?<!\w){re.escape(surname)}(?!\w)", text):
        before = _CAPITALS.search(text, max(0, m.start() - 60), m.start())
        after = _APPOSITION.match(text, m.end(), min(len(text), m.end() + 70))
        if (before and _offices() & set(_words(before.group()))) or (
            after and (after.group(2) or _offices() & set(_words(after.group(1))))
        ):
            return True
    return False


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@lru_cache(maxsize=1)
def _offices() -> frozenset[str]:
    return frozenset(words_of("offices.txt"))


def _telling(document: Document, codebook: Codebook, m: Mention) -> Said | None:
    """The holder of "in X's telling" and its like before the mention in its sentence."""
    found = stance.cues("tellings").search(document.lower, m.span[0], m.start)
    holder = found and _actor_in(document, codebook, found.start(), found.end())
    if not holder:
        return None
    voice = "official" if holder.kind in ("state", "person") else "other"
    return Said(voice, holder.id, holder.name, False, "telling")


def _marks(document: Document, m: Mention) -> tuple[int, int] | None:
    i = bisect_left(document.quotations, m.start, key=attrgetter("start")) - 1
    if i < 0:
        return None
    q = document.quotations[i]  # quotations stand in order and do not overlap
    return (q.start, q.end) if m.end < q.end + 1 else None


def _facets(document: Document, m: Mention, said: Said) -> stance.Facets:
    return stance.facets(document.lower, m.start, m.end, sentence=m.span, established=m.established, scare=said.scare)


def _evaluation(
    document: Document, m: Mention, said: Said, facets: stance.Facets, against: tuple[int, int] | None
) -> tuple[str, tuple[int, int] | None]:
    """For or against the frame, and the place of the wording: of the sentence, of its rival, of the denial itself.

    A counter frame speaks against, unless it is denied; so does denying somebody the part that the frame is.
    """
    if m.frame.family == COUNTER:
        return ("support", facets.cue) if facets.polarity == "-" else ("undermine", (m.start, m.end))
    judged, at = stance.evaluation(document.lower, m.start, m.end, sentence=m.span, own=said.voice == "outlet")
    if judged == "neutral" and against and not facets.questioned:
        return "undermine", against
    if judged == "neutral" and m.frame.role and facets.rule == "negation":
        return "undermine", facets.cue
    return judged, at


def _row(
    document: Document,
    m: Mention,
    actor: Whom | None,
    said: Said,
    facets: stance.Facets,
    judged: str,
    at: tuple[int, int] | None,
) -> dict:
    return {
        "sentence": m.sentence.number or None,
        "paragraph": m.sentence.paragraph or None,
        "zone": m.sentence.zone,
        "start": m.start,
        "end": m.end,
        "term": document.text[m.start : m.end],
        "frame": m.frame.id,
        "family": m.frame.family,
        "tier": m.tier,
        "actor": actor and actor.name,
        "actor_rule": actor and actor.rule,
        "voice": said.voice,
        "source_id": said.source_id,
        "chain": said.chain,
        "polarity": facets.polarity,
        "certainty": facets.certainty,
        "distanced": facets.distanced,
        "questioned": facets.questioned,
        "stance": stance.label(facets, said.voice),
        "evaluation": judged,
        "evaluation_cue_start": at and at[0],
        "evaluation_cue_end": at and at[1],
        "cue_start": facets.cue and facets.cue[0],
        "cue_end": facets.cue and facets.cue[1],
        "needs_review": int(
            m.rule == "near" or said.rule == "unattributed" or (said.voice != "outlet" and not said.source_id)
        ),
        "rule": f"{m.rule} {said.rule} {facets.rule}",
    }


# actors ---------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _aliases(actors: tuple[Actor, ...]) -> tuple[re.Pattern, dict[str, Actor]]:
    names = {fold(alias): actor for actor in actors for alias in (actor.name, *actor.aliases)}
    order = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(order) or '(?!)'})(?!\w)"), names


def _actor_in(document: Document, codebook: Codebook, a: int, b: int) -> Actor | None:
    """The last of the codebook's actors named between two offsets."""
    pattern, names = _aliases(codebook.actors)
    found = pattern.findall(document.folded, a, b)
    return names[found[-1]] if found else None


_OWNER: Final = re.compile(r"([A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3})(?:'s?|’s?) (?:[\w-]+ ){0,3}$")
_PUT: Final = re.compile(
    r"(?<!\w)([A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}) as (?:an? |the )?(?:[\w-]+ ){0,3}$"
)  # cast X as a ...
_PRONOUN: Final = re.compile(
    r"(?<!\w)(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|\w+sel(?:f|ves))(?!\w)"
)


_OBLIQUE: Final = re.compile(
    r"(?<!\w)(?:against|at|between|by|for|from|in|into|of|on|over|to|with) (?:the |Mr |Mrs |Ms )?$", re.I
)
_SELF: Final = re.compile(r"(?<!\w)(?:him|her|it|them)sel(?:f|ves)(?!\w)")


class Whom(NamedTuple):
    """An actor: id in the codebook (empty for others), name, and the rule that found it."""

    id: str
    name: str
    rule: str


def _actor(document: Document, codebook: Codebook, m: Mention) -> Whom | None:
    """Who is said to be, make or have the frame; None if nobody is named.

    Possessive before the expression or object put "as" it; else the subject of its clause, which a pronoun there takes
    from the sentence's start or the sentence before; else the nearest actor of the codebook before it.
    """
    pattern, names = _aliases(codebook.actors)
    text, first = document.folded, m.span[0]
    for rule, form in (("possessive", _OWNER), ("object", _PUT)):
        if found := form.search(text, max(first, m.start - 80), m.start):
            known = pattern.findall(found.group(1))
            if known or rule == "possessive":
                return _whom(names[known[-1]], rule) if known else Whom("", found.group(1), rule)

    def subjects(a: int, b: int) -> list[Actor]:
        return [names[x.group()] for x in pattern.finditer(text, a, b) if not _OBLIQUE.search(text, a, x.start())]

    _, own = stance.scope(document.lower, m.start, *m.span)
    if (known := pattern.findall(text, first, m.start)) and _SELF.search(text, own.start, m.start):
        return _whom(names[known[-1]], "reflexive")
    if within := subjects(own.start, m.start):
        return _whom(within[0], "subject")
    if _PRONOUN.search(text, own.start, m.start):
        before = document.sentence_at(m.sentence.start - 2) if m.sentence.paragraph else None
        back = (
            subjects(before.start, min(before.end, before.start + READ[0]))
            if before and before.paragraph == m.sentence.paragraph
            else []
        )
        if named := subjects(first, own.start) or back:
            return _whom(named[0], "pronoun")
    return _whom(names[known[-1]], "nearest") if known else None


def _whom(actor: Actor, rule: str) -> Whom:
    return Whom(actor.id, actor.name, rule)
