"""Which numbers does an article state? A grammar of numeric expressions: Document -> Quantity.

Each digit or number word is read once, left to right, by the first rule that takes it: identifier, date, year, decade,
ordinal (labels.py), then fraction, multiplier, vague plural, age, money, percent, duration, count. A number that no
rule takes is left alone, as are pronouns ("one", "none"). Comparators, ranges and rounding stay as written. What came
before: CQE (Almasian et al., EMNLP 2023), quantulum3, Recognizers-Text; none keeps comparators and periods.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from . import labels, numerals, vocabulary
from .language import Document, Remembered, Sentence
from .neighbours import settle, ways
from .nouns import (
    BEFORE_RATES,
    Unit,
    currency_before,
    is_end,
    is_plural,
    noun_phrase,
    opens_duration,
    rate,
    singular,
    unit_at,
)
from .numerals import (
    CARDINALS,
    FOLDS,
    MAGNITUDES,
    MONTHS,
    NUMBERS,
    ORDINALS,
    VAGUE,
    WORDS,
    Numeral,
    Quantity,
    Tokens,
    is_digits,
    numeral,
)

DASHES: Final = ("-", "–", "—")
BEFORE, AFTER = NUMBERS["before"], NUMBERS["after"]


def read(document: Document) -> list[tuple[int, Quantity]]:
    """All numeric expressions of the body, in order: (sentence number, Quantity)."""
    vocabulary.look(document)
    telling = [s for s in document.sentences if s.bits & (vocabulary.NUMBER | vocabulary.BOUND)]
    stating = [s for s in telling if s.bits & vocabulary.NUMBER or _bound(document, s)]
    found: list[tuple[int, Quantity]] = []
    for sentence, t in zip(stating, [tokens(document, s) for s in stating], strict=True):
        found += [(sentence.number, q) for q in read_tokens(t)]
    dates = [q for _, q in found if q.kind == "date"]
    if dates:
        meta = document.article.meta
        labels.complete(dates, (meta.get("published") or meta.get("not_before") or "")[:10])
    return found


def tokens(document: Document, sentence: Sentence) -> Tokens:
    """A sentence, cut for the rules of numbers."""
    words: list[str] = []
    joints: list[int] = []
    opening: list[int] = []
    strings: list[str] = []
    for i, known in enumerate(sentence.forms):
        form: vocabulary.Form = known
        if form.bits & vocabulary.PLAIN:
            if form.bits & vocabulary.OPENS:
                opening.append(len(words))
            words.append(form.low)
            continue
        if form.tokens is None:
            strings = strings or document.lower[sentence.start : sentence.end].split()
            form.tokens = numerals.cut(strings[i])
        cut, starts = form.tokens
        n = len(words)
        words += cut
        if len(cut) == 2:
            joints.append(n + 1)
        elif len(cut) > 2:
            joints += range(n + 1, n + len(cut))
        if starts:
            opening += [n + k for k in starts]
    return Tokens(document.folded, document.lower, sentence.start, sentence.end, words, joints, opening)


_BOUNDS: Final = (" than a", " a year", " least a")  # more than a month
_MARK: Final = re.compile(r"[\W\d_]")


def _bound(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence without a number word may hold a number still."""
    plain = _MARK.sub(" ", document.lower[sentence.start : sentence.end])
    return any(cue in plain for cue in _BOUNDS)


def read_tokens(t: Tokens) -> list[Quantity]:
    """The numeric expressions of one sentence."""
    words, near = t.words, t.near
    rules, done = _rules(), 0
    found: list[Quantity] = []
    for i in t.opening:
        word = words[i]
        if i < done or (word in _ARTICLES and not _counts[near[i + 1]]):
            continue
        for rule in rules.get(word) or _digit_rules(word, near[i + 1]):
            q = rule(t, i)
            if q:
                if found and q.kind == "count" and not q.unit and labels.goes_on(found[-1], q):
                    q = Quantity(t, i, q.stop, "identifier", rule="name_number")
                found.append(q)
                done = q.stop
                break
    if found:
        settle(found)
    return found


