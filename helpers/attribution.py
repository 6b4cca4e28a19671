"""Who is said to say what: the grammar of attribution in English news prose. Document -> attributions, unresolved.

One attribution = one speaker and one cue with the content reported. The rules follow the order of news prose: quotation
and clause before or after their cue, the verb before its speaker, according to, participles that go on with a speaker,
nouns of speech that somebody holds. Literature: Pareti 2016 (PARC), Newell et al. 2018 (PolNeAR), Muzny et al. 2017.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from .language import Document
from .phrases import MARKS, Q, Range, Span, Unit, units

MIN_WORDS = 4  # a quotation without a speaker counts from this length; shorter ones are labels and scare quotes
BORDERS = frozenset((Q, ",", "—", "?", "!"))
MAX_LABEL, MAX_AROUND = 3, 5  # quoted words of a mere label, words of the phrase around it
STANCES = frozenset(("stance", "infinitive", "noun"))


_TURN = re.compile(r'"?([A-ZÀ-Þ][A-ZÀ-Þ.\'-]+(?: [A-ZÀ-Þ][A-ZÀ-Þ.\'-]*){0,3}):\s+(?=\S)')  # NAME: in a transcript


class Attribution:
    """Content spans, the speaker's span (or None), the words of the cue, its lemma, the rule that found it.

    `antecedent` is the phrase that a relative pronoun stands for, or the name after a `role` (the mayor of Orlu, Ada
    Roe, said). `status` is borderline for a stance without a clause and for negated speech, else core.
    """

    __slots__ = (
        "antecedent", "cue", "held", "how", "lemma", "parts", "quoted", "resolution", "role", "rule", "spans",
        "speaker", "status", "unit", "whole",
    )  # fmt: skip

    def __init__(
        self,
        unit: Unit,
        rule: str,
        parts: list[Range],
        cue: Range | None = None,
        lemma: str = "",
        speaker: Span | None = None,
        how: str = "",
    ):
        self.unit, self.rule, self.parts, self.cue, self.lemma, self.how = unit, rule, parts, cue, lemma, how
        self.speaker = speaker
        self.antecedent: Span | None = None
        self.role: Span | None = None
        starts, ends, words = unit.starts, unit.ends, unit.words
        self.spans = [(starts[a], ends[b - 1]) for a, b in parts if b > a]
        self.held = [k for a, b in parts for k in unit.marks if a <= k < b] if unit.marks else ()  # its quotations
        self.quoted = bool(self.held)
        self.whole = self.quoted and not any(word[0].isalnum() for a, b in parts for word in words[a:b])
        self.status = "core"
        self.resolution: str | None = None

    @property
    def content(self) -> list[int]:
        """The numbers of its words in the unit."""
        return [i for a, b in self.parts for i in range(a, b)]

    @property
    def kind(self) -> str:
        """direct, mixed, partial or indirect."""
        if not self.quoted:
            return "indirect"
        if self.how == "stance":
            words, content = self.unit.words, self.content
            labels = [self.unit.marks[i] for i in content if words[i] == Q]
            around = next((k for k, i in enumerate(content) if words[i] == Q), 0)
            quoted = sum(len(self.unit.folded[q.start : q.end].split()) for q in labels)
            if quoted <= MAX_LABEL and around <= MAX_AROUND:
                return "partial"
        return "direct" if self.whole else "mixed"

    @property
    def cue_span(self) -> Span | None:
        """Offsets of the cue."""
        return self.unit.span(self.cue)

    def add(self, at: Span) -> None:
        """One more quotation of the same attribution."""
        self.whole = self.whole or not self.spans
        self.spans.append(at)
        self.quoted = True

    def open(self, unit: Unit) -> bool:
        """Whether a name signed below may claim this quotation of the same paragraph."""
        return self.rule in ("unattributed", "next_paragraph") and self.unit.paragraph == unit.paragraph

    def continued(self, unit: Unit, at: Span) -> Attribution:
        """The attribution of a quotation that goes on from this one in a paragraph of its own."""
        made = Attribution(unit, "next_paragraph", [], speaker=self.speaker)
        made.antecedent = self.antecedent
        made.add(at)
        return made


def read(document: Document) -> list[Attribution]:
    """The attributions of the body, in order; a quotation of four words and more without a speaker is one of its own.

    A quotation without a cue goes on from the one before it in its paragraph, or from a cue that ended in a colon;
    a paragraph that is one quotation goes on from a quotation in the paragraph before. Any other has no speaker.
    """
    found: list[Attribution] = []
    carried = pending = None
    paragraph, turns = 0, _turns(document)
    for unit in units(document):
        if unit.paragraph in turns:
            if unit.paragraph != paragraph:
                paragraph, turn = unit.paragraph, turns[unit.paragraph]
                carried = Attribution(unit, "turn", [], speaker=turn.span(1), how="colon")
                carried.add((turn.end(), document.paragraphs[paragraph - 1][1]))
                found.append(carried)
            continue
        made = Grammar(unit).read() if unit.cues or unit.marks else []
        if not made and not unit.marks:
            pending = None
            continue
        covered = [span for m in made for span in m.spans] if unit.marks else []
        for k, mark in unit.marks.items():
            at = unit.starts[k], unit.ends[k]
            if any(a <= at[0] and at[1] <= b for a, b in covered):
                continue
            near = unit.paragraph - carried.unit.paragraph if carried else 9
            if k == 0 and pending:
                pending.add(at)
                carried, pending = pending, None
            elif carried and (mark.continues or (k == 0 and near == 0 and carried.quoted)):
                carried.add(at)
            elif k == 0 and near == 1 and len(unit.words) == 1 and carried.whole and carried.rule != "signed":
                carried = carried.continued(unit, at)
                made.append(carried)
            elif len(document.folded[slice(*at)].split()) >= MIN_WORDS:
                made.append(Attribution(unit, "unattributed", [(k, k + 1)]))
            else:
                continue
            covered.append(at)
        if made and made[0].rule == "signed" and not made[0].spans and found and found[-1].open(unit):
            made[0].add(found.pop().spans[0])
        pending = made[-1] if made and not made[-1].spans else None
        for m in made:
            if m.speaker and m.spans:
                carried = m
        found += made
    return [m for m in found if m.spans]


def _turns(document: Document) -> dict[int, re.Match]:
    """The paragraphs of a transcript: NAME: at the start of two at least (once is a dateline)."""
    if document.folded.count(":") < 2:
        return {}
    found = {n: _TURN.match(document.folded, start) for n, (start, _) in enumerate(document.paragraphs, 1)}
    found = {n: m for n, m in found.items() if m}
    return found if len(found) > 1 else {}


class Grammar:
    """The rules, tried at every cue of one unit."""

    def __init__(self, unit: Unit):
        self.unit, self.words, self.raw, self.lex, self.n = unit, unit.words, unit.raw, unit.lex, len(unit.words)
        self.found: list[Attribution] = []

    def read(self) -> list[Attribution]:
        """The attributions of the unit, in the order of their cues."""
        words, forms, nouns, tellings = self.words, self.lex.forms, self.lex.nouns, self.lex.tellings
        taken = 0
        for i in self.unit.cues:
            if i < taken:
                continue
            word, made = words[i], None
            if word in forms:
                made = self.verb(i)
            elif word == "according" and self.unit.at(i + 1) == "to":
                made = self.according(i)
            elif word == ":":
                made = self.label(i)
            elif word == "—":
                made = self.signed(i)
            if made is None and word in nouns:
                made = self.noun(i) or self.held(i)
            if made is None and word in tellings:
                made = self.telling(i)
            if made:
                self.found.append(made)
                taken = made.cue[1]
        if self.unit.marks or words[-1] == ":":
            self.found += self.unlisted()
        if len(self.found) > 1:
            for outer in self.found:
                if outer.how in STANCES:
                    self.cut(outer)
            return [made for made in self.found if not self.reported(made)]
        return self.found

    def unlisted(self) -> list[Attribution]:
        """Quotations whose verb no list holds: "…," Roe thundered; Roe released this statement: "…"."""
        unit, words, found = self.unit, self.words, []
        covered = {k for m in self.found for k in m.held}
        for k in unit.marks:
            if k in covered:
                continue
            got = unit.phrase(k + 1 + (unit.at(k + 1) == ","))
            v = got[1] if got else self.n
            if v < self.n and words[v].endswith("ed") and unit.verbish(v) and unit.raw[k + 1][0] != ";":
                found.append(self.closing(got, (v, v + 1), words[v], "quote_unlisted"))
            elif unit.at(k - 1) == ":":
                found.append(self.block(k - 1, [(k, self.clause_end(k))]))
        if words[-1] == ":" and not any(m.cue[1] > self.n - 8 for m in self.found):
            found.append(self.block(self.n - 1, []))
        return [made for made in found if made]

    def block(self, colon: int, parts: list[Range]) -> Attribution | None:
        """The subject of a sentence that ends in a colon before a quotation."""
        got = self.unit.subject(colon)
        return got and self.make("colon_unlisted", (colon, colon + 1), ":", got, parts, "colon")

    def cut(self, outer: Attribution) -> None:
        """A stance ends where somebody else's quoted words begin."""
        start, end = outer.spans[-1] if outer.spans else (0, 0)
        for inner in self.found:
            apart = inner is not outer and inner.quoted and inner.speaker and inner.spans
            if apart and start < inner.speaker[0] < end and inner.spans[0][0] >= start:
                outer.spans[-1] = (start, end := inner.speaker[0] - 1)

    def reported(self, made: Attribution) -> bool:
        """Whether this is an attitude that somebody else is said to report (Roe said Lund wants it): Roe's claim."""
        if not made.speaker or (made.status == "core" and made.lemma not in self.lex.thoughts):
            return False
        start, end = made.speaker[0], made.cue_span[1]
        return any(
            a <= start and end <= b
            for outer in self.found
            if outer is not made and outer.speaker
            for a, b in outer.spans
        )

    def make(self, rule: str, cue: Range, lemma: str, speaker: Range, parts: list[Range], how: str) -> Attribution:
        """An attribution of this unit."""
        unit = self.unit
        made = Attribution(unit, rule, parts, cue, lemma, unit.mention(speaker), how)
        name, role = unit.split(speaker)
        if role:
            made.antecedent, made.role = unit.span(name), unit.span(role)
        return made

    # verbs ------------------------------------------------------------------------------------------------------------

    def verb(self, i: int) -> Attribution | None:
        """A reporting verb at word `i` with its speaker and content, or None."""
        unit, words, lex = self.unit, self.words, self.lex
        head, kind = lex.forms[words[i]]
        if i and (words[i - 1] in lex.before_nouns or (self.raw[i][0].isupper() and not unit.title)):
            return None
        for particle, codes, lemma in lex.takes[head]:  # noqa: B007
            if not particle or words[i + 1 : i + 1 + len(particle)] == particle:
                break
        else:
            return None
        last = i + 1 + len(particle)
        j, kind, group = self.verb_group(i, kind)
        if j is None:
            return None
        be, helped = (not lex.be.isdisjoint(group), not lex.auxiliaries.isdisjoint(group)) if group else (False, False)
        if kind in "dn" and unit.at(last) == "by":
            return self.passive(i, last, lemma, codes, j)
        if (kind in "dn" and be) or (kind == "n" and not helped):
            return None
        if kind == "g" and not be:
            return self.participle(i, last, lemma, codes, j)
        left = words[j] if j >= 0 else ""
        if "'" in left and j == i - 1 and left.endswith(("'s", "s'")):
            return None
        if "v" in codes and kind in "sd" and j == i - 1 and (left in ("", Q, ",", "—", "?", "!")):
            made = self.inverted(i, last, lemma, codes)
            if made:
                return made
        if j < 0:
            return None
        speaker, antecedent, rule = self.speaker(j, i)
        if not speaker or (kind == "b" and not helped and not unit.plural(speaker)):
            return None
        if kind == "s" and (words[speaker[1] - 1] in lex.determiners or not self.singular(speaker)):
            return None
        cue = j + 1, last
        after = self.content(last, codes)
        border = unit.at(speaker[0] - 1) if rule in ("subject", "appositive") else ""
        first = after is None or (border == Q and not self.opening(speaker[0] - 1))
        if first and border in BORDERS and (border == Q or "c" in codes or "v" in codes):
            return self.closing(speaker, cue, lemma, "quote_first" if border == Q else "clause_first")
        if after is None:
            return self.aside(speaker, cue, lemma, codes) if border == "as" else None
        how, a, b = after
        made = self.make(f"{rule}_{how}", cue, lemma, speaker, [(a, b)], how)
        if antecedent:
            made.antecedent = unit.span(antecedent)
        attitude = how in ("stance", "infinitive") and "n" not in codes
        if attitude or not lex.negations.isdisjoint(group):
            made.status = "borderline"
        return made

    def aside(self, speaker: Range, cue: Range, lemma: str, codes: str) -> Attribution | None:
        """As Roe noted, …; …, as reported by Roe."""
        if "w" in codes or not set("ctq") & set(codes):
            return None
        unit, start, end = self.unit, min(speaker[0], cue[0]) - 1, max(speaker[1], cue[1])
        if start and self.words[start - 1] in BORDERS and unit.clause(self.begin(start), start - 1):
            return self.make("aside", cue, lemma, speaker, [(self.begin(start), start - 1)], "clause")
        if unit.at(end) == "," and unit.clause(end + 1, self.clause_end(end)):
            return self.make("aside", cue, lemma, speaker, [(end + 1, self.clause_end(end))], "clause")
        return None

    def passive(self, i: int, last: int, lemma: str, codes: str, j: int) -> Attribution | None:
        """What was proposed by Roe: the agent speaks."""
        got = self.unit.phrase(last + 1)
        if got and j >= 0 and self.words[j] == "as":
            return self.aside(got, (i, last + 1), lemma, codes)
        if got and "a" in codes:  # asked by Roe whether
            end = next((k for k in range(got[1], self.n) if self.words[k] in BORDERS or self.words[k] == ";"), self.n)
            told = got[1], end
            return (
                self.make("passive_told", (j + 1, last + 1), lemma, got, [told], "that") if end - got[1] > 1 else None
            )
        topic = self.unit.nominal(j - (self.unit.at(j) == ",")) if j >= 0 else None
        if not got or not topic or not set("cnq") & set(codes):
            return None
        return self.make("passive_by", (j + 1, last + 1), lemma, got, [topic], "stance")

    def verb_group(self, i: int, kind: str) -> tuple[int | None, str, list[str]]:
        """The word before the verb group that ends at `i` (None: an infinitive), kind of form, auxiliaries."""
        words, unit, lex = self.words, self.unit, self.lex
        j, group = i - 1, []
        while j >= 0:
            word = words[j]
            if word == "to":
                raised = f"{unit.at(j - 2)}-{unit.at(j - 1)}"
                if raised in lex.raising:
                    j, kind = j - 3, "d"
                elif unit.at(j - 1) in lex.raising:
                    j, kind = j - 2, "d"
                else:
                    return None, kind, group
            elif word in lex.group or (word[-2:] == "ly" and unit.adverb(j)):
                group.append(word)
                j -= 1
            elif word in lex.times or (word in lex.time_heads and unit.time(j)):
                j -= 1 + (unit.at(j - 1) in ("on", "last", "this", "next"))
            else:
                break
        return j, kind, group

    def singular(self, speaker: Range) -> bool:
        """Whether the phrase can govern a third person: a pronoun, or with a name, a number or a determiner."""
        words, raw, lex = self.words, self.raw, self.lex
        a, b = speaker
        return (
            (b - a == 1 and words[a] in lex.pronouns)
            or words[a] in lex.determiners
            or raw[a][0].isupper()
            or any(r[0].isupper() or r[0].isdigit() for r in raw[a:b])
        )

    def speaker(self, j: int, i: int) -> tuple[Range | None, Range | None, str]:
        """Who governs the verb at `i` whose group begins after word `j`: speaker, antecedent, name of the rule."""
        unit, words = self.unit, self.words
        left = words[j]
        if left == ",":
            speaker = unit.jumped(j)
            return (speaker, None, "appositive") if speaker else (self.main(i), None, "joined")
        if left in ("who", "which", "that"):
            antecedent = unit.nominal(j - 1 - (unit.at(j - 1) == ","))
            return (antecedent and (j, j + 1)), antecedent, "relative"
        if left == "—" and "—" in words[:j]:
            speaker = unit.nominal(next(k for k in range(j - 1, -1, -1) if words[k] == "—") - 1)
            return speaker, None, "appositive"
        if left in ("and", "or", "but", "then", "—"):
            return (None if words[i] in self.lex.nouns else self.main(i)), None, "joined"
        if (who := self.relative(j)) and (speaker := unit.nominal(who - 1)):
            return speaker, None, "subject"
        loose = left == "out" or (left[-2:] == "ed" and unit.verbish(j))
        if loose and i - j > 1 and unit.at(j - 1) not in self.lex.own:
            j -= 1  # a poll released Friday found
        return (None if left == Q else unit.nominal(j)), None, "subject"

    def relative(self, j: int) -> int:
        """Where the who stands whose clause ends at word `j` (people who know Roe say), or 0."""
        words, unit = self.words, self.unit
        if "who" not in words[max(0, j - 13) : j]:
            return 0
        who = next((k for k in range(j - 1, max(0, j - 14), -1) if words[k] == "who" or words[k] in MARKS), 0)
        if not who or words[who] != "who" or unit.at(who - 1) in MARKS:
            return 0
        if not any(unit.verbish(k) for k in range(who + 1, j)):
            return 0
        return 0 if any(m.cue[0] > who and m.how not in ("stance", "infinitive") for m in self.found) else who

    def main(self, i: int) -> Range | None:
        """The speaker a joined verb or participle goes on with: the last one of the unit, or its subject."""
        for made in reversed(self.found):
            if (
                made.speaker
                and made.status == "core"
                and made.rule.startswith(("subject", "appositive", "joined", "quote", "clause", "participle"))
            ):
                starts, ends = self.unit.starts, self.unit.ends
                return bisect_left(starts, made.speaker[0]), bisect_right(ends, made.speaker[1])
        return self.unit.subject(i)

    def opening(self, k: int) -> bool:
        """Whether a quotation at word `k` is a title in an opening adverbial (On "Orlu Tonight", Roe said)."""
        return k > 0 and self.words[0] in self.lex.asides and not self.unit.clause(0, k)

    def content(self, r: int, codes: str) -> tuple[str, int, int] | None:
        """How the verb takes its content from word `r` on: (how, first, end), or None."""
        words, unit, lex, n = self.words, self.unit, self.lex, self.n
        end = self.clause_end(r)
        at = self.addressee(r) if "a" in codes and r < n else r
        quotes, thing = "q" in codes or "c" in codes, "n" in codes or "m" in codes
        free, steps = True, 0  # free: a bare clause may begin here
        while at < n and steps < 24:
            word = words[at]
            if word == Q:
                return ("quote", at, end) if quotes else ("stance", at, end) if thing else None
            if word == ":":
                return ("colon", at + 1, n) if quotes else None
            if word in lex.opening and (word not in lex.unsure_opening or at == r or "a" in codes):
                if "t" in codes and at + 1 < n:
                    return "that", at, end
                return ("stance", at, end) if thing else None
            if word == ",":
                if unit.at(at + 1) == Q:
                    return ("quote", at + 1, end) if quotes else None
                if unit.at(at + 1) == "that":
                    at += 1
                elif unit.at(at + 2) == "," and (unit.adverb(at + 1) or unit.at(at + 1) == "however"):
                    at += 3
                else:
                    return None
            elif word in BORDERS or word == ";":
                return None
            elif word == "to" and "i" in codes and at == r:
                return "infinitive", at, end
            elif self.passing(at):
                at += 1
            elif word == "this" and at == r and at + 1 < n and not unit.time(at + 1):
                break
            elif word in lex.adjuncts and (not thing or unit.at(at + 1) in lex.times):
                # a phrase of time or place: what follows it may still be the content
                free = "a" in codes or unit.at(at + 1) in lex.times
                after = self.after_adjunct(at + 1)
                steps += after - at
                at = after
            else:
                break
        if at >= n or words[at] in lex.barriers:
            return None
        if "c" in codes and free and (unit.clause(at, end) or (not thing and end - at > 3)):
            return "clause", at, end
        if not thing or (words[r] in lex.prepositions and words[r] not in ("about", "against", "on")):
            return None
        if at > r and words[at] in lex.finite:
            return None  # a letter published Friday said
        return "stance", r, self.phrase_end(r, end)

    def passing(self, at: int) -> bool:
        """Whether the word may stand between verb and content: an adverb, a day."""
        word, unit, lex = self.words[at], self.unit, self.lex
        return (
            word in lex.passing
            or (word[-2:] == "ly" and unit.adverb(at))
            or unit.time(at)
            or (word[0].isdigit() and unit.at(at - 1) in lex.times)
        )

    def after_adjunct(self, at: int) -> int:
        """The word after a phrase of time or place that goes on at word `at`."""
        words, lex = self.words, self.lex
        while at < self.n and words[at] not in lex.stops and words[at] not in lex.adjuncts:
            at += 1
            if self.unit.time(at - 1):
                return at + (self.unit.at(at)[:1].isdigit())
        return at

    def addressee(self, at: int) -> int:
        """The word after whoever is told."""
        words, raw, lex, n = self.words, self.raw, self.lex, self.n
        if words[at] in lex.opening:
            return at
        if words[at] in lex.objects:
            return at + 1
        k = at + (words[at] in lex.determiners)
        while k < n and k - at < 9 and words[k] not in lex.stops and words[k] not in lex.own:
            if words[k] in lex.adjuncts and words[k] != "of":
                break
            if k > at and raw[k][0].islower() and raw[k - 1][0].islower() and words[k - 1].endswith("s"):
                break
            k += 1
        return k

    def clause_end(self, r: int) -> int:
        """Where the content that begins at word `r` ends: at a semicolon, or with the unit."""
        return self.words.index(";", r) if ";" in self.words[r:] else self.n

    def phrase_end(self, r: int, end: int) -> int:
        """Where a stance without a clause ends: before a comma that somebody's reporting follows."""
        words, lex = self.words, self.lex
        for k in range(r + 1, end):
            if words[k] == "," and any(w in lex.forms and lex.forms[w][1] in "ds" for w in words[k + 1 : k + 6]):
                return k
        return end

    def inverted(self, i: int, last: int, lemma: str, codes: str) -> Attribution | None:
        """Content, verb, speaker: said Ada Roe."""
        unit, words, lex, n = self.unit, self.words, self.lex, self.n
        got = unit.phrase(last)
        if not got:
            return None
        b, k = got[1], i - 1
        if k < 0:
            if unit.at(b) == ":" or (unit.at(b) == "," and unit.at(b + 1) == Q):
                return self.make("verb_first", (i, last), lemma, got, [(b + 1, n)], "quote")
            return None
        quoted = words[k] == Q or unit.at(k - 1) == Q
        if not quoted:
            if words[k] == "," and not any(r[0].isupper() for r in self.raw[got[0] : b]) and unit.jumped(k):
                return None  # Roe, the mayor, announced new rules
            if "c" not in codes or not unit.clause(self.begin(k), k):
                return None
            if b < n and words[b] not in (",", ";", "—") and words[b] not in lex.leading:
                return None
        elif words[k] != Q and b < n and unit.verbish(b) and words[b] not in lex.determiners and words[b][-1] != "g":
            return None
        return self.closing(got, (i, last), lemma, "quote_verb" if Q in words[:i] else "clause_verb")

    def begin(self, k: int) -> int:
        """Where the content that ends at word `k` begins: after an attribution before it, or a semicolon."""
        a = 0
        for made in self.found:
            if made.rule.startswith(("quote_", "clause_", "accord")):
                a = max(a, made.cue[1])
        return next((t + 1 for t in range(k - 1, a - 1, -1) if self.words[t] == ";"), a)

    def closing(self, speaker: Range, cue: Range, lemma: str, rule: str) -> Attribution | None:
        """Content before speaker and verb, and what of it goes on after them."""
        unit, words, n = self.unit, self.words, self.n
        first, end = min(speaker[0], cue[0]), max(speaker[1], cue[1])
        k = first - 1
        while k > 0 and words[k] in (",", "—", "?", "!"):
            k -= 1
        a = self.begin(first)
        if a > k:
            return None
        parts = [(a, k + 1)]
        t = next((t for t in range(end, n) if words[t] in (",", Q, ":", "—", ";")), n)
        if not unit.clause(a, k + 1):
            # an opening word or phrase: the content goes on after the aside (Instead, Roe said, …)
            if words[t : t + 1] != [","] or t + 2 >= n or self.lex.forms.get(words[t + 1], "  ")[1] == "g":
                return None
            parts.append((t + 1, self.clause_end(t)))
        else:
            u = next((u for u in range(t, n) if words[u] == Q), n)
            carried = any(self.lex.forms.get(word, "  ")[1] == "g" for word in words[t:u])
            if u < n and not carried and words[u - 1] in (",", "—", ":", "and", "that", "?", "but"):
                parts.append((u, self.clause_end(u)))
        return self.make(rule, cue, lemma, speaker, parts, "closing")

    def participle(self, i: int, last: int, lemma: str, codes: str, j: int) -> Attribution | None:
        """…, adding that; by saying: the verb in -ing goes on with the subject of its sentence."""
        unit, words, lex = self.unit, self.words, self.lex
        after = self.content(last, codes)
        if after is None:
            return None
        left = words[j] if j >= 0 else ""
        how, a, b = after
        if j < 0:
            end = words.index(",") if "," in words else 0
            speaker, rule, b = end and unit.phrase(end + 1), "opening", min(b, end)
        elif left in lex.prepositions - lex.carrying or left in lex.articles or left.endswith("'s"):
            return None
        elif left in lex.carrying or left in (",", "—", "and", "or", "but", Q, ":", ";"):
            speaker, rule = self.main(i), "participle"
        else:
            speaker, rule = unit.nominal(j), "reduced"
            if speaker and words[speaker[1] - 1] in lex.written:
                speaker, rule = self.main(i), "participle"
        if not speaker or (speaker[1] > i and j >= 0) or a >= b > 0:
            return None
        return self.make(f"{rule}_{how}", (i, last), lemma, speaker, [(a, b)], how)

    # other cues -------------------------------------------------------------------------------------------------------

    def according(self, i: int) -> Attribution | None:
        """According to Roe, …; …, according to Roe."""
        unit, words, n = self.unit, self.words, self.n
        got = unit.phrase(i + 2)
        if not got:
            return None
        b = next((b for b in range(got[1], n) if words[b] in (",", ";", "—", Q)), n)
        k = i
        while k > 0 and words[k - 1] in (",", "—", "and", "but"):
            k -= 1
        parts = [(self.begin(k), k)] if k else []
        if b < n and (k == 0 or not unit.clause(0, k)):
            parts.append((b + (words[b] == ","), n))
        return self.make("according_to", (i, i + 2), "according to", got, parts, "according") if parts else None

    def noun(self, i: int) -> Attribution | None:
        """Roe's claim that …; his criticism of …: the holder of a noun of speech or stance speaks."""
        unit, words, raw, lex, n = self.unit, self.words, self.raw, self.lex, self.n
        j = i - 1
        people = i > 0 and raw[j][0].isupper() and words[j] in lex.nationalities  # Orlish concerns that
        if unit.at(i + 1) not in lex.noun_content and not (people and unit.at(i + 1) == "to"):
            return None
        while (
            not people
            and j >= 0
            and i - j < 4
            and words[j] not in lex.possessives
            and not words[j].endswith(("'s", "s'"))
        ):
            if words[j] in lex.stops or words[j] in lex.determiners or words[j] in lex.prepositions:
                return None
            j -= 1
        if j < 0 or i - j >= 4 or words[j] in lex.contracted:
            return None
        b = j
        if words[j] not in lex.possessives and not people:
            while b > 0 and j - b < 6 and words[b - 1] not in lex.stops:
                if not (raw[b - 1][0].isupper() or words[b - 1] in lex.articles):
                    break
                b -= 1
        end = next((k for k in range(i + 2, n) if words[k] in (",", "—", ";")), n)
        if words[i + 1] == ":":
            end = n
        how = "that" if words[i + 1] == "that" else "noun"
        made = self.make(f"noun_{how}", (i, i + 1), words[i], (b, j + 1), [(i + 1 + (words[i + 1] == ":"), end)], how)
        if words[j].endswith("'s"):
            made.speaker = made.speaker[0], made.speaker[1] - 2
        return made

    def holder(self, j: int) -> bool:
        """Whether the word is a possessive: his, Roe's."""
        return self.words[j] in self.lex.possessives or self.words[j].endswith(("'s", "s'"))

    def held(self, i: int) -> Attribution | None:
        """Scepticism from Roe: a noun of speech or stance and who holds it."""
        unit, words = self.unit, self.words
        if words[i] not in self.lex.held or unit.at(i + 1) not in ("from", "among") or i == 0:
            return None
        got = unit.phrase(i + 2)
        return got and self.make("noun_from", (i, i + 2), words[i], got, [(self.begin(i), i)], "noun")

    def telling(self, i: int) -> Attribution | None:
        """In Roe's telling, …; in her view, …"""
        unit, words, n = self.unit, self.words, self.n
        b = next((b for b in range(i - 1, max(-1, i - 6), -1) if words[b] in ("in", "to")), None)
        if b is None or b + 1 >= i or unit.at(i + 1) not in (",", "") or (i + 2 >= n and not b):
            return None
        if not self.holder(i - 1):
            return None
        parts = [(i + 2, self.clause_end(i))] if i + 2 < n else [(self.begin(b), b)]
        return self.make("telling", (b, i + 1), words[i], (b + 1, i), parts, "clause")

    def signed(self, k: int) -> Attribution | None:
        """A quotation, a dash, a name."""
        got = self.unit.phrase(k + 1) if self.unit.at(k - 1) == Q or k == 0 else None
        if not got or self.raw[k + 1][0].islower() or (got[1] < self.n and self.words[got[1]] != ","):
            return None
        return self.make("signed", (k, k + 1), "—", got, [(k - 1, k)] if k else [], "quote")

    def label(self, k: int) -> Attribution | None:
        """NAME: at the start of a headline; whoever stands before a colon and a quotation."""
        unit, words, raw, n = self.unit, self.words, self.raw, self.n
        if self.found and self.found[-1].cue[1] > k - 8:
            return None
        small = ("of", "and", "the", "to", "&")
        name = 0 < k < 7 and all(
            r[0].isupper() or r[0].isdigit() or w in small for r, w in zip(raw[:k], words, strict=False)
        )
        dateline = all(r.isupper() for r in raw[:k]) and not unit.title
        if name and n - k > 2 and unit.paragraph == 1 and not dateline:
            return self.make("label", (k, k + 1), ":", (0, k), [(k + 1, n)], "colon")
        if unit.at(k + 1) == Q:
            got = unit.nominal(k - 1)
            if got and raw[got[0]][0].isupper() and got[1] - got[0] < 6:
                return self.make("colon_quote", (k, k + 1), ":", got, [(k + 1, self.clause_end(k))], "colon")
        return None
