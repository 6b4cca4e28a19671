"""Numbers that measure nothing: names, scores, clock times, dates, years, decades, centuries, ordinals.

They are read first, so that no rule for amounts takes them for a quantity. Tokens -> Quantity, one function a rule.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import Final

from .language import words_of
from .nouns import currency_before, is_end, is_plural, noun_phrase, plurals, unit_at
from .numerals import (
    CARDINALS,
    MAGNITUDES,
    MONTHS,
    NUMBERS,
    ORDINALS,
    VAGUE,
    WORDS,
    Quantity,
    Tokens,
    is_digits,
    numeral,
    table,
)

DASHES: Final = ("-", "–")
ONTO: Final = frozenset("am b bln bn k m mil mln mn pm s tn trn".split()) | WORDS["ordinal_endings"]


# names ----------------------------------------------------------------------------------------------------------------


_LABELS: Final = frozenset(words_of("identifiers.txt"))
_BEFORE_NAMES: Final = _LABELS | {".", "-", "no", "nos", "#", "@", "_", "="}
_GLUES: Final = frozenset((")", "/", *DASHES))


@cache
def _not_names() -> frozenset[str]:
    """Capitalised words before a number that are no name: months, days, verbs of change, the words before a number."""
    ways = table("directions.toml")
    cues = {cue.split()[-1] for cue in NUMBERS["before"]}
    return frozenset(cues) | set(MONTHS) | WORDS["days"] | set(VAGUE) | set(ways["up"]) | set(ways["down"])


def identifier(t: Tokens, i: int) -> Quantity | None:
    """A number that is part of a name: AK-47, S23, Siberia 2, Act 1974, 2-1, 555-0199."""
    word, before, after = t.words[i], t.near[i - 1], t.near[i + 1]
    if before not in _BEFORE_NAMES:
        if not is_digits(word):
            return _spelled(t, i)
        glued = (before.isalpha() and t.touches(i)) or ((after.isalpha() or after in _GLUES) and t.touches(i + 1))
        if not glued and word.count(".") < 2:
            return _named(t, i)
    labelled = before in _LABELS and not is_plural(after) and not unit_at(t, i + 1)
    if (labelled and (is_digits(word) or word in CARDINALS)) or _is_numbered(t, i):
        return Quantity(t, i, i + 1, "identifier", rule="label")
    if not is_digits(word):
        return _spelled(t, i)
    if before == "." and t.touches(i - 1) and len(t.at(i - 2)) == 1 and t.is_capital(i - 2):
        return Quantity(t, i, i + 1, "identifier", rule="label")  # H.R. 6172
    if after == ")" and t.touches(i + 1) and (i == 0 or before in (".", ";", ":")):
        return Quantity(t, i, i + 1, "identifier", rule="list")
    if word.count(".") > 1 or (before in ("#", "@", "_", "=") and t.touches(i)):
        return Quantity(t, i, i + 1, "identifier", rule="label")
    if before == "-" and word.isdigit() and t.touches(i) and i > 1 and not (t.touches(i - 1) or unit_at(t, i + 1)) \
            and t.at(i - 2) in _LABELS and t.is_capital(i - 2):  # fmt: skip
        return Quantity(t, i, i + 1, "identifier", rule="hyphened_name")  # NAME -23
    if t.touches(i) and before.isalpha() and not currency_before(t, i):
        return Quantity(t, i - 1, _name_end(t, i + 1), "identifier", rule="letter_digit")
    if t.touches(i) and before == "-" and t.touches(i - 1) and t.at(i - 2)[:1].isalpha():
        name = t.surface(i - 2, i - 1)
        if t.is_capital(i - 2) and "." not in word and name.lower() not in WORDS["plain_hyphens"]:
            first = i - 2 if name.isupper() else i
            return Quantity(t, first, _name_end(t, i + 1), "identifier", rule="hyphened_name")
    if after == "p" and t.touches(i + 1) and word in WORDS["video"]:
        return Quantity(t, i, i + 2, "identifier", rule="digit_letter")
    if before == "-" and t.touches(i) and t.touches(i - 1) and t.at(i - 2) in WORDS["ranks"]:
        return Quantity(t, i, i + 1, "identifier", rule="hyphened_name")  # the last-16 stage
    if after == "k" and t.touches(i + 1) and t.is_capital(i + 1) and len(word) < 3 \
            and not (is_plural(t.at(i + 2)) or currency_before(t, i)):  # fmt: skip
        return Quantity(t, i, i + 2, "identifier", rule="digit_letter")  # 4K, 10K
    if t.touches(i + 1) and after.isalpha() and not _is_suffix(t, i):
        return Quantity(t, i, _name_end(t, i + 1), "identifier", rule="digit_letter")
    if t.touches(i + 1) and t.touches(i + 2) and is_digits(t.at(i + 2)):
        if after == "/":
            if (word, t.at(i + 2)) == ("9", "11"):
                return Quantity(t, i, i + 3, "identifier", rule="slashed")
            return None if _is_part(t, i) else Quantity(t, i, i + 3, "identifier", rule="slashed")
        if after in DASHES:
            return _joined(t, i)
    return _named(t, i)


def _is_numbered(t: Tokens, i: int) -> bool:
    """Whether No. or vol. stands before the number; without its point No needs a capital and a figure."""
    before = t.at(i - 1)
    if before == ".":
        return t.at(i - 2) in ("no", "nos", "vol")
    return before in ("no", "nos") and t.is_capital(i - 1) and is_digits(t.words[i]) and not is_plural(t.at(i + 1))


def goes_on(name: Quantity, q: Quantity) -> bool:
    """Whether a bare number goes on a list of names: iPhone 11 and 12, articles 5, 6 and 7."""
    words = q.t.words[name.stop : q.first]
    listed = name.kind == "identifier" and name.rule in ("name_number", "label", "letter_digit")
    while words and q.t.is_capital(q.first - len(words)) and q.t.is_capital(q.stop):  # Strelsau 2 Pro and 3 Pro
        words = words[1:]
    return listed and 0 < len(words) < 3 and all(w in ("and", ",", "or", "&") for w in words)


def _name_end(t: Tokens, i: int) -> int:
    while t.touches(i) and t.at(i)[:1].isalnum():
        i += 1
    return i


def _is_suffix(t: Tokens, i: int) -> bool:
    """Whether the letters written onto a number are a unit, a magnitude, an ordinal ending or a clock's am and pm."""
    after = t.words[i + 1]
    if after in ONTO or after in MAGNITUDES or after == "fold" or (after == "x" and not t.touches(i + 2)):
        return True
    unit = unit_at(t, i + 1)
    return unit is not None and not (t.touches(unit.stop) and t.at(unit.stop)[:1].isalnum())