_ARTICLES: Final = frozenset(("a", "an", "the"))
_AFTER_ARTICLES: Final = frozenset((*NUMBERS["parts"], *MAGNITUDES, "-", "couple", "century", "decade"))


@Remembered
def _counts(word: str) -> bool:
    """Whether an article before this word can be part of a number."""
    return word in _AFTER_ARTICLES or opens_duration(word)


Rule = Callable[[Tokens, int], Quantity | None]


def _digit_rules(word: str, after: str) -> tuple[Rule, ...]:
    """The rules for a number in digits, in their order, of which most need a certain word behind it."""
    if after in _SPECIAL or after[:1].isdigit():
        return _ALL
    return _FOUR if len(word) == 4 else _OTHERS


@cache
def _rules() -> Mapping[str, tuple[Rule, ...]]:
    """Which rules a word can set off, in their order."""
    rules: dict[str, tuple[Rule, ...]] = dict.fromkeys(MONTHS, (labels.date_month_first,))
    rules |= dict.fromkeys([*CARDINALS, *MAGNITUDES], (part, ratio, labels.identifier, amounts))
    rules |= dict.fromkeys(NUMBERS["glyphs"], (amounts,))
    rules |= dict.fromkeys(ORDINALS, (labels.century, labels.ordinal))
    rules |= dict.fromkeys([*NUMBERS["multipliers"], *FOLDS], (multiplied,))
    rules |= dict.fromkeys(VAGUE, (vague,))
    rules |= dict.fromkeys(("decades", "centuries"), (bare_duration,))
    rules |= dict.fromkeys(("a", "an"), (part, one_duration, couple, amounts))
    rules |= {"the": (span,), "half": (amounts, half), "one": (part, ratio, labels.identifier, one)}
    return rules


# parts and multiples --------------------------------------------------------------------------------------------------


_PARTS: Final = frozenset((*NUMBERS["parts"], "-"))


def part(t: Tokens, i: int) -> Quantity | None:
    """A third, two-thirds, three quarters of."""
    word, j = t.words[i], i + 1
    if t.near[j] not in _PARTS:
        return None
    count = 1.0 if word in ("a", "an") else float(CARDINALS.get(word, 0))
    j += t.at(j) == "-" and t.touches(j)
    name, after = t.at(j), t.at(j + 1)
    if not count or name not in NUMBERS["parts"] or (count > 1) != name.endswith("s") or (name == "half" and count > 1):
        return None
    if after == "-" and t.touches(j + 1):
        return None
    if count == 1 and (t.at(i - 1) == "and" or (after[:1].isalnum() and after not in WORDS["part_follows"])):
        return None
    if name == "quarter" and after != "of":
        return None
    return _cued(_share(t, i, j + 1, count * NUMBERS["parts"][name]))


def half(t: Tokens, i: int) -> Quantity | None:
    """Half the, half of, half a mile; not the first half."""
    unit = unit_at(t, i + 2) if t.at(i + 1) in ("a", "an") else None
    if unit and unit.kind in ("count", "duration"):
        return _cued(Quantity(t, i, unit.stop, unit.kind, 0.5, unit=unit.name, rule=unit.kind, rounding=0.05))
    if t.at(i + 1) not in WORDS["half_of"] or t.at(i - 1) in WORDS["not_before_half"]:
        return None
    return _cued(_share(t, i, i + 1, 0.5))


def slashed(t: Tokens, i: int) -> Quantity | None:
    """1/2, 3/4."""
    if t.at(i + 1) != "/" or not (t.touches(i + 1) and t.touches(i + 2) and labels._is_part(t, i)):
        return None
    value = int(t.words[i]) / int(t.words[i + 2])
    q = _share(t, i, i + 3, value)
    unit = unit_at(t, i + 3) or _pounds(t, i + 3, Numeral(value, i + 3, 0.1))
    if unit:
        q.kind, q.unit, q.stop = unit.kind, unit.name, unit.stop
    return _cued(q)


