# ruff: noqa
"""Who is said to say what: the grammar of attribution in English news prose. Document -> attributions, unresolved.

One attribution = one speaker and one cue with the content reported. The rules follow the order of news prose: quotation
and clause before or after its cue, verb before its speaker, according to, participles that carry a speaker on, nouns of
speech held by somebody. Literature: Pareti 2016 (PARC), Newell et al. 2018 (PolNeAR), Muzny et al. 2017 (QuoteLi).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from .language import Document, Quotation, words_of

Span = tuple[int, int]
Q = '"'  # stands for a whole quotation among the words of a unit


class Attribution:
    """Content spans, speaker span (or None), cue span, lemma of the cue, rule, unit; `parts` are token ranges."""

    __slots__ = (
        "antecedent",
        "complement",
        "cue",
        "first",
        "last",
        "lemma",
        "negated",
        "quoted",
        "resolution",
        "rule",
        "spans",
        "speaker",
        "status",
        "unit",
        "whole",
    )  # fmt: skip

    def __init__(self, unit, *, rule, cue, lemma, speaker, parts, complement, antecedent=None, negated=False):
        self.unit, self.rule, self.cue, self.lemma, self.complement = unit, rule, cue, lemma, complement
        self.speaker, self.antecedent, self.negated = speaker, antecedent, negated
        self.first, self.last = cue or (-1, -1)
        self.spans = [(unit.starts[a], unit.ends[b - 1]) for a, b in parts if b > a]
        content = [unit.words[i] for a, b in parts for i in range(a, b)]
        self.quoted = Q in content
        self.whole = self.quoted and all(w == Q or not w[0].isalnum() for w in content)
        self.status = "borderline" if complement in ("stance", "infinitive", "noun") or negated else "core"
        self.resolution = None

    @property
    def kind(self) -> str:
        """direct, mixed, partial or indirect."""
        if not self.quoted:
            return "indirect"
        if self.complement == "stance":
            return "partial"
        return "direct" if self.whole else "mixed"

    @property
    def cue_span(self) -> Span | None:
        """Offsets of the cue."""
        return (self.unit.starts[self.first], self.unit.ends[self.last]) if self.cue else None


class Unit:
    """A sentence whose quotations stay whole: words (lower case), raw words, offsets; one word Q per quotation."""

    __slots__ = ("end", "ends", "marks", "paragraph", "raw", "start", "starts", "words")

    def __init__(self, paragraph: int, start: int, end: int):
        self.paragraph, self.start, self.end = paragraph, start, end
        self.words, self.raw, self.starts, self.ends = [], [], [], []
        self.marks: dict[int, Quotation] = {}


# units ----------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\w[\w$€£%]*(?:[-'.&/:]\w+)*|[$€£#@]\w[\w.,]*\w|--|[,;:()\[\]—–?!-]")
_SINGLE = re.compile(r"(?<![\w'])'(?=[\w\[])[^'\n]{2,400}?(?:'\w[^'\n]{0,200}?){0,6}(?<=[\w.,!?\]])'(?!\w)")


def units(document: Document) -> list[Unit]:
    """The body's sentences, joined where a boundary stands inside a quotation, as words with whole quotations."""
    found: list[Unit] = []
    folded, lowered, text = document.folded, document.lower, document.text
    quotations = document.quotations
    q, n = 0, len(quotations)
    pending: list | None = None
    joined: list[list] = []
    for sentence in document.sentences:
        while q < n and quotations[q].end <= sentence.start:
            q += 1
        inside = q < n and quotations[q].start < sentence.start and joined and joined[-1][0] == sentence.paragraph
        if inside:
            joined[-1][2] = sentence.end
        else:
            joined.append([sentence.paragraph, sentence.start, sentence.end])
    q = 0
    for paragraph, start, end in joined:
        unit = Unit(paragraph, start, end)
        while q < n and quotations[q].end <= start:
            q += 1
        at = start
        k = q
        while k < n and quotations[k].start < end:
            quotation = quotations[k]
            _tokens(unit, folded, lowered, at, max(at, quotation.start))
            unit.marks[len(unit.words)] = quotation
            unit.words.append(Q)
            unit.raw.append(Q)
            unit.starts.append(max(start, quotation.start))
            unit.ends.append(quotation.end)
            at = quotation.end
            k += 1
        _tokens(unit, folded, lowered, at, end)
        if unit.words:
            found.append(unit)
    return found