def _is_part(t: Tokens, i: int) -> bool:
    """Whether 1/2 is a fraction and not a date, a ratio of days or a grade."""
    a, b = t.words[i], t.words[i + 2]
    return max(len(a), len(b)) < 3 and a.isdigit() and b.isdigit() and 0 < int(a) < int(b) <= 20 and t.at(i + 3) != "/"


def _joined(t: Tokens, i: int) -> Quantity | None:
    """Digits joined by hyphens: a score, a telephone number or a code, unless a unit or a rising range follows."""
    stop = i + 1
    while t.at(stop) in DASHES and t.touches(stop) and t.touches(stop + 1) and is_digits(t.at(stop + 1)):
        stop += 2
    parts = [t.words[k].replace(",", "") for k in range(i, stop, 2)]
    if len(parts) > 2:
        return Quantity(t, i, stop, "identifier", rule="code")
    if any(p.count(".") > 1 for p in parts) or currency_before(t, i) or unit_at(t, stop) or t.at(stop) == "-":
        return None
    if t.at(i - 1) in ("aged", "ages"):
        return None
    a, b = map(float, parts)
    if len(parts[0]) == 4 and 1000 <= a <= 2099:
        return None
    last = numeral(t, i + 2)
    if last and last.stop > stop:
        return None
    if a >= b or not noun_phrase(t, stop)[0] or (len(parts[1]) == 4 and len(parts[0]) == 3):
        return Quantity(t, i, stop, "identifier", rule="score")
    return None