_IN_OR_OUT: Final = frozenset(("-", "and", "in", "out", *CARDINALS, *MAGNITUDES))  # or the number goes on


def ratio(t: Tokens, i: int) -> Quantity | None:
    """One in five, three out of ten."""
    if t.near[i + 1] not in _IN_OR_OUT and t.words[i] not in _ARTICLES:
        return None
    a = numeral(t, i)
    if not a or a.value > 20:
        return None
    hyphens = t.at(a.stop) == t.at(a.stop + 2) == "-"  # one-in-five
    a = a._replace(stop=a.stop + hyphens)
    if t.at(a.stop) not in ("in", "out"):
        return None
    out = t.at(a.stop) == "out"
    j = a.stop + 1 + hyphens + (out and t.at(a.stop + 1) == "of") + (t.at(a.stop + 1) == "every")
    b = numeral(t, j)
    if not b or b.value <= a.value or b.value % 1 or unit_at(t, b.stop) or labels.year(t, j):
        return None
    if not out and a.value != 1 and b.value not in (10, 100) and not (is_plural(t.at(b.stop)) and a.value < 10):
        return None
    return _cued(_share(t, i, b.stop, a.value / b.value))


def _share(t: Tokens, i: int, stop: int, value: float) -> Quantity:
    return Quantity(t, i, stop, "fraction", value, unit="x", rule="fraction", rounding=0.005)


def multiplied(t: Tokens, i: int) -> Quantity | None:
    """Doubled, tripled, sixfold."""
    word, fold = t.words[i], FOLDS.get(t.words[i])
    if not fold and (t.at(i + 1) in ("as", "back", "down", "over") or (t.touches(i + 1) and t.at(i + 1) == "-")):
        return None
    value = fold or float(NUMBERS["multipliers"][word])
    q = Quantity(t, i, i + 1, "multiplier", value, unit="x", rule="multiplier", rounding=0.5 if value > 1 else 0.05)
    q.direction = "" if fold else "up" if value > 1 else "down"
    return _cued(q)


# vague plurals and bare durations -------------------------------------------------------------------------------------


def vague(t: Tokens, i: int) -> Quantity | None:
    """Tens of billions of dollars, hundreds of, dozens."""
    word, j = t.words[i], i + 1
    if (word in ("scores", "tens") and t.at(j) != "of") or (t.is_capital(i) and i):
        return None
    low, high = map(float, VAGUE[word])
    while t.at(j) == "of" and VAGUE.get(t.at(j + 1), (0, 0))[0] > 100:
        factor = MAGNITUDES[t.at(j + 1).removesuffix("s")]
        low, high, j = low * factor, high * factor, j + 2
    linked = t.at(j) == "of"
    unit = unit_at(t, j + 1) if linked else None
    if unit:
        q = Quantity(t, i, unit.stop, unit.kind, None, low, high, "~", unit.name, unit.assumed, rule="vague")
    else:
        name, _ = noun_phrase(t, j + 1) if linked else noun_phrase(t, j)
        q = Quantity(t, i, j, "count" if name else "vague", None, low, high, "~", name, rule="vague")
    q.per = rate(t, q.stop)[0]
    return q


def bare_duration(t: Tokens, i: int) -> Quantity | None:
    """Decades, of unknown number: at least two."""
    return Quantity(t, i, i + 1, "duration", None, 2.0, None, ">", singular(t.words[i]), rule="bare_plural")