def _tokens(unit: Unit, folded: str, lowered: str, start: int, end: int) -> None:
    depth = 0
    words, raw, starts, ends = unit.words, unit.raw, unit.starts, unit.ends
    if "'" in folded[start:end]:
        for m in _SINGLE.finditer(folded, start, end):
            a, b = m.span()
            if a < start:
                continue
            _tokens_plain(unit, folded, lowered, start, a)
            unit.marks[len(words)] = Quotation(a, b, 1, 0)
            words.append(Q)
            raw.append(Q)
            starts.append(a)
            ends.append(b)
            start = b
    _tokens_plain(unit, folded, lowered, start, end)


_BRACKETS = re.compile(r"\([^()\n]{0,50}\)|\[[^\[\]\n]{0,50}\]")


def _tokens_plain(unit, folded, lowered, start, end):
    skip = [m.span() for m in _BRACKETS.finditer(folded, start, end)] if "(" in folded[start:end] else ()
    words, raw, starts, ends = unit.words, unit.raw, unit.starts, unit.ends
    for m in _TOKEN.finditer(folded, start, end):
        a, b = m.span()
        if skip and any(x <= a < y for x, y in skip):
            continue
        word = lowered[a:b]
        if word in ("—", "–", "--") or (word == "-" and folded[a - 1 : a] == " "):
            word = "—"
        elif word == "-":
            continue
        words.append(word)
        raw.append(folded[a:b])
        starts.append(a)
        ends.append(b)


def read(document: Document) -> list[Attribution]:
    """The attributions of the body, in order; quotations of four words and more without a speaker close the list."""
    found: list[Attribution] = []
    carried: Attribution | None = None
    for unit in units(document):
        made = attributions(unit)
        if unit.paragraph == 1:
            named = label(unit)
            if named:
                made.insert(0, named)
        covered = [s for m in made for s in m.spans]
        for k in unit.marks:
            at = unit.starts[k], unit.ends[k]
            if any(a <= at[0] and at[1] <= b for a, b in covered):
                continue
            goes_on = carried and (
                (k == 0 and carried.quoted and carried.unit.paragraph == unit.paragraph) or unit.marks[k].continues
            )
            if goes_on:
                carried.spans.append(at)
                covered.append(at)
            elif len(document.folded[slice(*at)].split()) >= 4:
                made.append(
                    Attribution(unit, rule="unattributed", cue=None, lemma="", speaker=None, parts=[(k, k + 1)],
                                complement="quote")
                )  # fmt: skip
        speaking = [m for m in made if m.speaker]
        if speaking:
            carried = speaking[-1]
        found += [m for m in made if m.spans]
    return found


# lexicon --------------------------------------------------------------------------------------------------------------


class Lexicon:
    """The word classes of helpers/data as sets, and the verbs by their inflected forms."""

    def __init__(self):
        grammar = tomllib.loads(files(__package__).joinpath("data", "grammar.toml").read_text(encoding="utf-8"))
        for name, entries in grammar.items():
            setattr(
                self, name, frozenset(entries.replace("-on", " on").split() if name == "raising" else entries.split())
            )
        self.nouns = frozenset(words_of("stance_nouns.txt"))
        self.forms: dict[str, tuple[str, str]] = {}
        self.takes: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for line in words_of("reporting_verbs.txt"):
            lemma, codes, *irregular = (part.strip() for part in line.split("|"))
            head, *particle = lemma.split()
            self.takes.setdefault(head, []).append((tuple(particle), codes, lemma))
            for form, kind in inflected(head, *(w.split()[0] for w in irregular)):
                self.forms.setdefault(form, (head, kind))
        for options in self.takes.values():
            options.sort(key=lambda o: -len(o[0]))
        self.group = self.auxiliaries | self.adverbs | self.negations
        self.verbal = self.auxiliaries | self.verbs
        self.stops = self.subordinators | self.auxiliaries | {",", ";", ":", "—", Q, "(", ")", "?", "!", "[", "]"}