def _spelled(t: Tokens, i: int) -> Quantity | None:
    """A spelled number that ends a name: Strelsau One said."""
    before = t.near[i - 1]
    if is_end(before) or i < 2 or not before.isalpha() or before in _not_names() or t.words[i] not in CARDINALS:
        return None
    if not (t.is_capital(i) and t.is_capital(i - 1)) or t.is_capital(i + 1) or t.near[i + 1] in _AFTER_SPELLED:
        return None
    return Quantity(t, i, i + 1, "identifier", rule="name_number")


_AFTER_SPELLED: Final = frozenset(("-", *MAGNITUDES))


def _named(t: Tokens, i: int) -> Quantity | None:
    """A whole number after a capitalised word, with nothing counted behind it: Siberia 2, Area 51, S&P 500."""
    word, before, after = t.words[i], t.near[i - 1], t.near[i + 1]
    if is_end(before) or not word.isdigit() or len(word) > 4 or t.touches(i) or before in _not_names():
        return None
    if not t.is_capital(i - 1) or currency_before(t, i) or (len(word) == 4 and 1900 <= int(word) <= 2099):
        return None
    if before == "p" and t.at(i - 2) in ("&", "s"):
        return Quantity(t, i, i + 1, "identifier", rule="name_number")
    figure = numeral(t, i)
    if figure is None or figure.stop > i + 1 or unit_at(t, i + 1) or (after in DASHES and t.touches(i + 1)):
        return None
    if i == 1 and (is_plural(after) or len(before) < 3 or before.endswith(("ly", "ing"))):
        return None
    if is_plural(after) and t.at(i - 2) in WORDS["places"]:
        return None
    return Quantity(t, i, i + 1, "identifier", rule="name_number")


# clock, dates ---------------------------------------------------------------------------------------------------------

HALVES: Final[frozenset[str]] = frozenset(("am", "pm", "gmt", "o'clock"))
_HOUR: Final = re.compile(r"[0-2]?[0-9](?:\.?[0-5][0-9])?$")
_ISO: Final = re.compile(r"(?:19|20)[0-9]{2}[-/](?:0?[0-9]|1[0-2])[-/][0-3]?[0-9]\b")


def clock(t: Tokens, i: int) -> Quantity | None:
    """9:35, 1.05am, 7 p.m., 8 o'clock."""
    stop = i + 1
    while t.at(stop) == ":" and t.touches(stop) and t.touches(stop + 1) and is_digits(t.at(stop + 1)):
        stop += 2
    if stop == i + 1:
        half = t.at(i + 1)
        dotted = half in ("a", "p") and t.at(i + 2) == "." and t.at(i + 3) == "m"
        if not _HOUR.match(t.words[i]) or not (dotted or half in HALVES):
            return None
        stop = i + 4 if dotted else i + 2
    return Quantity(t, i, stop, "identifier", rule="clock")


def iso_date(t: Tokens, i: int) -> Quantity | None:
    """2023-03-21, with what time is written onto it."""
    if t.at(i + 1) not in ("-", "/") or not _ISO.match(t.lower, t.place(i)):
        return None
    stop = i + 5
    while t.touches(stop) and (t.at(stop)[0].isalnum() or t.at(stop) in (":", ".", "-")):
        stop += 1
    return _dated(t, i, stop, int(t.words[i]), int(t.words[i + 2]), int(t.words[i + 4]))