def one_duration(t: Tokens, i: int) -> Quantity | None:
    """A decade later, more than a year: "a" counts only before a long span or after a bound."""
    word, unit = t.at(i + 1), unit_at(t, i + 1)
    if not unit or unit.kind != "duration" or unit.stop != i + 2 or len(word) < 3 or t.at(i - 1) == "half":
        return None
    comparator, _, cue = _comparator_before(t, i)
    is_bound = comparator[:1] in ("<", ">") and cue not in ("over", "under", "above", "below")
    if not (is_bound or word in ("decade", "century")):
        return None
    q = _cued(Quantity(t, i, i + 2, "duration", 1.0, unit=unit.name, rounding=0.5, rule="one_duration"))
    q.comparator = "~" if q.comparator == "=" else q.comparator
    return q


def span(t: Tokens, i: int) -> Quantity | None:
    """The decade before, the century to."""
    if t.at(i + 1) not in ("century", "decade") or t.at(i + 2) not in ("after", "before", "since", "to"):
        return None
    return Quantity(t, i, i + 2, "duration", 1.0, unit=t.at(i + 1), rule="one_duration")


def couple(t: Tokens, i: int) -> Quantity | None:
    """A couple of weeks, a couple hundred."""
    j = i + 2 + (t.at(i + 2) == "of")
    size = float(MAGNITUDES.get(t.at(j), 1))
    j += size > 1
    if t.at(i + 1) != "couple" or (j == i + 2 and t.at(j) != "more"):
        return None
    unit = unit_at(t, j) or _counted(t, j, 2.0)
    if not unit.name:
        return None
    stop = i + 2 if unit.kind == "count" else unit.stop
    return Quantity(t, i, stop, unit.kind, 2.0 * size, None, None, "~", unit.name, unit.assumed, rule="couple")


def one(t: Tokens, i: int) -> Quantity | None:
    """One as a number: one result, one of the outcomes, one hundred; not the pronoun."""
    figure, before, after = numeral(t, i), t.at(i - 1), t.at(i + 1)
    if figure and figure.value != 1:
        return amounts(t, i)
    if before in WORDS["not_before_one"] or (before == "-" and t.touches(i)):
        return None
    if after == "of":
        follows = t.at(i + 2)
        counted = follows in WORDS["determiners"] or follows in CARDINALS or is_plural(follows) or "'" in follows
        return amounts(t, i) if counted or follows in ("many", "several") else None
    if (after == "-" and t.touches(i + 1)) or (after in ("to", "or") and numeral(t, i + 2)):
        return amounts(t, i)
    if not after.isalpha() or is_end(after) or is_plural(after) or after == "another" or after.endswith(("ed", "ly")):
        return None
    return None if after[-1] == "s" and after[-2:] != "ss" else amounts(t, i)


# amounts: money, percent, measures, durations, counts -----------------------------------------------------------------


_LINKS: Final = frozenset((*DASHES, "and", "or", "to"))


def amounts(t: Tokens, i: int) -> Quantity | None:
    """A number with its unit, or two numbers that make a range; then the comparator around it."""
    a = _amount(t, i)
    if not a or a.value is None:
        return a
    if t.near[a.stop] in _LINKS:
        if a.kind == "count" and not a.unit and is_digits(t.at(a.stop + 1)) and labels.clock(t, a.stop + 1):
            return Quantity(t, i, a.stop, "identifier", rule="clock")  # between 3 and 6 p.m.
        joined = _range(t, a, i)
        if joined:
            return joined
    if t.near[i - 1] == "or" and t.at(i - 3) in ("a", "an", "another") and a.kind == "count" and not a.unit:
        unit = unit_at(t, i - 2)  # another farm or two
        known = unit and unit.kind in ("count", "duration")
        a.kind, a.unit = (unit.kind, unit.name) if unit and known else ("count", singular(t.at(i - 2)))
    _age(a, i)
    return _cued(a)


