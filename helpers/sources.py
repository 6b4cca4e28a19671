"""Who speaks: attributions resolved to sources. Document -> quotes, sources.

A mention stays as written; who is meant is `source_id`. Names merge by full name, then surname; a pronoun takes the
nearest fitting person, body or document of its sentence, of the sentences before it, of the paragraph before.
Literature: Asr et al. 2021 (Gender Gap Tracker), Spangher et al. 2023, Muzny et al. 2017 (QuoteLi).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from . import speech, standing, vocabulary
from .codebook import Actor, Codebook, once
from .cues import NOWHERE, Attribution
from .language import Document, Remembered, Sentence, n_quoted_words, n_words, occurrences
from .phrases import Span, Unit
from .rows import QuoteRow, SourceRow
from .standing import PERSONS
from .tiers import tiers

OFFICIAL: Final = frozenset(("government", "military", "international_organisation"))
PRONOUNS: Final = {
    "he": "he", "his": "he", "him": "he", "she": "she", "her": "she", "they": "they", "their": "they", "it": "it",
    "its": "it", "i": "", "we": "", "you": "", "my": "", "our": "", "your": "", "who": "", "which": "", "that": "",
}  # fmt: skip
KINDS: Final = {
    "they": ("group", "organisation", "state", "document"),
    "it": ("organisation", "state", "document"),
    "he": PERSONS, "she": PERSONS,
}  # fmt: skip
TOLD: Final = frozenset(("he", "his", "him", "she", "her"))  # pronouns that tell a person's gender
NEAR: Final = 12  # units that a pronoun looks back
ASIDE: Final = 60  # characters after a name in which it is described
PAIR: Final = re.compile(r"(?:the )?(?:two|both|pair|duo)(?: (?:leaders|presidents|sides|men|women|ministers))?", re.I)


def code(document: Document, codebook: Codebook) -> tuple[list[QuoteRow], list[SourceRow]]:
    """The rows of quotes and sources of one article, without article_id.

    quotes: one row per attribution, by start; `spans` is the reported content (quotation or clause), `speaker` the
    mention as written (its first seven words), `via` the source_id of the outer speaker. sources: one row per source
    that speaks.
    """
    made = speech.read(document)
    register = Register(document, codebook)
    spoke = [register.resolve(m) if m.speaker else None for m in made]
    found = [(m, _row(document, m, source)) for m, source in zip(made, spoke, strict=True)]
    found.sort(key=lambda f: (f[0].spans[0], f[1].cue_start or 0))
    quotes = [row for _, row in found]
    ranges = [(m.spans[0][0], m.spans[-1][1]) for m, _ in found]
    _nest(quotes, ranges)
    return quotes, register.rows(quotes, ranges)


def voice(source: Mapping) -> str:
    """The class of a source's voice: outlet (the author), expert, official or other."""
    if source.get("kind") == "author":
        return "outlet"
    if int(source.get("is_expert") or 0):
        return "expert"
    official = source.get("kind") == "state" or source.get("affiliation_type") in OFFICIAL
    return "official" if official else "other"


def speaker_at(document: Document, quotes: Sequence[Mapping], start: int, end: int) -> list[Mapping]:
    """The rows of `quotes` whose content holds the span, outermost first (longest content first)."""
    held: list[tuple] = []
    for row in quotes:
        for a, b in _spans(row):
            if a <= start and end <= b:
                held.append((a - b, row["cue_start"] or 0, len(held), row))
                break
    return [row for *_, row in sorted(held, key=lambda h: h[:3])]


def repeated(quotes: Sequence[Mapping]) -> list[bool]:
    """Which rows of one article only repeat words that another row gives to the same source (she said she thinks …)."""
    ranges = [(spans[0][0], spans[-1][1]) for spans in map(_spans, quotes)]
    return _repeated([quote["source_id"] for quote in quotes], ranges)


def _repeated(sources: list[str | None], ranges: list[Span]) -> list[bool]:
    held: dict[str, list[Span]] = {}
    found = [False] * len(sources)
    for start, minus_end, i in sorted((a, -b, i) for i, (a, b) in enumerate(ranges)):
        source, end = sources[i], -minus_end
        if source in held:
            found[i] = any(a <= start and end <= b for a, b in held[source][-NEAR:])
            held[source].append((start, end))
        elif source:
            held[source] = [(start, end)]
    return found