def date_day_first(t: Tokens, i: int) -> Quantity | None:
    """15 March 2023, 22nd of March."""
    if not _is_day(t.words[i]) or t.touches(i):
        return None
    j = _past_ending(t, i + 1)
    j += t.at(j) == "of"
    if t.at(j) not in MONTHS or not t.is_capital(j):
        return None
    month = MONTHS[t.words[j]]
    j += 1 + (t.at(j + 1) == "." and t.touches(j + 1))
    year, stop = _year_after(t, j)
    return _dated(t, i, stop, year, month, int(t.words[i]))


def date_month_first(t: Tokens, i: int) -> Quantity | None:
    """Mar 21, March 22nd, Oct. 25-29, January 13, 2023."""
    if not t.is_capital(i):
        return None
    j = i + 1 + (t.at(i + 1) == "." and t.touches(i + 1))
    if not _is_day(t.at(j)) or t.at(j + 1) in (":", "%"):
        return None
    day, j = int(t.words[j]), _past_ending(t, j + 1)
    while t.at(j) in _THROUGH and _is_day(t.at(j + 1)) and not unit_at(t, j + 2):
        j += 2
    year, stop = _year_after(t, j)
    return _dated(t, i, stop, year, MONTHS[t.words[i]], day)


_THROUGH: Final = frozenset((*DASHES, "to"))