def inflected(lemma: str, past: str = "", participle: str = "") -> Iterator[tuple[str, str]]:
    """The forms of a verb with their kind: b base, s third person, d past, n participle, g -ing.

    >>> dict(inflected("deny"))
    {'deny': 'b', 'denies': 's', 'denied': 'd', 'denying': 'g'}
    """
    yield lemma, "b"
    vowel = "aeiou"
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        yield lemma + "es", "s"
    elif lemma.endswith("y") and lemma[-2] not in vowel:
        yield lemma[:-1] + "ies", "s"
    else:
        yield lemma + "s", "s"
    doubled = lemma + lemma[-1] if lemma in _DOUBLING else lemma
    stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else doubled
    if past:
        yield past, "d"
        if participle and participle != past:
            yield participle, "n"
    elif lemma.endswith("y") and lemma[-2] not in vowel:
        yield lemma[:-1] + "ied", "d"
    else:
        yield stem + ("d" if lemma.endswith("ee") else "ed"), "d"
    yield (lemma if lemma.endswith(("ee", "ye")) else stem) + "ing", "g"


_DOUBLING = frozenset("admit quip plan tip rip slam fret rebut refer dub transmit hit begin forget put".split())


@cache
def lexicon() -> Lexicon:
    """The word lists, read once."""
    return Lexicon()


# attributions ---------------------------------------------------------------------------------------------------------


def attributions(unit: Unit) -> list[Attribution]:
    """The attributions of one unit, in the order of their cues."""
    lex = lexicon()
    words, found = unit.words, []
    forms, nouns = lex.forms, lex.nouns
    taken = -1
    for i, word in enumerate(words):
        if i <= taken:
            continue
        made = None
        if word in forms:
            made = verb(unit, i, lex, found)
        elif word == "according" and words[i + 1 : i + 2] == ["to"]:
            made = according(unit, i, lex)
        if made is None and word in nouns:
            made = noun(unit, i, lex)
        if made:
            found.append(made)
            taken = made.last
    return found


def verb(unit: Unit, i: int, lex: Lexicon, before: list[Attribution]) -> Attribution | None:
    """A reporting verb at word `i` with its speaker and content, or None."""
    words, raw, n = unit.words, unit.raw, len(unit.words)
    head, kind = lex.forms[words[i]]
    for particle, codes, lemma in lex.takes[head]:
        if not particle or tuple(words[i + 1 : i + 1 + len(particle)]) == particle:
            break
    else:
        return None
    last = i + len(particle)
    # the verb group, leftwards
    j, group = i - 1, []
    while j >= 0 and (words[j] in lex.group or is_adverb(words[j], lex) or words[j] == "to" or is_time(words, j, lex)):
        if words[j] == "to":
            raised = words[j - 1] if words[j - 1] != "on" else words[j - 2] + " on"
            if raised not in lex.raising:
                return None
            j -= 2 + (words[j - 1] == "on")
            kind = "d"
            continue
        group.append(words[j])
        if is_time(words, j, lex) and j and words[j - 1] == "on":
            j -= 1
        j -= 1
    passive = kind in "dn" and any(w in lex.be for w in group[:3]) and head not in ("be",)
    has_be = any(w in lex.be for w in group)
    helped = any(w in lex.auxiliaries for w in group)
    negated = any(w in lex.negations for w in group)
    if kind == "n" and not helped:
        return None
    if passive:
        return None
    left = words[j] if j >= 0 else ""
    if kind == "g" and not has_be:
        return participle(unit, i, last, lemma, codes, j, lex, before)
    # verb before its speaker
    if (
        "v" in codes
        and not helped
        and kind in "sd"
        and j == i - 1
        and (left in (Q, ",", "—", "?", "!", "") or "q" in codes)
    ):
        made = inverted(unit, i, last, lemma, codes, lex, before)
        if made:
            return made
    if j < 0:
        return None
    speaker = antecedent = None
    rule = ""
    if left == ",":
        speaker = jumped(unit, j, lex)
        rule = "appositive"
        if not speaker:
            speaker, rule = main_subject(unit, i, lex, before), "joined"
    elif left in ("who", "which", "that"):
        antecedent = nominal(unit, j - 1 - (j > 0 and words[j - 1] == ","), lex)
        speaker, rule = antecedent and (j, j + 1), "relative"
    elif left in ("and", "or", "but", "then", "—"):
        speaker, rule = main_subject(unit, i, lex, before), "joined"
    elif left != Q:
        speaker, rule = nominal(unit, j, lex), "subject"
    if not speaker:
        return None
    if kind == "b" and not helped and not plural(unit, speaker, lex):
        return None
    if kind == "s" and words[speaker[1] - 1] in lex.determiners:
        return None
    first = j + 1
    # clause or quotation before
    border = words[speaker[0] - 1] if speaker[0] > 0 and rule == "subject" else ""
    after = complement(unit, last + 1, codes, lex)
    if border in (Q, ",", "—", "?") and rule in ("subject",):
        if border == Q or (after is None and "c" in codes):
            return closing(
                unit,
                speaker,
                (first, last),
                lemma,
                codes,
                lex,
                before,
                "quote_subject_verb" if border == Q else "clause_subject_verb",
            )
    if rule == "appositive" and after is None and speaker[0] > 0 and words[speaker[0] - 1] in (Q, ",") and "c" in codes:
        return closing(unit, speaker, (first, last), lemma, codes, lex, before, "quote_appositive_verb")
    if after is None:
        return None
    how, a, b = after
    return Attribution(
        unit,
        rule=f"{rule}_{how}",
        cue=(first, last),
        lemma=lemma,
        speaker=span(unit, speaker),
        parts=[(a, b)],
        complement=how,
        antecedent=span(unit, antecedent),
        negated=negated,
    )