# rows -----------------------------------------------------------------------------------------------------------------


def _row(document: Document, made: Attribution, source: Source | None) -> QuoteRow:
    sentence = document.sentence_at(made.spans[0][0])
    cue, speaker = made.cue_span, made.speaker
    row = QuoteRow(";".join([f"{a}-{b}" for a, b in made.spans]), made.kind, made.status, made.rule)
    row.resolution = made.resolution
    row.n_words, row.n_quoted_words = _counts(document, made)
    if sentence:
        row.sentence = sentence.number
    if cue:
        row.cue, row.cue_start, row.cue_end = standing.short(document.text[cue[0] : cue[1]]), cue[0], cue[1]
    if speaker:
        row.speaker = standing.short(document.text[speaker[0] : speaker[1]])
        row.speaker_start, row.speaker_end = speaker
        row.tier = tiers().get(made.rule, "C")
    if source:
        row.source_id = source.id
    return row


def _count(row: SourceRow, quote: QuoteRow, is_again: bool) -> None:
    """Count a quote of a source; words that only repeat others not again."""
    if quote.kind == "direct":
        row.n_direct += 1
    elif quote.kind == "mixed":
        row.n_mixed += 1
    elif quote.kind == "indirect":
        row.n_indirect += 1
    else:
        row.n_partial += 1
    if not is_again:
        row.n_quoted_words += quote.n_quoted_words


def _spans(row: Mapping) -> list[Span]:
    numbers = [int(number) for number in row["spans"].replace(";", "-").split("-")]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _counts(document: Document, made: Attribution) -> tuple[int, int]:
    """Words of the content, and those inside quotation marks."""
    folded, quotations, starts = document.folded, document.quotations, document.quotation_starts
    words = quoted = 0
    for a, b in made.spans:
        words += n_words(folded[a:b])
        if made.quoted:
            for q in quotations[max(0, bisect_right(starts, a) - 1) : bisect_right(starts, b)]:
                x, y = max(a, q.start), min(b, q.end)
                if x < y:
                    quoted += n_quoted_words(folded[x:y])
    return words, quoted


def _nest(quotes: list[QuoteRow], ranges: list[Span]) -> None:
    """Fill `via`: the source of the smallest content that holds a row's cue and speaker."""
    spoken = [i for i, row in enumerate(quotes) if row.speaker_start is not None]
    contents = sorted((*ranges[i], i) for i in spoken)
    active: list[tuple[int, int, int]] = []  # contents that begin before a cue and end after it
    after = 0
    for cue, i in sorted([(at, i) for i in spoken if (at := quotes[i].cue_start) is not None]):
        while after < len(contents) and contents[after][0] <= cue:
            active.append(contents[after])
            after += 1
        active = [c for c in active if c[1] > cue]
        if len(active) < 2 and (not active or active[0][2] == i):
            continue
        row = quotes[i]
        a, b = min(cue, row.speaker_start or 0), max(row.cue_end or 0, row.speaker_end or 0)
        outer = [(y - x, x, k) for x, y, k in active if x <= a and b <= y and k != i]
        if outer:
            via = quotes[min(outer)[-1]].source_id
            row.via = via if via != row.source_id else None


# sources --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Source:
    """A source as it is gathered: what it is called, what is said of it and where."""

    id: str
    name: str
    kind: str
    named: int
    first_start: int
    central_actor: str | None = None
    members: str | None = None
    country: str = ""
    type: str = ""
    phrases: list[standing.Phrase] = field(default_factory=list)
    gender: dict[str, int] = field(default_factory=dict)  # he | she -> offset


_NAMES: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'-]++(?: (?:[A-Z]\. |de |van |von |bin )?[A-ZÀ-ÖØ-Þ][\w'-]++){1,4}")


@once
def _called(codebook: Codebook) -> dict[str, Actor]:
    """Name or alias in lower case -> actor of the codebook."""
    return {alias.lower(): actor for actor in codebook.actors for alias in (actor.name, *actor.aliases)}


@lru_cache(maxsize=1 << 14)
def _person(text: str) -> str:
    """The full name of the person whom a run of capitalised words names, or nothing."""
    found = standing.mention(text)
    name = found.name.removesuffix("'s")
    is_person = found.kind == "person" and " " in name and found.head not in standing.words().countries
    return " ".join(name.split()) if is_person else ""