def _amount(t: Tokens, i: int) -> Quantity | None:
    """The number at token i with the unit before or after it."""
    near = t.near
    inner = near[i - 1] in ("-", "−") and t.touches(i) and t.touches(i - 1)  # $-5
    money = currency_before(t, i - inner)
    figure = numeral(t, i, money=bool(money))
    if not figure:
        return None
    loose = near[figure.stop] == "-" and _loose(t, figure.stop)
    if loose:
        figure = figure._replace(stop=figure.stop + 2)
    first = money[1] if money else i
    first, sign = (first, -1.0) if money and inner else _signed(t, first) if near[first - 1] in _SIGNS else (first, 1.0)
    unit: Unit | None
    if money:
        unit = Unit("money", money[0], figure.stop, money[2])
        again = unit_at(t, figure.stop)
        if again and again.kind == "money" and not again.assumed and again.name.isupper():
            unit = again if money[2] else unit._replace(stop=again.stop)
    else:
        if near[figure.stop] == "m":
            figure = _millions(t, figure)
        unit = _unit_after(t, figure)
    if unit is None:
        return None
    value, step = sign * figure.value, figure.step
    if unit.name == "basis point":
        value, step, unit = value / 100, step / 100, unit._replace(name="pp")
    measured = unit.kind != "count" or near[figure.stop] == "-" or unit_at(t, figure.stop)
    per = rate(t, unit.stop)[0] if near[unit.stop] in BEFORE_RATES else ""
    q = Quantity(t, first, unit.stop if measured else figure.stop, unit.kind, value, None, None, "=", unit.name,
                 unit.assumed, per, "down" if sign < 0 else "", step / 2, unit.kind)  # fmt: skip
    if q.per and q.kind in ("count", "duration") and q.unit:
        q.unit = f"{q.unit} per {q.per}"
    if loose:
        q.bound(loose)
        q.rule = f"{q.rule}+{t.words[figure.stop - 1]}"
    return q


_SIGNS: Final = frozenset(("-", "−", "–", "minus"))


def _loose(t: Tokens, j: int) -> str:
    """The comparator hyphened to a number: 20-plus years, 20-odd farms."""
    if t.at(j) != "-" or not (t.touches(j) and t.touches(j + 1)):
        return ""
    return {"odd": "~", "plus": ">="}.get(t.at(j + 1), "")


def _signed(t: Tokens, first: int) -> tuple[int, float]:
    """Where the number starts with its sign, and the sign."""
    before = t.at(first - 1)
    if before == "minus":
        return first - 1, -1.0
    if before in ("-", "−", "–") and t.touches(first):
        if t.at(first - 2) == "minus":
            return first - 2, -1.0
        rated = t.at(first + 1) in ("%", "pc", "bn", "m") or t.words[first] in ("$", "€", "£")
        if not t.touches(first - 1) and (rated or not t.is_capital(first - 2)):
            return first - 1, -1.0
    return first, 1.0


def _millions(t: Tokens, figure: Numeral) -> Numeral:
    """2.7m is a number of metres, unless a plural follows: 2.7m homes."""
    j = figure.stop
    if t.at(j) != "m" or not t.touches(j) or figure.magnitude > 1 or t.touches(j + 1):
        return figure
    stop = j + 1
    while stop < j + 6 and not is_plural(t.at(stop)) and (t.at(stop) == "and" or not is_end(t.at(stop))):
        stop += t.at(stop).isalpha() or 6
    if not is_plural(t.at(stop)):
        return figure
    return figure._replace(value=figure.value * 1e6, stop=j + 1, step=figure.step * 1e6, magnitude=1e6)


_OWN_RULES: Final = frozenset(("pound", "pounds", "won", "'", '"'))


def _unit_after(t: Tokens, figure: Numeral) -> Unit | None:
    j = figure.stop
    hyphened = t.near[j] == "-" and t.touches(j) and t.touches(j + 1) and t.at(j + 1)[:1].isalpha()
    k = j + hyphened
    word = t.near[k]
    if word == "fold" or (word == "x" and t.touches(k)):
        return Unit("multiplier", "x", k + 1)
    unit = unit_at(t, k) or (word in _OWN_RULES and (_pounds(t, k, figure) or _height(t, k)))
    if unit:
        return _qualified(t, unit)
    if not hyphened:
        return _counted(t, j, figure.value)
    if word in NUMBERS["parts"] or (is_end(word) and word not in ("strong", "to")):
        return None
    return Unit("count", "", j) if word in ("strong", "to") else Unit("count", singular(word), k + 1)