def span(unit: Unit, part: tuple[int, int] | None) -> Span | None:
    return (unit.starts[part[0]], unit.ends[part[1] - 1]) if part else None


def is_adverb(word: str, lex: Lexicon) -> bool:
    return word.endswith("ly") and word not in lex.not_adverbs


def is_time(words, j, lex) -> bool:
    word = words[j]
    return word in lex.times or (word in lex.time_heads and j > 0 and words[j - 1] in ("last", "this", "next", "that"))


def nominal(unit: Unit, j: int, lex: Lexicon) -> tuple[int, int] | None:
    """The noun phrase that ends at word `j`, as a range of words."""
    words, raw = unit.words, unit.raw
    if j < 0:
        return None
    word = words[j]
    if word in lex.expletives or word in lex.prepositions or word in ("to", "a", "an", "the") or not word[0].isalnum():
        if word == "it" or word in ("this", "that"):
            return (j, j + 1) if word == "it" else None
        return None
    if word in lex.pronouns:
        return j, j + 1
    b = j
    stops = lex.stops
    while b > 0 and j - b < 18:
        w = words[b - 1]
        if w in stops or (w in lex.pronouns and w not in lex.determiners) or w in lex.verbs:
            break
        if w in ("and", "or"):
            if not (b > 1 and raw[b][0].isupper() and raw[b - 2][0].isupper()) and not (
                b > 1 and _starts_np(unit, b - 2, lex)
            ):
                break
        elif w in lex.forms and raw[b - 1][0].islower() and lex.forms[w][1] != "b" and not _noun_like(unit, b - 1, lex):
            break
        b -= 1
    # adverbs and time words at the front
    while b < j and (words[b] in lex.adverbs or is_adverb(words[b], lex) or words[b] in ("and", "but", "or")):
        b += 1
    if b < j and words[b] in lex.prepositions | {"to"}:
        start = j
        while start > b + 1 and words[start - 1] not in lex.prepositions and words[start] not in lex.determiners:
            start -= 1
        if words[start] in lex.times and start < j:
            start += 1
        b = start
    if b <= j and words[j] in lex.times:
        return None
    return (b, j + 1) if b <= j else None


def _starts_np(unit, k, lex):
    return False


def _noun_like(unit, k, lex):
    """Whether the word at `k`, a verb's form, is a noun here: after a determiner, possessive or adjective."""
    before = unit.words[k - 1] if k else ""
    return before in lex.determiners or before.endswith(("'s", "s'")) or before in lex.prepositions