def _is_day(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 31


def _past_ending(t: Tokens, j: int) -> int:
    return j + 1 if t.at(j) in WORDS["ordinal_endings"] and t.touches(j) else j


def _year_after(t: Tokens, j: int) -> tuple[int, int]:
    """The year that follows a day and a month, and the token after it; 0 if none."""
    k = j + 1 if t.at(j) == "," else j
    word = t.at(k)
    return (int(word), k + 1) if len(word) == 4 and word.isdigit() and 1500 <= int(word) <= 2099 else (0, j)


def _dated(t: Tokens, i: int, stop: int, year: int, month: int, day: int) -> Quantity | None:
    try:
        datetime.date(year or 2000, month, day)
    except ValueError:
        return None
    value = f"{year:04d}-{month:02d}-{day:02d}"
    return Quantity(t, i, stop, "date", value, unit="date", rule="date", inherited=[] if year else ["value"])


def complete(dates: list[Quantity], stated: str) -> None:
    """Give dates without a year the year nearest to `stated`, the article's own date or "" (then they stay empty)."""
    full = [str(q.value) for q in dates if not q.inherited]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", stated):
        stated = max(full, default="")
    for q in dates:
        if q.inherited:
            q.value = _nearest(str(q.value)[5:], stated) if stated else None
            q.inherited = ["value"] if stated else []


def _nearest(month_day: str, stated: str) -> str:
    anchor = datetime.date.fromisoformat(stated)
    options = []
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            options.append(datetime.date(year, int(month_day[:2]), int(month_day[3:])))
        except ValueError:  # 29 February
            continue
    return min(options, key=lambda d: (abs((d - anchor).days), d)).isoformat() if options else ""


# years, decades, centuries, ordinals ----------------------------------------------------------------------------------


def decade(t: Tokens, i: int) -> Quantity | None:
    """1950s, the 90s, early 1950s; 2018s is a year with its apostrophe lost; in her 30s is an age."""
    word, stop = t.words[i], i + 1
    stop += t.at(stop) == "'" and t.touches(stop)
    if t.at(stop) != "s" or not t.touches(stop) or not word.isdigit() or len(word) not in (2, 4):
        return None
    part = t.at(i - 1) if t.at(i - 1) != "-" else t.at(i - 2)
    parts = NUMBERS["decade_parts"]
    if len(word) == 2 and word[1] == "0" and t.at(i - 1 - (part in parts)) in WORDS["owners"]:
        low = float(word)
        return Quantity(t, i, stop + 1, "age", None, low, low + 9, "~", "year", rule="age")
    if len(word) == 2 and (word[1] != "0" or not (part in ("the", "'") or part in parts)):
        return None
    year = int(word) if len(word) == 4 else 1900 + int(word)
    if not 1000 <= year <= 2099:
        return None
    if year % 10:
        return Quantity(t, i, i + 1, "year", float(year), unit="year", rule="year")
    first, last = parts.get(part, (0, 9))
    rule = "decade+part" if part in parts else "decade"
    return Quantity(t, i, stop + 1, "decade", float(year), float(year + first), float(year + last),
                    unit="decade", rule=rule)  # fmt: skip


def year(t: Tokens, i: int) -> Quantity | None:
    """1900 to 2099 without a unit, earlier years after in, since, until; 2007-09 is a range of years."""
    word = t.words[i]
    if len(word) != 4 or not word.isdigit() or not 1000 <= int(word) <= 2099 or currency_before(t, i):
        return None
    before, after = t.at(i - 1), t.at(i + 1)
    if t.touches(i) and before not in ("(", "-", "–", "—", "/", '"', "'", "["):
        return None
    if before == "-" and t.touches(i - 1) and t.is_capital(i - 2) and t.at(i - 2) not in WORDS["plain_hyphens"]:
        return None
    low = int(word)
    cued = before in WORDS["last_of_year_cues"] or (before == "and" and "between" in t.words[max(0, i - 3) : i])
    cued = cued or (before in ("a", "an") and low > 1499 and after.isalpha())  # an 1867 law
    if low < 1900 and (not cued or is_plural(after) or unit_at(t, i + 1)):
        return None
    if low >= 1900 and not cued and (after in plurals() or before in WORDS["year_is_count"]):
        return None
    unit = unit_at(t, i + 1)
    if unit and t.is_capital(i + 1) and not t.touches(i + 1):
        unit = None
    if unit and (len(after) > 2 or t.touches(i + 1)) and unit.name not in ("time", "point"):
        return None
    figure = numeral(t, i)
    if figure and figure.magnitude > 1:
        return None
    last = t.at(i + 2)
    if after in DASHES and t.touches(i + 1) and t.touches(i + 2) and last.isdigit() and len(last) in (2, 4):
        high = int(last) + (low // 100 * 100 if len(last) == 2 else 0)
        if low < high <= 2099:
            return Quantity(t, i, i + 3, "year", None, float(low), float(high), "range", "year", rule="year+range")
    return Quantity(t, i, i + 1, "year", float(low), unit="year", rule="year")


def century(t: Tokens, i: int) -> Quantity | None:
    """15th-century, the twentieth century."""
    rank, j = _rank(t, i)
    j += t.at(j) == "-" and t.touches(j)
    if not 0 < rank <= 30 or t.at(j) not in ("century", "centuries"):
        return None
    low = float(rank - 1) * 100
    return Quantity(t, i, j + 1, "decade", float(rank), low, low + 100, unit="century", rule="century")


def ordinal(t: Tokens, i: int) -> Quantity | None:
    """First, 22nd; not the second that is a stretch of time."""
    rank, j = _rank(t, i)
    if not rank or (t.words[i] == "second" and (is_digits(t.at(i - 1)) or t.at(i - 1) in WORDS["not_before_second"])):
        return None
    return Quantity(t, i, j, "ordinal", float(rank), unit="ordinal", rule="ordinal")


def _rank(t: Tokens, i: int) -> tuple[int, int]:
    """The ordinal at token i and the token after it; (0, i) if none."""
    word = t.words[i]
    if word in ORDINALS:
        return int(ORDINALS[word]), i + 1
    if (
        word.isascii()
        and word.isdigit()
        and len(word) < 6
        and t.at(i + 1) in WORDS["ordinal_endings"]
        and t.touches(i + 1)
    ):
        return int(word), i + 2
    return 0, i