def _pounds(t: Tokens, k: int, figure: Numeral) -> Unit | None:
    """Pounds are money in the thousands and millions or in a sentence about British money, else taken for a weight."""
    if t.at(k) == "won" and figure.magnitude > 1e5:
        return Unit("money", "KRW", k + 1)
    if t.at(k) not in ("pound", "pounds"):
        return None
    if figure.magnitude > 100 or (t.at(k + 1) != "of" and not WORDS["british_money"].isdisjoint(t.words)):
        return Unit("money", "GBP", k + 1, True)
    return Unit("count", "pound-mass", k + 1, t.at(k + 1) != "of" and t.at(k - 1) != "-")


def _height(t: Tokens, k: int) -> Unit | None:
    """Feet and inches by their marks, where they cannot close a quotation: 5'10", an altitude of 30'."""
    if not t.touches(k):
        return None
    if t.at(k) == "'" and (t.words.count("'") == 1 or (t.touches(k + 1) and is_digits(t.at(k + 1)))):
        return Unit("count", "foot", k + 1)
    return Unit("count", "inch", k + 1) if t.at(k) == '"' and t.at(k - 2) == "'" and t.touches(k - 1) else None


def _qualified(t: Tokens, unit: Unit) -> Unit:
    """A unit and what the words after it make of it: years old are an age, times as much a multiplier."""
    j = unit.stop
    if unit.kind == "duration":
        j += t.at(j) == "-"
        if t.at(j) in ("old", "olds"):
            return Unit("age", unit.name, j + 1)
        if t.words[j : j + 2] == ["of", "age"]:
            return Unit("age", unit.name, j + 2)
    if unit.name == "time" and t.at(j) in WORDS["likened"]:
        return Unit("multiplier", "x", j)
    return unit


def _counted(t: Tokens, j: int, value: float) -> Unit:
    """The thing counted; "of the" leads to it: two of the leaders, one of three farms."""
    start, word = j, t.near[j]
    if word == "of":
        if t.at(j + 1) in WORDS["determiners"] or "'" in t.at(j + 1):
            j += 1 + (t.at(j + 1) in WORDS["determiners"])
            j += t.at(j) in WORDS["ranked"] and numeral(t, j + 1) is not None
        elif (is_digits(t.at(j + 1)) or t.at(j + 1) in CARDINALS) and not currency_before(t, j + 1):
            j += 1
        else:
            return Unit("count", "", j)
        whole = numeral(t, j)
        j = whole.stop if whole else j
        span = unit_at(t, j) if whole else None
        if span and span.kind in ("count", "duration"):
            return span._replace(stop=start)
        return Unit("count", noun_phrase(t, j + (t.at(j) in ("few", "many")), compound=value != 1)[0], start)
    if word == "who" and value != 1:
        return Unit("count", "people", j)
    j += word in ("fewer", "less", "more")
    if is_digits(t.near[j]):
        return Unit("count", _sized(t, j), start)
    name, stop = noun_phrase(t, j, one=value == 1)
    if (
        not name
        and "." in t.at(start - 1)
        and t.at(start - 2) in ("a", "an")
        and t.at(j).isalpha()
        and not is_end(t.at(j))
    ):
        return Unit("count", t.at(j), start)  # a 3.5 rating
    span = unit_at(t, stop - 1) if " " in name else None
    if span and span.kind == "duration" and len(t.words[stop - 1]) > 3:
        return Unit("duration", span.name, span.stop)
    return Unit("count", name, stop if name else j)