def plural(unit: Unit, part: tuple[int, int], lex: Lexicon) -> bool:
    """Whether the noun phrase can govern a base form."""
    words = unit.words[part[0] : part[1]]
    last = words[-1]
    if last in lex.plural_pronouns or words[0] in lex.plural_pronouns:
        return True
    if "and" in words:
        return True
    head = last
    for k, w in enumerate(words):
        if w in ("of", "in", "at", "for", "from", "with", "on", "to", "familiar", "close") and k:
            head = words[k - 1]
            break
    return (head.endswith("s") and not head.endswith(("ss", "'s", "us", "is"))) or head in (
        "people",
        "women",
        "men",
        "police",
        "%",
        "percent",
        "public",
        "media",
        "data",
        "majority",
    )


def jumped(unit: Unit, comma: int, lex: Lexicon) -> tuple[int, int] | None:
    """The noun phrase before an aside that ends at `comma` (Roe, a fellow at Orlu, says)."""
    words = unit.words
    k = comma - 1
    while k > 0 and words[k] != "," and words[k] not in (Q, ";", ":", "—"):
        k -= 1
    if k <= 0 or words[k] != ",":
        return None
    got = nominal(unit, k - 1, lex)
    if not got:
        return None
    # an aside after a list of asides: Roe, a fellow, and once a minister, says
    if got[0] > 1 and words[got[0] - 1] == "," and unit.raw[got[0]][0].islower():
        more = nominal(unit, got[0] - 2, lex)
        if more and unit.raw[more[1] - 1][0].isupper():
            return more
    return got


def main_subject(unit: Unit, i: int, lex: Lexicon, before: list[Attribution]):
    """The subject that a joined verb or participle at word `i` goes on with."""
    for made in reversed(before):
        if made.speaker:
            return _tokens_of(unit, made.speaker)
    words, raw = unit.words, unit.raw
    a = 0
    if (
        words[0] in lex.prepositions
        or words[0] in lex.subordinators
        or (words[0] in lex.forms and lex.forms[words[0]][1] == "g")
    ):
        try:
            a = words.index(",", 0, i) + 1
        except ValueError:
            return None
    while a < i and (words[a] in lex.adverbs or is_adverb(words[a], lex) or words[a] in ("but", "and", ",", "so")):
        a += 1
    b = a
    while (
        b < i
        and words[b] not in lex.stops
        and words[b] not in lex.verbs
        and not (
            raw[b][0].islower()
            and (
                (words[b] in lex.forms and not _noun_like(unit, b, lex))
                or (words[b].endswith("ed") and b > a and words[b - 1] not in lex.determiners)
            )
        )
        and not is_adverb(words[b], lex)
    ):
        b += 1
    while b > a and (words[b - 1] in lex.adverbs or words[b - 1] in lex.prepositions):
        b -= 1
    if b <= a or b - a > 14 or b >= i:
        return None
    if words[a] in lex.expletives or words[a] in lex.prepositions:
        return None
    return a, b


def _tokens_of(unit: Unit, at: Span) -> tuple[int, int]:
    a = next(k for k, s in enumerate(unit.starts) if s >= at[0])
    b = next(k for k, e in enumerate(unit.ends) if e >= at[1])
    return a, b + 1


