"""What is counted: the noun phrase, unit of measure or currency beside a number, in its dictionary form."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from .language import Remembered, words_of
from .numerals import CARDINALS, TOKEN, VAGUE, WORDS, Tokens, table


class Unit(NamedTuple):
    """A unit read beside a number: its kind and name, the token after it."""

    kind: str
    name: str
    stop: int
    assumed: bool = False


@cache
def plurals() -> dict[str, str]:
    """Irregular plurals and their singulars."""
    return dict(line.split() for line in words_of("irregular_plurals.txt"))


_ENDS, _NOT_PLURAL = frozenset(words_of("noun_phrase_ends.txt")), frozenset(words_of("not_plural.txt"))
is_end = _ENDS.__contains__  # whether a noun phrase cannot go on with a word


def _is_plural(word: str) -> bool:
    return word in plurals() or (
        len(word) > 2 and word[-1] == "s" and word[-2] not in "sui'" and word not in _NOT_PLURAL and word.isalpha()
    )


is_plural = Remembered(_is_plural).__getitem__


@Remembered
def _singular(word: str) -> str:
    if word in plurals():
        return plurals()[word]
    if not is_plural(word):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def singular(word: str) -> str:
    """The dictionary form of a plural.

    >>> [singular(w) for w in ("parties", "boxes", "children", "barrels", "class")]
    ['party', 'box', 'child', 'barrel', 'class']
    """
    return _singular[word]


def noun_phrase(t: Tokens, i: int, *, one: bool = False, compound: bool = True) -> tuple[str, int]:
    """The noun phrase counted by a number before token i, head in the singular, and the token after it; "" if none.

    `one`: a singular is wanted. Adjectives stay: "four different bosses" counts the unit "different boss".
    `compound`: a plural may open a compound: "six police officers", "three sports clubs".
    """
    words: list[str] = []
    ends = [i]
    n = len(t.words)
    while i < n and len(words) < 5:
        word = t.words[i]
        if word == "-" and words and t.touches(i) and t.touches(i + 1) and t.words[i + 1][0].isalpha():
            words[-1] += "-" + t.words[i + 1]
            i += 2
            ends[-1] = i
            if not one and is_plural(t.words[i - 1]) and t.at(i) != "-" and not _goes_on(t, i, t.words[i - 1]):
                words[-1] = words[-1].removesuffix(t.words[i - 1]) + singular(t.words[i - 1])
                return " ".join(words), i
            continue
        if word == "and" and words and i + 1 < n and t.words[i + 1].isalpha() and not is_end(t.words[i + 1]):
            i += 1
            continue
        if word == "," and words and _is_adjective(words[-1]) and _is_listed(t, i + 1):
            i += 1
            continue
        if not words and word in WORDS["every_so_often"] and _is_listed(t, i + 1):  # 40 daily flights
            i += 1
            words.append(word)
            ends.append(i)
            continue
        owned = words and t.words[i - 1].endswith("'s")  # the world's most distant ocean
        if not word[0].isalpha() or (is_end(word) and t.surface(i, i + 1) != "US" and not (owned and word == "most")):
            break
        i += 1
        if word == "most":
            continue
        if not one and word in CARDINALS:  # two of the world's five oceans
            words, ends = [], [i]
            continue
        words.append(word.removesuffix("'s"))
        ends.append(i)
        if not one and is_plural(word) and not (compound and _goes_on(t, i, word)):
            words[-1] = singular(word)
            return " ".join(words), i
    if not words or (t.is_capital(ends[0]) and not one):
        return "", ends[0]  # names, unless a plural closes them: 40 Zenda Law School students
    if one:
        size = 1
        if t.is_capital(ends[0]) and len(words) > 1 and not t.is_capital(ends[1]):
            size = 2
        while size < len(words) and _is_adjective(words[size - 1]):
            size += 1
        return " ".join(words[:size]), ends[size]
    follows = t.at(ends[1])
    if words[0] in WORDS["either"] and follows not in WORDS["after_verbs"]:
        return words[0][:-1], ends[1]
    owner = t.at(ends[1] - 1).endswith("'s")
    is_modifier = follows[:1].isalpha() and not (owner or is_end(follows) or follows.endswith("ly"))  # 40 page report
    if not (is_modifier or t.at(ends[0] - 1) in ("0", "zero")) or words[0].endswith(("ed", "ing", "ly")):
        return "", ends[0]
    return ("", ends[0]) if _is_adjective(words[0]) else (singular(words[0]), ends[1])


def _goes_on(t: Tokens, i: int, word: str) -> bool:
    """Whether the noun phrase goes on behind a plural: with another one, or with what data or police stand before."""
    if is_plural(t.at(i)):
        return not is_end(t.words[i]) and (t.is_capital(i - 1) or not t.is_capital(i)) and t.words[i] not in VAGUE
    if word not in WORDS["attributive"]:
        return False
    return t.at(i).isalpha() and not is_end(t.words[i]) and is_plural(t.at(i + 1)) and not t.is_capital(i)


def _is_listed(t: Tokens, i: int) -> bool:
    """Whether a plural follows in a word or three: safe, quiet village roads."""
    for word in t.words[i : i + 3]:
        if not word.isalpha() or is_end(word):
            return False
        if is_plural(word):
            return True
    return False


def _is_adjective(word: str) -> bool:
    return word.endswith(_ADJECTIVE_ENDINGS) or word in WORDS["adjectives"]


_ADJECTIVE_ENDINGS: Final = tuple(sorted(WORDS["adjective_endings"]))


# units of measure and currencies -------------------------------------------------------------------------------------


def _spellings(name: str, others: list[str]) -> list[str]:
    head, _, rest = name.partition(" ")
    plural = {"foot": "feet", "inch": "inches", "century": "centuries"}.get(name, name + "s")
    made = [name, plural, *others]
    if rest and rest.startswith(("per ", "pound")):
        made.append(f"{head}s {rest}")
    return made


@cache
def _measures() -> tuple[re.Pattern[str], dict[str, tuple[str, str]], dict[str, list[str]]]:
    """One pattern for all units after a number, what each spelling means (kind and name), and those of a first word."""
    found: dict[str, tuple[str, str]] = {}
    for section, kind in (("measures", "count"), ("durations", "duration"), ("minor", "money")):
        for name, others in table("units.toml")[section].items():
            for spelling in _spellings(name, others):
                found[spelling] = (kind, name)
    for code, written in table("currencies.toml").items():
        for word in written.get("words", ()):
            for spelling in (word, word + "s"):
                found[spelling] = ("money", code)
        for spelling in (*written.get("codes", ()), *written.get("symbols", ())):
            found.setdefault(spelling, ("money", code))
    for spelling in ("%", "percent", "per cent", "pc", "pct"):
        found[spelling] = ("percent", "%")
    for spelling in ("percentage point", "percentage-point", "per cent point", "pp", "ppt"):
        found[spelling] = found[spelling + "s"] = ("percentage_point", "pp")
    found["basis point"] = found["basis points"] = found["bps"] = ("percentage_point", "basis point")
    order = sorted(found, key=lambda s: (-len(s), s))
    pattern = "|".join(re.escape(s) + (r"(?![^\W_])" if s[-1].isalnum() else "") for s in order)
    first: dict[str, list[str]] = {}
    for spelling in found:
        first.setdefault(_stem(TOKEN.findall(spelling.lower())[0]), []).append(spelling)
    return re.compile(pattern), found, first


_DOLLARS: Final = ("$", "dollar", "dollars")


@Remembered
def _opens_unit(word: str) -> tuple[str, ...] | None:
    """Kind and name of the unit that a word is whatever stands behind it; () if that has to be seen, None if none."""
    _, meanings, first = _measures()
    if _stem(word) not in first:
        return None
    alike = first.get(word, [])
    plain = word == "%" or (len(word) > 1 and word not in _WORDS_TOO)
    return meanings[word] if alike == [word] and plain else ()


def _stem(word: str) -> str:
    """The word before its first apostrophe: what of it a unit can be."""
    return word.partition("'")[0]


@cache
def durations() -> frozenset[str]:
    """The first words of all stretches of time."""
    return frozenset(_stem(TOKEN.findall(s)[0]) for s, (kind, _) in _measures()[1].items() if kind == "duration")


def opens_duration(word: str) -> bool:
    """Whether a stretch of time can start with this word."""
    return _stem(word) in durations()


def unit_at(t: Tokens, i: int) -> Unit | None:
    """The unit of measure, duration, percent sign or currency that starts at token i, if any; the longest reading."""
    word = t.at(i)
    opened = _opens_unit[word] if i > 0 else None
    if opened is None:
        return None
    if opened and not (t.touches(i + 1) and t.near[i + 1][0].isalnum()):
        return Unit(opened[0], opened[1], i + 1, opened[0] == "money" and word in _DOLLARS)
    pattern, meanings, _ = _measures()
    start = t.place(i)
    readings = [(m.end(), m.group()) for m in (pattern.match(t.folded, start), pattern.match(t.lower, start)) if m]
    if t.at(i + 1) == "-":  # 60-mile-per-hour winds
        m = pattern.match(t.lower[start : start + 40].replace("-", " "))
        readings += [(start + m.end(), m.group())] if m else []
    for end, spelling in sorted(readings, key=lambda r: -r[0]):
        kind, name = meanings[spelling]
        stop = i
        while stop < len(t.words) and t.place(stop) < end:
            stop += 1
        if _stands(t, i, spelling, kind, stop):
            return Unit(kind, name, stop, kind == "money" and spelling in _DOLLARS)
    return None


_WORDS_TOO: Final = frozenset(
    ("in", "in.", "ps", "ha", "mi", "mo", "ms", "cal", "min")
)  # words and names as well as units


def _stands(t: Tokens, i: int, spelling: str, kind: str, stop: int) -> bool:
    """Whether a short spelling is meant as a unit here and not as a word or a letter of its own."""
    if len(spelling) == 1 and spelling.isalpha():
        return t.folded[t.place(i)] == spelling and (t.touches(i) or spelling in "CFVW")
    if spelling in _WORDS_TOO:
        return t.touches(i) or spelling in ("ps", "ha", "mi", "min", "ms")
    if kind == "money" and spelling in ("$", "€", "£"):
        return t.touches(i) and not (stop < len(t.words) and t.words[stop][0].isdigit() and t.touches(stop))
    return True


@cache
def currency_names() -> dict[str, str]:
    """ISO code -> the currency's name."""
    return {code: written["words"][0] for code, written in table("currencies.toml").items() if written.get("words")}