def _sized(t: Tokens, j: int) -> str:
    """Things counted by their size: two 30-second films, 5,000 12 litre kegs; "" if no plural follows the measure."""
    size = numeral(t, j)
    k = size.stop + (t.at(size.stop) == "-") if size else 0
    unit = unit_at(t, k)
    if not size or not unit or unit.kind not in ("count", "duration") or is_plural(t.at(k)):
        return ""
    name, stop = noun_phrase(t, unit.stop)
    joint = "-" if t.at(size.stop) == "-" else " "
    return f"{t.surface(j, size.stop)}{joint}{unit.name} {name}" if is_plural(t.at(stop - 1)) else ""


# ranges ---------------------------------------------------------------------------------------------------------------


def _range(t: Tokens, a: Quantity, i: int) -> Quantity | None:
    """5-7bn, between A and B, from A to B, 2 to 3%: one row with low and high, unit and magnitude for both ends."""
    link, word = a.stop, t.at(a.stop)
    if word == "-" and not t.touches(link + 1):
        return None
    j = link + 1 + (word == "to" and t.at(link + 1) == "-")
    while j < link + 4 and not is_digits(t.at(j)) and t.at(j) not in CARDINALS:
        j += 1
    money = currency_before(t, j)
    if j > link + 1 and not (money and money[1] == link + 1) and t.at(link + 1) != "-":
        return None
    b = _amount(t, j)
    if (
        not b
        or not isinstance(a.value, float)
        or not isinstance(b.value, float)
        or a.per
        or (not is_digits(t.at(j)) and t.at(j) not in CARDINALS)
    ):
        return None
    between, opened = word == "and" and t.at(a.first - 1) == "between", t.at(a.first - 1) == "from"
    is_bare = a.kind == "count" and a.unit == ""
    if word == "and" and not between:
        return None
    if word == "or" and (money or not (is_bare and b.value == a.value + 1)):
        return None
    if not is_bare and not (a.kind == b.kind and (a.unit == b.unit or "" in (a.unit, b.unit))):
        return None
    if word == "to" and not (is_bare and b.unit and not opened) and _is_move(t, a.first, opened=opened):
        return None
    low, high = a.value, b.value
    figure, first_figure = numeral(t, j, money=b.kind == "money"), numeral(t, i, money=a.kind == "money")
    if (
        figure
        and figure.magnitude > 1
        and first_figure
        and first_figure.magnitude == 1
        and low * figure.magnitude < high
    ):
        low *= figure.magnitude
    if high <= low:
        return None
    assumed = b.unit_assumed or a.unit_assumed
    q = Quantity(t, a.first - between, b.stop, b.kind, None, low, high, "range", b.unit or a.unit, assumed, b.per,
                 "", b.rounding, f"{b.kind}+range")  # fmt: skip
    comparator, first, _ = _comparator_before(t, q.first)
    if comparator == "~":
        q.first = first
    if is_bare and t.at(a.first - 1) in ("aged", "ages"):
        q.kind, q.unit, q.rule = "age", "year", "age+range"
    return q


def _is_move(t: Tokens, i: int, *, opened: bool) -> bool:
    """Whether "A to B" tells of a change from one level to another: a verb of change stands before it."""
    reach = 6 if opened else 1 + (t.at(i - 1) == "by")
    return any(t.at(k) in ways() for k in range(max(0, i - reach), i))


# ages and comparators -------------------------------------------------------------------------------------------------