def complement(unit: Unit, r: int, codes: str, lex: Lexicon) -> tuple[str, int, int] | None:
    """How the verb takes its content from word `r` on: (kind, first, end), or None."""
    words, raw, n = unit.words, unit.raw, len(unit.words)
    end = clause_end(unit, r, lex)
    at = r
    if "a" in codes and at < n:
        at = addressee(unit, at, lex)
    adjunct = at > r
    steps = 0
    while at < n and steps < 18:
        w = words[at]
        if w == Q:
            return ("quote", at, end) if "q" in codes or "c" in codes else ("stance", at, end) if "n" in codes else None
        if w == ":":
            return ("colon", at + 1, n) if "q" in codes and at + 1 < n else None
        if w in ("that", "how", "why", "whether", "what", "if", "where", "who", "when") and (
            w not in ("if", "who", "when", "where") or at == r or ("a" in codes and at <= r + 3)
        ):
            if "t" in codes and at + 1 < n:
                return "that", at, end
            if "n" in codes and at == r:
                return "stance", at, end
            return None
        if w == ",":
            if at + 1 < n and words[at + 1] == Q:
                return ("quote", at + 1, end) if "q" in codes else None
            if at + 1 < n and words[at + 1] in ("that",):
                at += 1
                continue
            break
        if (
            (w in lex.group and w not in ("both", "all", "no"))
            or is_adverb(w, lex)
            or w in lex.times
            or is_time(words, at, lex)
        ):
            at += 1
            continue
        if (w in lex.adjunct_heads and "n" not in codes) or (w in ("on", "in", "during", "at") and "n" not in codes):
            # a phrase of time, place or addressee: jump to what follows it
            at += 1
            steps += 1
            adjunct = True
            while at < n and words[at] not in lex.stops and words[at] not in lex.adjunct_heads:
                at += 1
                steps += 1
            continue
        break
    if at >= n or words[at] in (",", ";", "—", "?", "!"):
        return None
    w = words[at]
    if w == "to" and "i" in codes and at == r:
        return "infinitive", at, end
    if "c" in codes and (not adjunct or "a" in codes or words[at - 1] in lex.times):
        if has_verb(unit, at, end, lex):
            return "clause", at, end
    if "n" in codes and r < n:
        return "stance", r, end
    return None


def addressee(unit: Unit, at: int, lex: Lexicon) -> int:
    words, raw, n = unit.words, unit.raw, len(unit.words)
    if words[at] in ("me", "him", "her", "them", "us", "you", "it", "reporters", "voters", "supporters"):
        return at + 1
    k = at
    if words[k] in lex.determiners:
        k += 1
        while (
            k < n
            and words[k] not in lex.stops
            and words[k] not in lex.adjunct_heads
            and words[k] not in lex.pronouns
            and words[k] not in lex.determiners
            and k - at < 8
        ):
            k += 1
        return k
    while (
        k < n
        and words[k] not in lex.stops
        and (
            raw[k][0].isupper()
            or words[k] in ("of", "'s", "host", "anchor", "reporter", "and")
            or words[k].endswith("s")
        )
        and k - at < 9
        and words[k] not in lex.pronouns
        and words[k] not in lex.determiners
    ):
        k += 1
    return k


def has_verb(unit: Unit, a: int, b: int, lex: Lexicon) -> bool:
    """Whether a finite verb seems to stand in the words from `a` to `b`."""
    words = unit.words
    for k in range(a + 1, b):
        w = words[k]
        if (
            w in lex.verbal
            or w in lex.forms
            or (w.endswith(("ed", "n't", "'s", "'re", "'ll", "'d")) and len(w) > 3)
            or (
                w.endswith("s")
                and unit.raw[k][0].islower()
                and k > a + 1
                and not w.endswith("ss")
                and words[k - 1] not in lex.determiners
                and words[k - 1] not in lex.prepositions
            )
        ):
            return True
    return False


def clause_end(unit: Unit, r: int, lex: Lexicon) -> int:
    """Where the content that begins at word `r` ends: at the unit's end, or before a semicolon."""
    words, n = unit.words, len(unit.words)
    for k in range(r, n):
        if words[k] == ";":
            return k
    return n


def inverted(unit, i, last, lemma, codes, lex, before) -> Attribution | None:
    """Content, verb, speaker: said Ada Roe."""
    words, raw, n = unit.words, unit.raw, len(unit.words)
    k = i - 1
    left = words[k] if k >= 0 else ""
    if left not in (Q, ",", "—", "?", "!") and not (k < 0):
        return None
    if left == "," and "c" not in codes and not (k > 0 and words[k - 1] == Q):
        return None
    got = phrase(unit, last + 1, lex)
    if not got:
        return None
    b = got[1]
    # what follows the speaker must not be a verb of his
    if (
        b < n
        and left != Q
        and (
            words[b] in lex.verbal
            or (words[b] in lex.forms and words[b] not in lex.determiners and words[b][-1] != "g")
        )
    ):
        return None
    if left == "," and not (k > 0 and words[k - 1] == Q):
        if not has_verb(unit, start_of(unit, k, before, lex), k, lex):
            return None
        if (
            b < n
            and words[b] not in (",", ";", "—")
            and words[b] not in lex.prepositions
            and words[b] not in lex.times
            and words[b] not in lex.subordinators
        ):
            return None
    if k < 0:
        return None
    return closing(
        unit,
        got,
        (i, last),
        lemma,
        codes,
        lex,
        before,
        "quote_verb_subject" if Q in words[: k + 1] else "clause_verb_subject",
    )


