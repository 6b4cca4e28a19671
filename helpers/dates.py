"""Dates as pages write them; an ambiguous or incomplete one is found but never completed by guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<{0}>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?\b"
_DATE = re.compile(
    r"\b(?:"
    + _MONTH.format("m1") + r"[ -]" + _DAY.format("d1") + r"(?:,? " + _YEAR.format("y1") + r")?"
    + r"|" + _DAY.format("d2") + r"[ -](?:of )?" + _MONTH.format("m2") + r"(?:,?[ -]" + _YEAR.format("y2") + r")?"
    + r"|" + _YEAR.format("y3") + r"(?P<s3>[-/.])(?P<m3>[01]?\d)(?P=s3)(?P<d3>[0-3]?\d)(?!\d)"
    + r"|(?P<a>[0-3]?\d)(?P<s4>[-/.])(?P<b>[0-3]?\d)(?P=s4)(?P<y4>(?:19|20)\d\d|\d\d)(?!\d)"
    + r")"
)  # fmt: skip


class Date(NamedTuple):
    """A date in a text: offsets, year (None = not stated), month and day (None = two readings)."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    @property
    def iso(self) -> str:
        """2023-03-22, or "" where year, month or day is open."""
        return f"{self.year}-{self.month:02}-{self.day:02}" if self.year and self.month and self.day else ""


_DIGIT = re.compile(r"\d")


def find(text: str) -> Iterator[Date]:
    """The dates in `text`, which is in lower case. 03/04/23 has two readings: found, month and day None.

    >>> [d.iso for d in find("published march 22nd, 2023 - updated 2023-03-24, 22.3.2023, 03/04/23")]
    ['2023-03-22', '2023-03-24', '2023-03-22', '']
    """
    for m in _DATE.finditer(text) if _DIGIT.search(text) else ():
        made = _read(m)
        if made is not None:
            yield Date(m.start(), m.end(), *made)


def _read(m: re.Match) -> tuple[int | None, int | None, int | None] | None:
    g = m.groupdict()
    for i in "12":
        if g["m" + i]:
            return _checked(g["y" + i], _NAMES.index(g["m" + i][:3]) + 1, int(g["d" + i]))
    if g["y3"]:
        return _checked(g["y3"], int(g["m3"]), int(g["d3"]))
    a, b, year = int(g["a"]), int(g["b"]), g["y4"]
    if len(year) == 2:
        year = "20" + year
    if g["s4"] == "." or a > 12 or a == b:
        return _checked(year, b, a)
    if b > 12:
        return _checked(year, a, b)
    return int(year), None, None


def _checked(year: str | None, month: int, day: int):
    try:
        date(int(year or 2000), month, day)
    except ValueError:
        return None
    return (int(year) if year else None), month, day