@cache
def _prefixes() -> dict[str, str]:
    """Currency symbols and codes, lower case -> ISO code."""
    found = {}
    for code, written in table("currencies.toml").items():
        for spelling in (*written.get("symbols", ()), *written.get("codes", ())):
            found[spelling.lower()] = code
    return found


@Remembered
def _opens_currency(word: str) -> bool:
    """Whether a word can stand right before a number as its currency, or as the end of one: US$, $US."""
    return word in ("¥", "$") or word in _prefixes() or word + "$" in _prefixes()


def currency_before(t: Tokens, i: int) -> tuple[str, int, bool] | None:
    """The currency before the number at token i: code ("" for a ¥ that may be two), its first token, assumed or not."""
    word = t.near[i - 1]
    if not _opens_currency[word]:
        return None
    prefixes = _prefixes()
    if word == "¥":
        code = "JPY" if "japan" in t.lower or "yen" in t.words else "CNY" if "chin" in t.lower else ""
        return code, i - 1, True
    if word == "$":
        before = t.at(i - 2)
        near = t.place(i - 1) - t.place(i - 2) - len(before) if before else 9
        if before and near <= (before != "a") and before + "$" in prefixes and t.surface(i - 2, i - 1).isupper():
            return prefixes[before + "$"], i - 2, False
        if before == "." and t.words[max(0, i - 5) : i - 2] == ["u", ".", "s"]:
            return "USD", i - 5, False
        return "USD", i - 1, True
    if not word.isascii():
        return (prefixes[word], i - 1, False) if word in prefixes else None
    if t.at(i - 2) == "$" and t.touches(i) and t.touches(i - 1) and word + "$" in prefixes:
        return prefixes[word + "$"], i - 2, False  # $US160m
    known = prefixes.get(word)
    if not known or not t.is_capital(i - 1) or (known == "GBP" and word == "ps" and not t.touches(i)):
        return None
    return known, i - 1, False


BEFORE_RATES: Final = frozenset((*table("units.toml")["rates"]["prepositions"], "-"))


def rate(t: Tokens, i: int) -> tuple[str, int]:
    """What a quantity is measured per ("a month", "per barrel", "/day"): name and the token after; "" if nothing."""
    word = t.near[i]
    if word not in BEFORE_RATES:
        return "", i
    first, hyphened = i, word == t.at(i + 2) == "-" and t.touches(i)  # a $15-an-hour wage
    i += hyphened
    word = t.at(i)
    rates = table("units.toml")["rates"]
    i += hyphened
    if word not in rates["prepositions"] or i + 1 >= len(t.words) or not t.words[i + 1][0].isalpha():
        return "", first
    noun, unit = t.words[i + 1], unit_at(t, i + 1)
    if noun in rates["names"]:
        unit = Unit("count", rates["names"][noun], i + 2)
    if not unit or unit.kind not in ("count", "duration"):
        unit = Unit("", singular(noun), i + 2)
    if word != "per":
        known = bool(unit.kind) or unit.name in rates["words"]
        if not known or is_plural(noun) or len(noun) < 3 - 2 * (word == "/") or t.at(unit.stop) in rates["not_before"]:
            return "", first
    return unit.name, unit.stop
