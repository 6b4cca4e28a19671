"""Who is said to say what: the grammar of attribution in English news prose. Unit -> attributions, unresolved.

One attribution = one speaker and one cue with the content reported. The rules follow the order of news prose: quotation
and clause before or after their cue, the verb before its speaker, according to, participles that go on with a speaker,
nouns of speech that somebody holds. Literature: Pareti 2016 (PARC), Newell et al. 2018 (PolNeAR), Muzny et al. 2017.
"""

from __future__ import annotations

from typing import Final

from .cues import Attribution, Cues
from .phrases import MARKS, Range
from .wordclasses import Q

BORDERS: Final = frozenset((Q, ",", "—", "?", "!"))
STANCES: Final = frozenset(("stance", "infinitive", "noun"))


class Grammar(Cues):
    """All rules, tried at every cue of one unit."""

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
            if got and v < self.n and words[v].endswith("ed") and unit.verbish(v) and unit.raw[k + 1][0] != ";":
                found.append(self.closing(got, (v, v + 1), words[v], "quote_unlisted"))
            elif unit.at(k - 1) == ":":
                found.append(self.block(k - 1, [(k, self.clause_end(k))]))
        if words[-1] == ":" and not any(m.cue[1] > self.n - 8 for m in self.found):
            found.append(self.block(self.n - 1, []))
        return [made for made in found if made]

    def cut(self, outer: Attribution) -> None:
        """A stance ends where somebody else's quoted words begin."""
        start, end = outer.spans[-1] if outer.spans else (0, 0)
        for inner in self.found:
            apart = inner is not outer and inner.quoted and inner.speaker and inner.spans
            if apart and start < inner.speaker_start < end and inner.spans[0][0] >= start:
                outer.spans[-1] = (start, end := inner.speaker_start - 1)

    def reported(self, made: Attribution) -> bool:
        """Whether this is an attitude that somebody else is said to report (Roe said Lund wants it): Roe's claim."""
        if not made.speaker or (made.status == "core" and made.lemma not in self.lex.thoughts):
            return False
        start, end = made.speaker[0], self.unit.end(made.cue[1] - 1)
        return any(
            a <= start and end <= b
            for outer in self.found
            if outer is not made and outer.speaker
            for a, b in outer.spans
        )

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
        j, group = i - 1, list[str]()
        if i and (words[j] in lex.before_verbs or words[j][-2:] == "ly"):
            j, kind, group = self.verb_group(i, kind)
            if kind == "i":
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

    def verb_group(self, i: int, kind: str) -> tuple[int, str, list[str]]:
        """The word before the verb group that ends at `i`, kind of form (i: an infinitive), auxiliaries."""
        words, unit, lex = self.words, self.unit, self.lex
        j, group = i - 1, list[str]()
        while j >= 0:
            word = words[j]
            if word == "to":
                raised = f"{unit.at(j - 2)}-{unit.at(j - 1)}"
                if raised in lex.raising:
                    j, kind = j - 3, "d"
                elif unit.at(j - 1) in lex.raising:
                    j, kind = j - 2, "d"
                else:
                    return j, "i", group
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
        if "who" in words and (who := self.relative(j)) and (speaker := unit.nominal(who - 1)):
            return speaker, None, "subject"
        loose = left == "out" or (left[-2:] == "ed" and unit.verbish(j))
        if loose and i - j > 1 and unit.at(j - 1) not in self.lex.own:
            j -= 1  # a poll released Friday found
        return (None if left == Q else unit.nominal(j)), None, "subject"

    def relative(self, j: int) -> int:
        """Where the who stands whose clause ends at word `j` (people who know Roe say), or 0."""
        words, unit = self.words, self.unit
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
                return self.unit.within(made.speaker)
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
        after = None if words[i] in lex.prepositions else self.content(last, codes)  # including, regarding
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