def _named(run: str) -> list[str]:
    """The full names of persons in a run of words."""
    texts = [m.group() for m in _NAMES.finditer(run) if run[max(0, m.start() - 4) : m.start()] != "the "]
    return [name for text in texts if (name := _person(text))]


_people: Final = Remembered(_named, most=1 << 14)


def _runs(document: Document) -> list[str]:
    """The runs of words that can hold a name: from a capitalised word to the next ones, with what stands before it."""
    vocabulary.look(document)
    sentences = [s for s in document.sentences if s.bits & vocabulary.NAME]
    if document.display:
        sentences = sorted(sentences + [s for s in document.display if s.bits & vocabulary.NAME], key=_start)
    found: list[str] = []
    for s in sentences:
        text = document.folded[s.start : s.end]
        if text.count(" ") + 1 != len(s.forms):  # words not one blank apart
            found.append(text)
            continue
        begin, last = -9, -9  # of a run
        strings: list[str] = []
        for i, known in enumerate(s.forms):
            form: vocabulary.Form = known
            if form.bits & vocabulary.CAPITAL:
                strings = strings or text.split(" ")
                if i - last > 2:
                    if last > begin:
                        found.append(" ".join(strings[max(0, begin - 1) : last + 1]))
                    begin = i
                last = i
        if last > begin:
            found.append(" ".join(strings[max(0, begin - 1) : last + 1]))
    return found


def _start(sentence: Sentence) -> int:
    return sentence.start


