"""Shallow grammar for attribution: noun phrases, finite verbs, clauses of one unit. No parser, no model.

A unit is a sentence; a quotation counts as one word of it, so that no rule ever looks inside quotation marks.
"""

from __future__ import annotations

import re
from typing import Final

from .language import Quotation
from .wordclasses import Lexicon, Q

Span = tuple[int, int]  # offsets into the text
Range = tuple[int, int]  # numbers of words in a unit, end exclusive

MARKS: Final = frozenset((",", Q, ";", ":", "—"))
ASIDES: Final = frozenset(("who", "whose", "which", "a", "an", "the"))  # how a description after a name begins
_AFTER: Final = re.compile(r" \([^()\n]{1,24}\)")


class Unit:
    """A sentence whose quotations stay whole: one word Q per quotation, and no words for short brackets.

    words   in lower case
    raw     as written
    marks   number of a word Q -> its quotation
    cues    the numbers of the words that rules start from
    """

    __slots__ = (
        "_starts", "_text", "_where", "before", "cues", "folded", "lex", "marks", "paragraph", "raw", "words",
    )  # fmt: skip

    def __init__(self, lex: Lexicon, folded: str, paragraph: int, before: Unit | None, text: str, where: int):
        self.lex, self.folded, self.paragraph = lex, folded, paragraph
        self.before = before  # the unit before this one
        self.words: list[str] = []
        self.raw: list[str] = []
        self.marks: dict[int, Quotation] = {}
        self.cues: list[int] = []
        self._text, self._where = text, where  # what it was cut from, and its offset
        self._starts: list[int] = []  # of the words from the first on, as far as asked for

    def start(self, i: int) -> int:
        """The offset of word `i`."""
        if i < len(self._starts):
            return self._starts[i]
        word = self.raw[i]
        if i == len(self.raw) - 1 and word[0].isalnum():  # no letter stands behind the last word
            return self._where + self._text.rfind(word)
        return self._find(i)

    def end(self, i: int) -> int:
        """The offset after word `i`; after the whole quotation for a word Q."""
        mark = self.marks.get(i)
        return self.start(i) + len(self.raw[i]) if mark is None else mark.end

    def _find(self, i: int) -> int:
        """Look for the words up to `i`."""
        text, raw, starts = self._text, self.raw, self._starts
        known = len(starts)
        at = starts[-1] - self._where + len(raw[known - 1]) if known else 0
        for word in raw[known : i + 1]:
            is_dash = word == "-" and (at or not text.startswith("- "))  # and no hyphen before it
            at = text.find(" - ", at) + 1 if is_dash else text.find(word, at)
            starts.append(self._where + at)
            at += len(word)
        return starts[i]

    def within(self, span: Span) -> Range:
        """The words that stand between two offsets."""
        a, n = 0, len(self.raw)
        while a < n and self.start(a) < span[0]:
            a += 1
        b = a
        while b < n and self.end(b) <= span[1]:
            b += 1
        return a, b

    def span(self, part: Range | None) -> Span | None:
        """The offsets of a range of words."""
        return (self.start(part[0]), self.end(part[1] - 1)) if part else None

    def mention(self, part: Range) -> Span:
        """The offsets of a speaker, with a bracket right after the name (Ada Roe (D-Orlu))."""
        start, end = self.start(part[0]), self.end(part[1] - 1)
        m = _AFTER.match(self.folded, end) if self.folded.startswith(" (", end) else None
        return start, m.end() if m else end

    @property
    def title(self) -> bool:
        """Whether most words are capitalised, as in a headline."""
        return sum(r[0].isupper() for r in self.raw) > 0.6 * sum(r[0].isalpha() for r in self.raw)

    # words ------------------------------------------------------------------------------------------------------------

    def at(self, i: int) -> str:
        """The word `i`, or nothing outside the unit."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def adverb(self, i: int) -> bool:
        """Whether the word is an adverb of manner or time that may stand in a verb group."""
        word, lex = self.words[i], self.lex
        return word in lex.adverbs or (word[-2:] == "ly" and word not in lex.not_adverbs)

    def time(self, i: int) -> bool:
        """Whether the word names a day, a month, or ends a phrase like last week."""
        word, lex = self.words[i], self.lex
        return word in lex.times or (word in lex.time_heads and self.at(i - 1) in ("last", "this", "next", "that"))

    def verbish(self, i: int) -> bool:
        """Whether the word may be a finite verb."""
        word, lex = self.words[i], self.lex
        if word in lex.verbal or ("'" in word and word.endswith(("n't", "'re", "'ll", "'ve"))):
            return True
        if word in lex.forms or (len(word) > 3 and word.endswith("ed")):
            if word[-1] == "s" and i and (self.words[i - 1] in lex.counts or self.words[i - 1].isdigit()):
                return False  # five states
            return self.raw[i][0].islower() and not self.noun_place(i)
        return False

    def noun_place(self, i: int) -> bool:
        """Whether the word stands where a noun must: after an article, a possessive or a preposition."""
        before, lex = self.words[i - 1] if i else "", self.lex
        return before in lex.articles or before in lex.prepositions or before.endswith(("'s", "s'"))

    def clause(self, a: int, b: int) -> bool:
        """Whether the words from `a` to `b` seem to hold a finite verb, or quoted words."""
        words, raw, lex = self.words, self.raw, self.lex
        if b - a > 1 and words[a] in lex.free_pronouns:
            return True
        for k in range(a, b):
            word = words[k]
            if word == Q or (k > a and self.verbish(k)):
                return True
            if "'" in word and word.endswith(("'s", "'d", "'m")) and k + 1 < b and words[k + 1] in lex.group:
                return True
            if word[-1] == "s" and k > a + 1 and raw[k][0].islower() and not self.noun_place(k):
                return True
        return words[a] in lex.contracted if a < b else False

    # noun phrases -----------------------------------------------------------------------------------------------------

    def nominal(self, j: int) -> Range | None:
        """The noun phrase that ends at word `j`."""
        words, lex = self.words, self.lex
        if j < 0:
            return None
        word = words[j]
        if word in lex.pronouns:
            return j, j + 1
        if word in lex.no_ends or not word[0].isalnum():
            return None
        edges, finite = lex.edges, lex.finite
        if (word in finite or word[-2:] == "ed") and self.verbish(j):
            return None
        b = j
        while b > 0 and j - b < 18:
            before = words[b - 1]
            if before in edges:
                break
            if before == "and" or before == "or":
                if not self.joins(b - 1):
                    break
            elif (before in finite or (before[-2:] == "ed" and words[b] in lex.articles)) and self.verbish(b - 1):
                break
            b -= 1
        if b == j:
            return (b, j + 1) if word not in lex.times and self.bare(b, j) else None
        while b < j and (self.adverb(b) or words[b] in ("and", "but", "or")) and words[b] not in lex.determiners:
            if words[b] in lex.approximate and self.number(b + 1):
                break
            b += 1
        if b < j and (words[b] in lex.prepositions or words[b] == "to") and not self.number(b + 1):
            if self.at(b - 1) in ("who", "which"):
                return b - 1, b
            a = j
            while a > b + 1 and words[a - 1] not in lex.prepositions and words[a] not in lex.determiners:
                a -= 1
            b = a
        if j - b > 1 and not lex.time_heads.isdisjoint(words[b + 1 : j]):
            b = next((k + 1 for k in range(j - 1, b, -1) if words[k] in lex.time_heads and self.time(k)), b)
        while b < j and words[b] in lex.times:
            b += 1
        if words[j] in lex.times or not self.bare(b, j):
            return None
        return b, j + 1

    def number(self, i: int) -> bool:
        """Whether an amount begins at word `i` (about four in ten voters)."""
        word, lex = self.at(i), self.lex
        return word[:1].isdigit() or word in lex.amounts or (word in lex.approximate and self.number(i + 1))

    def joins(self, i: int) -> bool:
        """Whether the and or or at word `i` joins two names or nouns rather than two clauses."""
        words, raw = self.words, self.raw
        if i < 1 or i + 1 >= len(words):
            return False
        if raw[i + 1][0].isupper() and raw[i - 1][0].isupper():
            return True
        a = i
        while a > 0 and i - a < 7 and words[a - 1] not in self.lex.stops:
            a -= 1
            if words[a] in self.lex.free_pronouns or self.verbish(a):
                return False
        return 0 < i - a < 7 and (a == 0 or words[a - 1] != ",")

    def bare(self, b: int, j: int) -> bool:
        """Whether the words may be a whole noun phrase: with a name or determiner, or plural."""
        words, lex = self.words, self.lex
        if self.raw[b][0].islower() and words[b] not in lex.determiners:
            if words[b].endswith("ing") and b == j:
                return False
            return any(r[0].isupper() or r[0].isdigit() for r in self.raw[b : j + 1]) or self.plural((b, j + 1))
        return not (words[b].endswith("ing") and b == 0 and words[b] in lex.forms)

    def phrase(self, a: int) -> Range | None:
        """The noun phrase that begins at word `a`."""
        words, raw, lex, n = self.words, self.raw, self.lex, len(self.words)
        if a >= n:
            return None
        word = words[a]
        if word in lex.free_pronouns:
            return a, a + 1
        if word in lex.no_openings:
            return None
        if self.adverb(a) and word not in lex.determiners:
            return None
        b = a
        while b < n and b - a < 16:
            word = words[b]
            if word in lex.limits or (
                word in ("and", "or")
                and not (b > a and b + 1 < n and raw[b - 1][0].isupper() and raw[b + 1][0].isupper())
            ):
                break
            if b > a:
                if word in lex.free_pronouns or (self.adverb(b) and word not in lex.determiners):
                    break
                if word in lex.adjuncts and not (
                    word in ("at", "in", "on", "for", "with", "from", "of")
                    and raw[b - 1][0].islower()
                    and b + 1 < n
                    and (raw[b + 1][0].isupper() or words[b + 1] == "the")
                    and words[b + 1] not in lex.times
                ):
                    break
                if (word in lex.finite or word.endswith("ed")) and self.verbish(b):
                    break
            b += 1
        while b > a and words[b - 1] in lex.trailing:
            b -= 1
        return (a, self.named(a, b)) if b > a else None

    def named(self, a: int, b: int) -> int:
        """Where the noun phrase from `a` to `b` ends with the name of its role (the mayor of Orlu, Ada Roe, said)."""
        words, raw, lex = self.words, self.raw, self.lex
        if self.at(b) != "," or not self.role(a, b):
            return b
        k = b + 1
        while k < len(words) and k - b < 6 and raw[k][0].isupper() and words[k] not in lex.no_openings:
            k += 1
        return k if k > b + 1 and self.at(k) in lex.bounds else b

    def role(self, a: int, b: int) -> bool:
        """Whether the noun phrase from `a` to `b` describes somebody and names nobody: its head is a common noun."""
        words, lex = self.words, self.lex
        head = next((k for k in range(a + 1, b) if words[k] in lex.prepositions or words[k] == "to"), b) - 1
        return self.raw[head][0].islower() and words[head] not in lex.own and not self.plural((a, b))

    def split(self, part: Range) -> tuple[Range, Range | None]:
        """A speaker whose role comes first as name and role, any other as it is, and nothing."""
        a, b = part
        if "," in self.words[a:b] and self.role(a, comma := self.words.index(",", a)):
            return (comma + 1, b), (a, comma)
        return part, None

    def plural(self, part: Range) -> bool:
        """Whether the noun phrase can govern a base form."""
        words, lex = self.words[part[0] : part[1]], self.lex
        if words[-1] in lex.plural or words[0] in lex.plural or "and" in words:
            return True
        cut = 1
        while cut < len(words) and words[cut] not in lex.prepositions and words[cut] != "to":
            cut += 1
        cut -= cut > 1 and cut < len(words) and words[cut - 1][-2:] == "ed"  # records compiled by the board show
        head = (
            words[cut - 2]
            if words[cut - 1] in ("close", "familiar", "privy", "opposed") and cut > 1
            else words[cut - 1]
        )
        return (
            head in lex.plural
            or head in lex.amounts
            or (head.isdigit() and cut < len(words))
            or (head.endswith("s") and not head.endswith(("ss", "'s", "us", "is")))
        )

    def jumped(self, comma: int) -> Range | None:
        """The noun phrase before an aside that ends at `comma` (Roe, a fellow at Orlu, says).

        An aside that goes on after a comma (Roe, who left Lund, Orlu, in May, says) is followed back to the name.
        """
        words = self.words
        k = self.comma(comma)
        if not k:
            return None
        got = self.nominal(k - 1)
        if got and got[0] > 1 and words[got[0] - 1] == "," and self.raw[got[0]][0].islower():
            before = self.nominal(got[0] - 2)
            if before and self.raw[before[1] - 1][0].isupper() and self.at(before[0] - 1) not in self.lex.heads:
                return before
        first, steps = k, 0
        while first and steps < 3 and (words[first + 1] in self.lex.prepositions or self.raw[first + 1][0].isupper()):
            first, steps = self.comma(first), steps + 1
        if first and first < k and words[first + 1] in ASIDES:
            before = self.nominal(first - 1)
            if before and self.raw[before[1] - 1][0].isupper() and self.at(before[0] - 1) not in self.lex.heads:
                return before
        return got and (got[0], max(got[1], self.named(*got)))

    def comma(self, i: int) -> int:
        """The comma before the one at word `i` with no other mark between, or 0."""
        k = i - 1
        while k > 0 and self.words[k] not in MARKS:
            k -= 1
        return k if k > 0 and self.words[k] == "," else 0

    def subject(self, i: int) -> Range | None:
        """The subject of the sentence, for a joined verb or participle at word `i`."""
        words, lex = self.words, self.lex
        a = 0
        if "—" in words[:6] and all(r.isupper() for r in self.raw[: words.index("—")]):
            a = words.index("—") + 1  # a dateline
        first = self.at(a)
        if first in lex.prepositions or first in lex.subordinators or lex.forms.get(first, "  ")[1] in "gdn":
            if "," not in words[:i]:
                return None
            a = words.index(",", 0, i) + 1
            if words[a].isdigit() and self.at(a + 1) == ",":
                a += 2
        while True:
            while a < i and (
                (self.adverb(a) and words[a] not in lex.determiners) or words[a] in ("but", "and", ",", "so", "yet")
            ):
                a += 1
            b = a
            while b < i and words[b] not in lex.stops:
                if b > a and (words[b] in lex.free_pronouns or self.verbish(b) or self.adverb(b)):
                    break
                b += 1
            if not (a < b < i and words[b] == "," and words[b - 1] in lex.time_heads):
                break
            a = b  # earlier this week, Roe
        while b > a and (words[b - 1] in lex.adverbs or words[b - 1] in lex.prepositions or words[b - 1] in lex.times):
            b -= 1
        if b <= a or b - a > 14 or b >= i or words[a] in lex.no_starts or words[a] in lex.prepositions:
            return None
        return a, b
