"""What a number takes from its neighbours: the unit of a figure beside it, a bound said once, the way it moves.

Quantities of one sentence, in order -> the same, completed. What is taken from another figure is named in `inherited`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from .numerals import WORDS, Numeral, Quantity, numeral, table

MOVING: Final = frozenset(
    "money percent percentage_point multiplier fraction count".split()
)  # kinds that go up or down


def settle(found: list[Quantity]) -> None:
    """Complete the quantities of a sentence from each other."""
    if len(found) > 1:
        for k in range(len(found) - 1, -1, -1):
            if found[k].kind == "count" and not found[k].unit:
                _share_unit(found, k)
    before = None
    for q in found:
        if before and before.comparator != "=" and q.comparator == "=" and q.t.near[q.first - 1] in ("(", "/"):
            _converted(q, before)
        if q.kind in MOVING and not q.direction:
            q.direction = _direction(q, before)
        before = q


def _share_unit(found: list[Quantity], k: int) -> None:
    """A bare number's unit is its neighbour's: five- and six-door; 6m homes, including 1.5m here; from 3 to 5%."""
    q = found[k]
    t, value = q.t, abs(float(q.value or q.low or q.high or 0))
    before, after = found[k - 1] if k else None, found[k + 1] if k + 1 < len(found) else None
    if before and before.unit == "foot" and t.words[before.stop : q.first] == ["-"]:
        q.unit = "inch"  # 6-foot-4
    elif after and t.at(q.stop) == "-" and t.touches(q.stop) and after.kind in ("count", "duration"):
        q.unit, q.kind = after.unit, after.kind
    elif after and after.kind == "count" and t.words[q.stop : after.first] in (["up"], ["down"]):
        q.unit = after.unit
    elif after and after.kind in _SCALES and t.words[q.stop : after.first] in (["to"], ["or"]):
        _take(q, after)
        _grow(q, numeral(t, q.stop + 1), float(after.value or after.low or after.high or 0))
    elif before and before.kind == "count" and before.unit and value >= 100:
        between = t.words[before.stop : q.first]
        if len(between) < 9 and between[-1:] and between[-1] in ("from", "including", "than", "to", "versus", "with"):
            q.unit = before.unit
            q.inherited.append("unit")
    if q.unit or (t.at(q.stop)[:1].isalnum() and t.at(q.stop) not in WORDS["after_figures"]):
        return
    link = t.at(q.first - 1)
    for other in reversed(found[:k]):
        size = abs(float(other.value or other.low or other.high or 0)) if other.kind in _SCALES else 0
        if size and other.unit and q.first - other.stop < 13 and size / 4 <= value <= size * 4:
            if link in WORDS["figure_links"] or link in ways():
                _take(q, other)
            return


_SCALES: Final = frozenset(("money", "percent", "percentage_point", "count", "duration"))


def _grow(q: Quantity, figure: Numeral | None, size: float) -> None:
    """Give the magnitude of the number after it to one that has none: from 2.5 to 3.1 million."""
    low = q.value if isinstance(q.value, float) else 0.0
    if figure and figure.magnitude > 1 and 0 < low < 1000 and size / 10 < low * figure.magnitude < size * 10:
        q.value, q.rounding = low * figure.magnitude, (q.rounding or 0) * figure.magnitude


def _take(q: Quantity, other: Quantity) -> None:
    """Give a bare number the kind and unit of another."""
    q.kind, q.unit, q.unit_assumed, q.per = other.kind, other.unit, other.unit_assumed, other.per
    q.inherited.append("unit")


def _converted(q: Quantity, before: Quantity) -> None:
    """Just under 90 km (56 miles): the same bound in another unit, said in brackets."""
    t = q.t
    bracketed = t.at(q.first - 1) == "(" and before.stop == q.first - 1
    if not (
        bracketed or (t.at(q.first - 1) == "/" and before.stop == q.first - 1 and "comparator" in before.inherited)
    ):
        return
    if q.value is None or q.kind not in ("count", "money", "duration") or before.comparator == "range":
        return
    q.bound(before.comparator)
    q.inherited.append("comparator")


@cache
def ways() -> Mapping[str, str]:
    """Verbs and nouns of change -> up or down."""
    return {word: way for way in ("up", "down") for word in table("directions.toml")[way]}


@cache
def _adverbs() -> Mapping[str, str]:
    return {word: way for way in ("up", "down") for word in table("directions.toml")[way + "_adverbs"]}


@cache
def _between() -> frozenset[str]:
    return frozenset(table("directions.toml")["between"]) | {",", "(", ")", "—"}


def _direction(q: Quantity, before: Quantity | None) -> str:
    """Up or down: a verb or noun of change before the number, or an adverb or noun after it; "" for a level."""
    near, i, verbs = q.t.near, q.first - 1, ways()
    word, after = near[i], near[q.stop]
    if before and before.direction and before.kind in MOVING and _is_joined(q.t.words[before.stop : q.first]):
        return before.direction
    if q.kind == "count":
        return verbs.get(near[i - 1] if word == "by" else word, word if word in ("up", "down") else "")
    if after in _adverbs() and near[q.stop + 1] != "to":
        return _adverbs()[after]
    if after in verbs and q.kind != "money":
        return verbs[after]
    if word in ("up", "down") and not q.rule.endswith("up to"):
        return word
    if word in ("at", "for", "from", "to", "with") or (word in ("a", "an") and near[i - 1] != "by"):
        return ""
    for k in range(i, max(-1, i - 9), -1):
        word = near[k]
        if word in verbs:
            return verbs[word]
        if word in ("up", "down"):
            return word
        if word not in _between() and not word.endswith("ly") and not (len(word) == 4 and word.isdigit()):
            return ""
    return ""


def _is_joined(words: list[str]) -> bool:
    return 0 < len(words) < 4 and all(w in ("and", ",", "or", "(") for w in words)