class Register:
    """The sources of one article, found as its attributions are read in order."""

    def __init__(self, document: Document, codebook: Codebook):
        self.document = document
        self.sources: dict[str, Source] = {}
        self.units: list[Unit] = []
        self._named: dict[Unit, list[tuple[int, str]]] = {}
        self.pair: Source | None = None  # the last two who spoke as one
        self.order: list[tuple[int, Source]] = []  # paragraph, source, as they spoke
        self.actors = _called(codebook)
        self.full: dict[str, str] = {}  # surname or first name -> full name
        first: dict[str, str] = {}
        for run in _runs(document):
            for name in _people[run]:
                self.full.setdefault(name.rpartition(" ")[2], name)
                first.setdefault(name.partition(" ")[0], name)
        self.full = first | self.full
        self.called = {name + "'s": full for name, full in self.full.items()}  # and with the possessive
        self.called |= {name: full for name, full in self.full.items() if not name.endswith("'s")}
        author = document.article.meta.get("author", "")
        self.author = author if document.article.meta.get("genre") in ("commentary", "opinion") else ""

    def resolve(self, made: Attribution) -> Source | None:
        """The source a mention stands for, or None where it is ambiguous; fills `made.resolution`."""
        start, end = made.antecedent or made.speaker or NOWHERE
        text = self.document.folded[start:end]
        low = text.lower()
        if low in PRONOUNS:
            source = self.pronoun(PRONOUNS[low], made)
            made.resolution = "pronoun" if source else "ambiguous"
        else:
            source = self.joint(text, made) or self.described(low)
            made.resolution = "description"
            if not source:
                source = self.mentioned(text, start)
                made.resolution = "name" if source.named else "description"
            if made.role:
                source.phrases.append(standing.Phrase(self.document.folded[slice(*made.role)], made.role[0]))
        if source:
            self.order.append((made.unit.paragraph, source))
        if not self.units or self.units[-1] is not made.unit:
            self.units.append(made.unit)
        return source

    def described(self, low: str) -> Source | None:
        """The one who spoke before as whom "the mayor" or "the ministry" can only mean, or nothing."""
        noun = low.removeprefix("the ")
        if noun == low or not noun.isalpha() or slug(noun) in self.sources:
            return None
        spoke = {source.id: source for _, source in self.order[-NEAR:] if source.named or source.kind == "organisation"}
        heads = standing.words().heads
        person = noun in heads["person"] or noun in heads["titles"] or noun in heads["expert"]
        found = [s for s in spoke.values() if (person or s.kind not in PERSONS) and noun in self.nouns(s)]
        return found[0] if len(found) == 1 else None

    def nouns(self, source: Source) -> list[str]:
        """What a source may be called: a body by the last word of its name, a person by titles and by what follows."""
        if source.kind == "organisation":
            return source.name.lower().split()[-1:]
        if source.kind not in PERSONS:
            return []
        said = " ".join(phrase.text for phrase in source.phrases)
        text = self.document.folded
        for start in list(occurrences(text, source.name))[:2]:
            after = text[start + len(source.name) : start + len(source.name) + ASIDE]
            said += after.split(",")[1].partition(" of ")[0] if after.startswith(", ") else ""
        return said.lower().split()

    def mentioned(self, text: str, start: int) -> Source:
        """The source that a name or description stands for, entered if it is new."""
        found = standing.mention(text)
        name, kind = found.name, found.kind
        if kind == "person" and " " not in name:
            name = self.full.get(name, name)
        actor = self.actors.get(name.lower()) or self.actors.get(text.lower().removeprefix("the "))
        if actor:
            key, name, kind = actor.id, actor.name, actor.kind
        elif kind == "document":
            key = found.head
        else:
            text = standing.short(text)
            key = slug(name or text)
        if self.author and name == self.author:
            kind = "author"
        source = self.sources.get(key)
        if not source:
            source = self.sources[key] = Source(key, name or text, kind, int(bool(name) or kind == "state"), start)
            if actor:
                source.central_actor = actor.id if actor.central else None
                source.country, source.type = actor.country, actor.affiliation_type
        before = found.before.lower()
        if before and before not in ("the", "a", "an"):
            source.phrases.append(standing.Phrase(found.before, start))
            genders = standing.words().genders
            for word in before.replace(".", "").split():
                if word in genders:
                    source.gender.setdefault(genders[word], start)
        return source

    def joint(self, text: str, made: Attribution) -> Source | None:
        """Two named persons who speak as one: Roe and Lund; the two leaders."""
        names = [self.known(part) for part in text.split(" and ")] if " and " in text else []
        if not names and PAIR.fullmatch(text):
            if self.pair:
                return self.pair
            names = list(dict.fromkeys(n for unit in self.back(made) for n in reversed(self.names(unit, made))))[:2]
            names.reverse()
        if len(names) != 2 or not all(names):
            return None
        members = [self.mentioned(name, made.speaker_start) for name in names]
        key = "+".join(sorted(m.id for m in members))
        if key not in self.sources:
            self.sources[key] = Source(
                key, " and ".join(sorted(m.name for m in members)), "group", 1, made.speaker_start
            )
            self.sources[key].members = "; ".join(sorted(m.id for m in members))
            if all(m.central_actor for m in members):
                self.sources[key].central_actor = "; ".join(sorted(m.central_actor or "" for m in members))
        self.pair = self.sources[key]
        return self.pair

    def known(self, text: str) -> str:
        """The full name of a person, or nothing."""
        found = standing.mention(text)
        return self.full.get(found.name, found.name if " " in found.name else "") if found.kind == "person" else ""

    def back(self, made: Attribution) -> Iterator[Unit]:
        """The unit of an attribution and some before it, as far as the paragraph before."""
        unit: Unit | None = made.unit
        paragraph = made.unit.paragraph
        for _ in range(NEAR):
            if unit is None or unit.paragraph < paragraph - 1:
                return
            yield unit
            unit = unit.before

    def names(self, unit: Unit, made: Attribution) -> list[str]:
        """The persons named in a unit, before the speaker."""
        found = self.named(unit)
        if not found:
            return []
        limit = made.speaker_start
        return list(dict.fromkeys([name for k, name in found if unit.start(k) < limit]))

    def named(self, unit: Unit) -> list[tuple[int, str]]:
        """The words of a unit that name a person, with the full name; looked for once."""
        found = self._named.get(unit)
        if found is None:
            called = self.called
            found = self._named[unit] = [(k, called[word]) for k, word in enumerate(unit.raw) if word in called]
        return found

    def pronoun(self, form: str, made: Attribution) -> Source | None:
        """Whom a pronoun stands for."""
        kinds = KINDS.get(form, ())
        if form in ("he", "she"):
            return self.person(form, made)
        if form == "they" and (source := self.joint("both leaders", made) if self.paired(made) else None):
            return source
        for paragraph, source in reversed(self.order[-NEAR:]):
            if paragraph < made.unit.paragraph - 1:
                break
            if source.kind in kinds:
                return source
        if form == "it" and made.unit.before:
            before = made.unit.before
            if part := before.subject(len(before.words)):
                start, end = before.start(part[0]), before.end(part[1] - 1)
                text = self.document.folded[start:end]
                if standing.mention(text).kind in kinds:
                    return self.mentioned(text, start)
        return None

    def person(self, form: str, made: Attribution) -> Source | None:
        """Who he or she is: somebody named before in the sentence, who spoke last or is named first before."""
        start, here = made.speaker_start, made.unit.paragraph
        spoke = {p: s for p, s in self.order[-NEAR:] if s.kind in PERSONS and form in (s.gender or (form,))}
        units = list(self.back(made))
        named = [(unit.paragraph, name) for unit in units for name in self.names(unit, made)]
        first = [] if made.quoted and made.rule.startswith("quote") else self.names(made.unit, made)
        candidates = [
            *first,
            spoke.get(here),
            *(name for paragraph, name in named if paragraph == here),
            spoke.get(here - 1),
            *(name for paragraph, name in named if paragraph != here),
        ]
        for candidate in candidates:
            source = self.mentioned(candidate, start) if isinstance(candidate, str) else candidate
            if source and form in (source.gender or (form,)):
                source.gender.setdefault(form, start)
                return source
        return None

    def paired(self, made: Attribution) -> bool:
        """Whether the unit names exactly two persons before the speaker, and nobody else spoke in its paragraph."""
        return len(self.names(made.unit, made)) == 2

    def rows(self, quotes: list[QuoteRow], ranges: list[Span]) -> list[SourceRow]:
        """The rows of the sources table: who speaks, and the author of a signed commentary."""
        self.genders()
        spoke = [quote.source_id for quote in quotes]
        made: dict[str | None, SourceRow] = {}
        for source in self.sources.values():
            if source.id in spoke or source.kind == "author":
                made[source.id] = self.row(source)
        for quote, is_again in zip(quotes, _repeated(spoke, ranges), strict=True):
            row = made.get(quote.source_id)
            if row is not None:
                _count(row, quote, is_again)
        return sorted(made.values(), key=lambda row: (row.first_start, row.source_id))

    def join(self, row: SourceRow, members: str) -> None:
        """Fill in what two persons who speak as one have in common, and both countries."""
        rows = [self.row(self.sources[key]) for key in members.split("; ")]
        types = {r.affiliation_type for r in rows}
        countries = [r.affiliation_country for r in rows if r.affiliation_country]
        row.role, row.role_start = "", None
        row.affiliation_type = types.pop() if len(types) == 1 else ""
        row.affiliation_country = "; ".join(dict.fromkeys(countries))
        row.country_basis = rows[0].country_basis if countries else ""

    def genders(self) -> None:
        """The gender of a person whom a pronoun follows in a sentence that names nobody else."""
        persons = {s.name: s for s in self.sources.values() if s.kind in PERSONS}
        for unit in self.units:
            words = unit.words
            if TOLD.isdisjoint(words) or len({name for _, name in self.named(unit)}) != 1:
                continue
            k, name = self.named(unit)[0]
            told = next(k for k, word in enumerate(words) if word in TOLD)
            if k < told and name in persons:
                gender = "she" if words[told] in ("she", "her") else "he"
                persons[name].gender.setdefault(gender, unit.start(told))

    def row(self, source: Source) -> SourceRow:
        """One row of the sources table, but for the counts."""
        text, phrases = self.document.folded, list(source.phrases)
        if source.kind in ("person", "author"):
            places = list(occurrences(text, source.name))
            phrases += [p for start in places[:3] if (p := standing.preceding(text, start)).text]
            phrases += standing.following(text, [start + len(source.name) for start in places])
        elif not phrases:
            phrases = [standing.Phrase(source.name, source.first_start)]
        row = SourceRow(source.id, source.name, source.kind, source.named, source.first_start)
        standing.describe(row, phrases)
        if source.members:
            self.join(row, source.members)
        if source.country and not row.affiliation_country:
            row.affiliation_country, row.country_basis = source.country, "codebook"
        row.affiliation_type = row.affiliation_type or source.type
        if len(source.gender) == 1:
            row.gender_in_text, row.gender_start = next(iter(source.gender.items()))
        row.central_actor, row.members = source.central_actor, source.members
        return row


_PARTS: Final = re.compile(r"\w+")


@lru_cache(maxsize=1 << 14)
def slug(name: str) -> str:
    """A source_id from a name: lower case, words joined by hyphens.

    >>> slug("the Orlu News Agency")
    'orlu-news-agency'
    """
    return "-".join(_PARTS.findall(name.lower().removeprefix("the "))) or "unnamed"
