"""What number stands here: digits, words and magnitudes read as one value, with the place of its last written digit.

Tokens of a sentence -> Numeral. Spelled numbers follow the usual English composition (hundreds inside thousands inside
millions); the step is what the figure's own writing claims: 190 billion is good to ten billion, 12.8 to a tenth.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Final, NamedTuple

from .language import Remembered

TOKEN: Final = re.compile(
    r"[0-9]+(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)*|[^\W\d_]+(?:'[^\W\d_]+)*|(?<!\w)\.[0-9]+|\S"
)


@cache
def table(name: str) -> Mapping[str, Any]:
    """A TOML file in helpers/data."""
    return tomllib.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))


NUMBERS: Final = table("numbers.toml")
CARDINALS, MAGNITUDES, ORDINALS = NUMBERS["cardinals"], NUMBERS["magnitudes"], NUMBERS["ordinals"]
MONTHS, VAGUE = NUMBERS["months"], NUMBERS["vague"]
WORDS: Final[Mapping[str, frozenset[str]]] = {name: frozenset(words) for name, words in NUMBERS["words"].items()}
GLYPHS: Final = NUMBERS["glyphs"]
FOLDS: Final = {f"{word}fold": float(value) for word, value in {**CARDINALS, **MAGNITUDES}.items()}
OPENERS: Final = frozenset((  # the words that can set off a rule
    *CARDINALS, *MAGNITUDES, *GLYPHS, *ORDINALS, *NUMBERS["multipliers"], *FOLDS, *VAGUE, *MONTHS,
    "a", "an", "centuries", "decades", "half", "the",
))  # fmt: skip
# the words without which a text without digits holds no number, save after a bound (more than a month)
TRIGGERS: Final = (OPENERS - {"a", "an", "the", *MONTHS}) | {"couple", "century", "decade", "quarter"}
_OPENING: Final = frozenset((*CARDINALS, *MAGNITUDES, "a", "an", "half"))  # what a number in words can start with
_ONTO_DIGITS: Final = frozenset((*GLYPHS, *MAGNITUDES, *NUMBERS["short_magnitudes"], "-", "b", "k", "m", "t"))


_MARKS: Final = re.compile(r"[^\W\d_]+|[0-9½¼¾⅓⅔]")
_BINDING: Final = frozenset(("than", "least"))


def states(low: str) -> bool:
    """Whether a string without blanks, in lower case, holds a digit or a number word.

    >>> states("3.5%"), states("forty-two,"), states("forthwith")
    (True, True, False)
    """
    if low.isalpha():
        return low in TRIGGERS
    return any(not part.isalpha() or part in TRIGGERS for part in _MARKS.findall(low))


def binds(low: str) -> bool:
    """Whether a string without blanks, in lower case, can be part of a bound or a rate (more than a, a year)."""
    return low in _BINDING or any(part in _BINDING or part[:4] == "year" for part in _MARKS.findall(low))


class Tokens:
    """A stretch of text cut into words, numbers and marks, in lower case.

    words    the tokens
    near     the same with empty ones behind, more than any rule looks ahead or back: near[-1] is empty, too
    at(i)    the token at i, empty outside the stretch
    opening  the places of those that a number can start with
    """

    __slots__ = ("_joints", "_places", "at", "end", "folded", "lower", "near", "opening", "start", "words")

    def __init__(
        self, folded: str, lower: str, start: int, end: int, words: list[str], joints: list[int], opening: list[int]
    ):
        self.folded, self.lower, self.start, self.end = folded, lower, start, end
        self._joints = joints  # tokens that stand right against the one before
        self._places: list[int] = []  # made when asked for
        self.words, self.opening = words, opening
        self.near = words + _PAD
        self.at = self.near.__getitem__

    def touches(self, i: int) -> bool:
        """Whether token i stands right against the one before it."""
        k = bisect_left(self._joints, i)
        return k < len(self._joints) and self._joints[k] == i

    def place(self, i: int) -> int:
        """The offset of token i in the text."""
        return (self._places or self._find())[i] + i - bisect_right(self._joints, i)

    def _find(self) -> list[int]:
        """Where the tokens stand, less the blanks before them: one where none is a joint."""
        self._places = list(accumulate(map(len, self.words), initial=self.start))
        if self._places[-1] + len(self.words) - len(self._joints) - 1 != self.end:  # somewhere are more blanks than one
            at = self.start
            for i, word in enumerate(self.words):
                at = self.lower.index(word, at)
                self._places[i] = at - i + bisect_right(self._joints, i)
                at += len(word)
        return self._places

    def is_capital(self, i: int) -> bool:
        """Whether the word at i holds a capital letter (iPhone does)."""
        if not 0 <= i < len(self.words):
            return False
        word, place = self.words[i], self.place(i)
        return self.folded[place : place + len(word)] != word

    def surface(self, i: int, j: int) -> str:
        """The text of tokens i to j, j excluded."""
        return self.folded[self.place(i) : self.place(j - 1) + len(self.words[j - 1])]


_PAD: Final = [""] * 24


def cut(low: str) -> tuple[list[str], list[int]]:
    """The tokens of a string without blanks, and which of them a number can start with.

    >>> cut("12.8%-rise")
    (['12.8', '%', '-', 'rise'], [0])
    """
    tokens = TOKEN.findall(low)
    return tokens, [i for i, word in enumerate(tokens) if word in OPENERS or is_digits(word)]


@dataclass(slots=True)
class Quantity:
    """One numeric expression: its tokens first to stop, and what it states (None or "" = not stated)."""

    t: Tokens
    first: int
    stop: int
    kind: str
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    comparator: str = "="
    unit: str = ""
    unit_assumed: bool = False
    per: str = ""
    direction: str = ""
    rounding: float | None = None  # half the place of the last significant digit as written
    rule: str = ""
    inherited: list[str] = field(default_factory=list)

    def bound(self, comparator: str) -> None:
        """Take a comparator; after "more than" the number is the lower bound, after "less than" the upper one."""
        self.comparator = comparator
        if isinstance(self.value, float):
            if comparator in (">", ">="):
                self.low, self.value = self.value, None
            elif comparator in ("<", "<="):
                self.high, self.value = self.value, None

    @property
    def start(self) -> int:
        return self.t.place(self.first)

    @property
    def end(self) -> int:
        last = self.stop - 1
        return self.t.place(last) + len(self.t.words[last])


class Numeral(NamedTuple):
    """A number: its value, the token after it, the place of its last significant digit, its magnitude (1 if none)."""

    value: float
    stop: int
    step: float
    magnitude: float = 1.0
    spelled: bool = False


def is_digits(word: str) -> bool:
    first = word[:1]
    return first in _DIGITS and (first != "." or len(word) > 1)


_DIGITS: Final = frozenset("0123456789.")


def numeral(t: Tokens, i: int, *, money: bool = False) -> Numeral | None:
    """The number that starts at token i, or None. `money`: a currency stands before it, so a bare m is a million."""
    word = t.at(i)
    if is_digits(word):
        return _digits(t, i, money=money)
    if word in GLYPHS:
        return Numeral(GLYPHS[word], i + 1, 0.01)
    return _words(t, i) if word in _OPENING else None


def _digits(t: Tokens, i: int, *, money: bool) -> Numeral | None:
    word, stop = t.words[i], i + 1
    after = t.near[stop]
    if len(word) < 4 and after.isdigit() and "." not in word:
        groups = stop
        while groups < stop + 4 and _is_group(t, groups):
            groups += 1
        if groups > stop + 1 or (groups == stop + 1 and t.words[stop] == "000"):
            word, stop = "".join(t.words[i:groups]), groups
            after = t.near[stop]
    read = _written[word]
    if read is None:
        return None
    value, step = read
    if after not in _ONTO_DIGITS:
        return Numeral(value, stop, step)
    if after in GLYPHS and t.touches(stop):
        return Numeral(value + GLYPHS[after], stop + 1, 0.25)
    return _magnified(t, value, stop, step, money=money)


@Remembered
def _written(word: str) -> tuple[float, float] | None:
    """The value of a number in digits, and the place of its last significant digit; None for what is no number."""
    digits = word.replace(",", "")
    if word.count(".") > 1 or len(digits) > 20:
        return None  # a code, not a count
    whole, _, decimals = digits.partition(".")
    step = 10.0 ** -len(decimals) if decimals else 10.0 ** (len(whole) - len(whole.rstrip("0") or "0"))
    return float(digits), step


def _is_group(t: Tokens, i: int) -> bool:
    """Whether token i is a group of three digits set off by one blank, as in 940 000."""
    word = t.at(i)
    place = t.place(i) if len(word) == 3 and word.isascii() and word.isdigit() and i else 0
    return place > 0 and place - 1 == t.place(i - 1) + len(t.words[i - 1]) and t.folded[place - 1] == " "


def _magnified(t: Tokens, value: float, stop: int, step: float, *, money: bool) -> Numeral:
    short = NUMBERS["short_magnitudes"]
    magnitude = 1.0
    while True:
        word, size, after = t.at(stop), 0.0, stop + 1
        if word == "-" and t.touches(stop) and t.touches(stop + 1) and t.at(stop + 1) in MAGNITUDES:
            word, after = t.at(stop + 1), stop + 2
        if word in MAGNITUDES and word != "dozen":
            size = MAGNITUDES[word]
        elif magnitude == 1.0 and not (t.touches(after) and t.at(after)[:1].isalnum()):
            if word in short:
                size = short[word]
            elif word in ("m", "b", "k", "t") and (t.touches(stop) or money):
                size = _letter(t, stop, money=money)
        if not size:
            return Numeral(value, stop, step, magnitude)
        value, step, magnitude, stop = value * size, step * size, magnitude * size, after


def _letter(t: Tokens, i: int, *, money: bool) -> float:
    """What a single letter written onto a number multiplies it by, 0 if it is a unit."""
    letter = t.words[i]
    capital = t.is_capital(i)
    if letter == "k":
        return 1e3
    if letter == "m" and (money or capital):
        return 1e6
    if letter == "b" and (money or capital):
        return 1e9
    return 1e12 if letter == "t" and money else 0.0


def _words(t: Tokens, i: int) -> Numeral | None:
    word = t.at(i)
    if word == "half" and t.at(i + 1) in ("a", "an") and t.at(i + 2) in MAGNITUDES:
        size = MAGNITUDES[t.at(i + 2)]
        return Numeral(size / 2, i + 3, size / 2, 1.0, True)
    if word in ("a", "an", "several"):
        if word == "several" or t.at(i + 1) not in MAGNITUDES:
            return None
        i, current, any_word = i + 1, 1.0, True
    else:
        current, any_word = 0.0, False
    total, step, biggest, magnitude = 0.0, 1.0, 1e18, 1.0
    while True:
        word = t.at(i)
        skip = 1
        if any_word and word == "-" and t.touches(i) and t.touches(i + 1):
            word, skip = t.at(i + 1), 2
        elif any_word and word == "and" and t.at(i - 1) in MAGNITUDES:
            word, skip = t.at(i + 1), 2
            if word not in CARDINALS:
                break
        if word in CARDINALS and not (any_word and word == "one" and skip == 1 and current < 20):
            value = float(CARDINALS[word])
            if current and not (current % 100 == 0 or (current % 100 >= 20 and current % 10 == 0 and 0 < value < 10)):
                break
            current, step = current + value, 1.0
        elif word in MAGNITUDES and any_word:
            size = float(MAGNITUDES[word])
            if size >= biggest:
                break
            if size in (12.0, 100.0):
                current *= size
            else:
                total, current, biggest = total + (current or 1.0) * size, 0.0, size
            step, magnitude = size, max(magnitude, size)
        else:
            break
        any_word, i = True, i + skip
    if not any_word:
        return None
    value = total + current
    if t.words[i : i + 3] == ["and", "a", "half"]:
        return _magnified(t, value + 0.5, i + 3, 0.5, money=False)._replace(spelled=True)
    return Numeral(value, i, step, magnitude, True)