def _age(q: Quantity, i: int) -> None:
    """At the age of 15, aged 15, she is 35, an apposition (Ann Lee, 45, said)."""
    t, value = q.t, q.value
    if q.kind not in ("count", "duration") or not isinstance(value, float) or not 0 < value < 125 or value % 1:
        return
    before, after = t.near[i - 1], t.near[i + 1]
    if before in ("aged", "ages") or (before == "of" and t.at(i - 2) in ("age", "ages")):
        q.stop = q.stop if q.kind == "duration" else i + 1
    elif q.unit or not is_digits(t.words[i]) or q.kind == "duration":
        return
    elif before in WORDS["age_verbs"]:
        subjects = {before[:-2].rstrip("'"), t.at(i - 2), t.at(i - 3)}
        if subjects.isdisjoint(WORDS["age_subjects"]) or (after.isalnum() and after not in WORDS["age_links"]):
            return
    elif not (before == "," and after == "," and t.is_capital(i - 2) and 10 < value < 110) or t.at(i - 2) in MONTHS:
        return
    q.kind, q.unit, q.rule = "age", "year", "age"


def _cued(q: Quantity) -> Quantity:
    """The comparator before or after, inside the span, and what it makes of value, low and high."""
    t, start = q.t, q.first
    if t.near[start - 1] not in _CUES and t.near[q.stop] not in _LATER_CUES and q.kind != "age":
        return q
    if q.kind == "age" and t.words[max(0, start - 3) : start] == ["the", "age", "of"]:
        comparator, _, cue = _comparator_before(t, start - 3)
    else:
        comparator, start, cue = _comparator_before(t, start)
    if q.kind == "duration" and cue == "over" and t.at(start - 1) not in WORDS["for_so_long"]:
        return q  # "over three days": meanwhile
    if comparator:
        q.first = start
    else:
        comparator, q.stop, cue = _comparator_after(q)
        if comparator and q.kind == "count" and not q.unit:
            q.unit = noun_phrase(t, q.stop)[0]  # 20 or so farms
    if not comparator or comparator == "=":
        return q
    q.bound(comparator)
    q.rule = f"{q.rule}+{cue}"
    return q


_LAST_CUE_WORDS: Final = frozenset(cue.split()[-1] for cue in BEFORE)
_CUES: Final = _LAST_CUE_WORDS | WORDS["further"]
_LATER_CUES: Final = frozenset(("+", *(cue.split()[0] for cue in AFTER)))


def _comparator_before(t: Tokens, i: int) -> tuple[str, int, str]:
    """The comparator whose cue ends right before token i, where the cue starts, and the cue; ("", i, "") if none."""
    if t.near[i - 1] in WORDS["further"]:
        i -= 1 + (t.at(i - 2) in ("a", "an"))  # at least another ten
    if t.near[i - 1] not in _LAST_CUE_WORDS:
        return "", i, ""
    for size in (4, 3, 2, 1):
        cue = " ".join(t.words[max(0, i - size) : i])
        if cue in BEFORE:
            return BEFORE[cue], max(0, i - size), cue
    return "", i, ""


def _comparator_after(q: Quantity) -> tuple[str, int, str]:
    """The comparator right after a quantity ("or more", "+"), the token after it, and the cue."""
    t, j = q.t, q.stop
    word = t.near[j]
    if word == "+" and t.touches(j):
        return ">=", j + 1, "+"
    if word in _LATER_CUES:
        for size in (2, 1):
            cue = " ".join(t.words[j : j + size])
            if cue in AFTER and not (cue == "plus" and t.at(j + 1)[:1].isalnum()):
                return AFTER[cue], min(j + size, len(t.words)), cue
    return "", j, ""


# Rules for digits, by what stands behind them
_OTHERS: Final[tuple[Rule, ...]] = (labels.identifier, amounts)
_FOUR: Final[tuple[Rule, ...]] = (labels.year, *_OTHERS)
_ALL: Final[tuple[Rule, ...]] = (labels.iso_date, labels.clock, labels.date_day_first, labels.decade, labels.year,
    labels.identifier, labels.century, labels.ordinal, slashed, ratio, amounts)  # fmt: skip
_SPECIAL: Final = frozenset(("/", "-", ":", "'", "s", "of", "a", "p", "in", "out", *labels.HALVES,
    *WORDS["ordinal_endings"], *MONTHS, *NUMBERS["glyphs"]))  # fmt: skip