def phrase(unit: Unit, a: int, lex: Lexicon) -> tuple[int, int] | None:
    """The noun phrase that begins at word `a`."""
    words, raw, n = unit.words, unit.raw, len(unit.words)
    if a >= n:
        return None
    w = words[a]
    if w in lex.pronouns and w not in lex.determiners:
        return (a, a + 1)
    if w in lex.stops or w in lex.prepositions or w in lex.expletives or w == "to" or is_adverb(w, lex):
        return None
    if w in lex.times or (w in lex.adverbs and w not in lex.determiners and w not in ("most", "more")):
        return None
    b = a
    while b < n and b - a < 16:
        w = words[b]
        if w in lex.stops or w in lex.verbs or w in lex.times or (w in lex.pronouns and b > a):
            break
        if b > a and w in (
            "in",
            "on",
            "at",
            "during",
            "to",
            "with",
            "after",
            "before",
            "about",
            "from",
            "via",
            "over",
            "by",
            "last",
            "this",
            "earlier",
            "outside",
        ):
            if w in (
                "in",
                "on",
                "at",
                "during",
                "last",
                "this",
                "earlier",
                "after",
                "before",
                "via",
                "about",
                "outside",
                "to",
                "over",
            ) and not (
                w in ("at", "in", "on")
                and raw[b - 1][0].islower()
                and b + 1 < n
                and (raw[b + 1][0].isupper() or words[b + 1] == "the")
            ):
                break
        if (
            b > a
            and raw[b][0].islower()
            and w in lex.forms
            and lex.forms[w][1] in "dg"
            and not _noun_like(unit, b, lex)
        ):
            break
        if (b > a and is_adverb(w, lex)) or w in ("today", "then", "later", "again", "once"):
            break
        b += 1
    while b > a and words[b - 1] in lex.prepositions | {"and", "or", "the", "a"}:
        b -= 1
    return (a, b) if b > a else None


def start_of(unit, k, before, lex) -> int:
    """Where the content that ends at word `k` begins: after the last attribution's words or a semicolon."""
    a = 0
    for made in before:
        if made.rule.startswith(("quote_", "clause_", "accord")):
            a = max(a, made.last + 1)
    for t in range(k - 1, a - 1, -1):
        if unit.words[t] == ";":
            return t + 1
    return a


def closing(unit, speaker, cue, lemma, codes, lex, before, rule) -> Attribution | None:
    """Content before speaker and verb, and what of it goes on after them."""
    words, n = unit.words, len(unit.words)
    first = min(speaker[0], cue[0])
    end = max(speaker[1], cue[1] + 1)
    k = first - 1
    while k > 0 and words[k] in (",", "—", "?", "!"):
        k -= 1
    a = start_of(unit, first, before, lex)
    if a > k:
        return None
    parts = [(a, k + 1)]
    if words[a : k + 1] == [Q] or Q in words[a : k + 1]:
        pass
    elif not has_verb(unit, a, k + 1, lex):
        return None
    # goes on
    t = end
    while t < n and words[t] not in (",", Q, ":", "—", ";"):
        t += 1
    u = t
    # an aside on the speaker
    while u < n and words[u] != Q:
        u += 1
    if u < n and words[u] == Q and words[u - 1] in (",", "—", ":", "and", "that", "?", "but"):
        parts.append((u, clause_end(unit, u, lex)))
    elif (
        t == end
        and t + 1 < n
        and words[t] == ","
        and rule.endswith("subject_verb")
        and not has_verb(unit, a, k + 1, lex)
    ):
        parts.append((t + 1, n))
    return Attribution(
        unit, rule=rule, cue=cue, lemma=lemma, speaker=span(unit, speaker), parts=parts, complement="closing"
    )


