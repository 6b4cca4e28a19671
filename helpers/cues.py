"""What an attribution is, and the cues that are no verbs: according to, a noun of speech, a colon, a signature."""

from __future__ import annotations

from typing import Final

from .phrases import Range, Span, Unit
from .wordclasses import Q

NOWHERE: Final[Range] = (0, 0)
MAX_LABEL, MAX_AROUND = 3, 5  # quoted words of a mere label, words of the phrase around it


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
        cue: Range = NOWHERE,
        lemma: str = "",
        speaker: Span | None = None,
        how: str = "",
    ):
        self.unit, self.rule, self.parts, self.cue, self.lemma, self.how = unit, rule, parts, cue, lemma, how
        self.speaker = speaker
        self.antecedent: Span | None = None
        self.role: Span | None = None
        words = unit.words
        self.spans = [(unit.start(a), unit.end(b - 1)) for a, b in parts if b > a]
        self.held = [k for a, b in parts for k in unit.marks if a <= k < b] if unit.marks else []  # quotations
        self.quoted = bool(self.held)
        self.whole = self.quoted and not any(word[0].isalnum() for a, b in parts for word in words[a:b])
        self.status = "core"
        self.resolution: str | None = None

    @property
    def kind(self) -> str:
        """direct, mixed, partial or indirect."""
        if not self.quoted:
            return "indirect"
        if self.how == "stance":
            around = self.held[0] - self.parts[0][0] if self.held else 0
            labels = [self.unit.marks[k] for k in self.held]
            quoted = sum(len(self.unit.folded[q.start : q.end].split()) for q in labels)
            if quoted <= MAX_LABEL and around <= MAX_AROUND:
                return "partial"
        return "direct" if self.whole else "mixed"

    @property
    def speaker_start(self) -> int:
        """Where the speaker is mentioned, 0 if nowhere."""
        return self.speaker[0] if self.speaker else 0

    @property
    def cue_span(self) -> Span | None:
        """Offsets of the cue."""
        return self.unit.span(self.cue) if self.cue != NOWHERE else None

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


class Cues:
    """The rules for one unit; each returns an attribution for the cue at a word, or None."""

    def __init__(self, unit: Unit):
        self.unit, self.words, self.raw, self.lex, self.n = unit, unit.words, unit.raw, unit.lex, len(unit.words)
        self.found: list[Attribution] = []

    def make(self, rule: str, cue: Range, lemma: str, speaker: Range, parts: list[Range], how: str) -> Attribution:
        """An attribution of this unit."""
        unit = self.unit
        made = Attribution(unit, rule, parts, cue, lemma, unit.mention(speaker), how)
        name, role = unit.split(speaker)
        if role:
            made.antecedent, made.role = unit.span(name), unit.span(role)
        return made

    def clause_end(self, r: int) -> int:
        """Where the content that begins at word `r` ends: at a semicolon, or with the unit."""
        return self.words.index(";", r) if ";" in self.words[r:] else self.n

    def begin(self, k: int) -> int:
        """Where the content that ends at word `k` begins: after an attribution before it, or a semicolon."""
        a = 0
        for made in self.found:
            if made.rule.startswith(("quote_", "clause_", "accord")):
                a = max(a, made.cue[1])
        return next((t + 1 for t in range(k - 1, a - 1, -1) if self.words[t] == ";"), a)

    # cues -------------------------------------------------------------------------------------------------------------

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
        if made.speaker and words[j].endswith("'s"):
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

    def block(self, colon: int, parts: list[Range]) -> Attribution | None:
        """The subject of a sentence that ends in a colon before a quotation."""
        got = self.unit.subject(colon)
        return got and self.make("colon_unlisted", (colon, colon + 1), ":", got, parts, "colon")