def participle(unit, i, last, lemma, codes, j, lex, before) -> Attribution | None:
    """…, adding that; by saying: the verb in -ing goes on with the subject of its sentence."""
    words = unit.words
    left = words[j] if j >= 0 else ""
    after = complement(unit, last + 1, codes, lex)
    if after is None:
        return None
    if j < 0:
        end = words.index(",") if "," in words else -1
        if end < 0:
            return None
        got = phrase(unit, end + 1, lex)
        if not got:
            return None
        return Attribution(
            unit,
            rule=f"opening_{after[0]}",
            cue=(i, last),
            lemma=lemma,
            speaker=span(unit, got),
            parts=[(after[1], min(after[2], end))],
            complement=after[0],
        )
    if (
        left in lex.prepositions - {"by", "in", "while", "after", "before", "like"}
        or left in lex.determiners
        or left.endswith("'s")
    ):
        return None
    speaker = main_subject(unit, i, lex, before)
    if not speaker or speaker[1] > i:
        return None
    return Attribution(
        unit,
        rule=f"participle_{after[0]}",
        cue=(i, last),
        lemma=lemma,
        speaker=span(unit, speaker),
        parts=[(after[1], after[2])],
        complement=after[0],
    )


def according(unit, i, lex) -> Attribution | None:
    """According to Roe, …; …, according to Roe."""
    words, n = unit.words, len(unit.words)
    got = phrase(unit, i + 2, lex)
    if not got:
        return None
    b = got[1]
    while b < n and words[b] not in (",", ";", "—", Q):
        b += 1
    parts = []
    k = i
    while k > 0 and words[k - 1] in (",", "—", "and", "but"):
        k -= 1
    if k > 0:
        parts.append((0, k))
    if b < n and (k == 0 or not has_verb(unit, 0, k, lex)):
        parts.append((b + (words[b] == ","), n))
    if not parts:
        return None
    return Attribution(
        unit,
        rule="according_to",
        cue=(i, i + 1),
        lemma="according to",
        speaker=span(unit, got),
        parts=parts,
        complement="according",
    )


def noun(unit, i, lex) -> Attribution | None:
    """Roe's claim that …; his criticism of …: the holder of a noun of speech or stance speaks."""
    words, raw, n = unit.words, unit.raw, len(unit.words)
    j = i - 1
    while j >= 0 and i - j < 4 and words[j] not in lex.possessives and not words[j].endswith(("'s", "s'")):
        if words[j] in lex.stops or words[j] in lex.determiners or words[j] in lex.prepositions:
            return None
        j -= 1
    if j < 0 or i - j >= 4:
        return None
    if i + 1 >= n or words[i + 1] not in ("that", "of", "for", "on", "about", "to", "against", "over", "with", ":", Q):
        return None
    if words[j] in lex.possessives:
        speaker = (j, j + 1)
    else:
        if words[j] in ("it's", "he's", "she's", "that's", "there's", "let's", "what's", "who's"):
            return None
        b = j
        while (
            b > 0
            and (raw[b - 1][0].isupper() or words[b - 1] in lex.determiners)
            and words[b - 1] not in lex.stops
            and j - b < 6
        ):
            b -= 1
        speaker = (b, j + 1)
    end = clause_end(unit, i, lex)
    for k in range(i + 2, end):
        if words[k] in (",", "—"):
            end = k
            break
    if words[i + 1] == ":":
        end = n
    start, stop = span(unit, speaker)
    if words[j].endswith("'s"):
        stop -= 2
    return Attribution(
        unit,
        rule="noun_" + ("that" if words[i + 1] == "that" else "stance"),
        cue=(i, i),
        lemma=words[i],
        speaker=(start, stop),
        parts=[(i + 1 + (words[i + 1] == ":"), end)],
        complement="noun",
    )


def label(unit: Unit) -> Attribution | None:
    """NAME: at the start of a line."""
    words, raw = unit.words, unit.raw
    if ":" not in words[1:7] or len(words) < 5:
        return None
    k = words.index(":")
    if not all(
        r[0].isupper() or r[0].isdigit() or w in ("of", "and", "the", "to", "&") for r, w in zip(raw[:k], words[:k])
    ):
        return None
    return Attribution(
        unit,
        rule="label",
        cue=(k, k),
        lemma=":",
        speaker=span(unit, (0, k)),
        parts=[(k + 1, len(words))],
        complement="colon",
    )
