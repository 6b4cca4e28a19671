"""What standing a speaker has: kind, role, affiliation and its type, country, former or current, expert or not.

Everything is read off the article's words and carries its place; what is not stated stays empty, and a country that
only a city or an institution implies says so. Typologies: Spangher et al. 2023, GMMP. Nothing is read off a name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Final, NamedTuple

from .language import words_of
from .rows import SourceRow
from .wordclasses import lexicon

MAX_WORDS: Final = 7  # of a text in one cell
PERSONS: Final = frozenset(("person", "unnamed_person", "author"))


class Words(NamedTuple):
    """The word lists of helpers/data/standing.toml and countries.txt."""

    types: tuple[str, ...]  # affiliation_type in the order in which they are asked; "" is the last
    affiliation: tuple[frozenset[str], ...]  # the words of each
    heads: dict[str, frozenset[str]]
    genders: dict[str, str]  # Mr, spokeswoman, ... -> he | she
    countries: dict[str, tuple[str, str]]  # word or words -> country, stated | inferred (from a seat of government)


@cache
def words() -> Words:
    """The word lists, read once."""
    data = tomllib.loads(files(__package__).joinpath("data", "standing.toml").read_text(encoding="utf-8"))
    sets = {part: {name: frozenset(text.split()) for name, text in lists.items()} for part, lists in data.items()}
    countries: dict[str, tuple[str, str]] = {}
    for line in words_of("countries.txt"):
        name, people, seats = (part.strip() for part in line.split("|"))
        for seat in seats.lower().split():
            countries[seat.replace("_", " ")] = (name, "inferred")
        for word in [name.lower(), *people.lower().split()]:
            countries[word.replace("_", " ")] = (name, "stated")
    types, heads = sets["affiliation"], sets["heads"]
    genders = dict.fromkeys(heads["female"], "she") | dict.fromkeys(heads["male"], "he")
    return Words((*types, ""), tuple(types.values()), heads, genders, countries)


# the speaker as written -----------------------------------------------------------------------------------------------


class Mention(NamedTuple):
    """A speaker as written: the proper name in it or "", kind, head word, the description before the name."""

    name: str
    kind: str
    head: str
    before: str


_WORD: Final = re.compile(r"[\w$%&]+(?:[-'.&]\w+)*")
_TAIL: Final = re.compile(r",| \(| who | that | which ")
_POSSESSIVE: Final = re.compile(r"'s$|(?<=s)'$")
_LINKS: Final = frozenset("of for and the de van von der bin al & & on to in".split())


@lru_cache(maxsize=1 << 14)
def mention(text: str) -> Mention:
    """Read a speaker's noun phrase.

    >>> mention("Orlu Foreign Minister Ada Roe (O-Lund)")
    Mention(name='Orlu Foreign Minister Ada Roe', kind='person', head='roe', before='')
    >>> mention("China's foreign minister, Ada Roe's")[:3]
    ('', 'unnamed_person', 'minister')
    >>> mention("some experts")
    Mention(name='', kind='group', head='experts', before='some experts')
    """
    heads, countries = words().heads, words().countries
    if "'" in text[-3:]:
        text = _POSSESSIVE.sub("", text)
    tail = _TAIL.search(text)
    short = text[: tail.start()] if tail else text
    raw, starts = _cut(short)
    if not raw:
        return Mention("", "unnamed_person", "", "")
    low = [word.lower() for word in raw]
    upper = [word[0].isupper() for word in raw]
    plain = " ".join(low[low[0] == "the" :])
    if plain in countries and plain not in heads["people"] and upper[-1]:
        return Mention(short[starts[low[0] == "the"] :], "state", low[-1], "")
    cut = n = len(low)
    if not heads["after"].isdisjoint(low):
        cut = next((i for i in range(1, n) if low[i] in heads["after"] and not _linked(low, upper, i)), n)
    head = low[cut - 1]
    if not upper[cut - 1] or (cut == 1 and _common(head, heads)):
        return Mention("", _common(head, heads) or _unnamed(low, head), head, short)
    b = cut - 1
    while b > 0 and (upper[b - 1] or (low[b - 1] in _LINKS and b > 1 and upper[b - 2] and low[b - 1] != "and")):
        b -= 1
    organisation = not heads["organisation"].isdisjoint(low[b:cut]) and low[cut - 2] not in heads["titles"]
    while b < cut - 1 and _before_name(low[b], organisation, heads, countries):
        b += 1
    name, before = short[starts[b] : starts[cut - 1] + len(raw[cut - 1])], short[: starts[b]].strip()
    if (head in countries and head in heads["people"]) or (head in heads["group"] and not organisation):
        return Mention("", "group", head, short)
    if organisation or (b == cut - 1 and raw[b].isupper() and len(head) > 1) or before.lower() == "the":
        return Mention(name, "organisation", head, before)
    return Mention(name, "person", head, before)


def _cut(text: str) -> tuple[list[str], list[int]]:
    """The words of a noun phrase and where they begin."""
    words = text.split(" ")
    if all(map(str.isalnum, words)):
        return words, list(accumulate([len(word) + 1 for word in words[:-1]], initial=0))
    found = list(_WORD.finditer(text))
    return [m.group() for m in found], [m.start() for m in found]


def _linked(low: Sequence[str], upper: Sequence[bool], i: int) -> bool:
    """Whether of, for or and at word `i` stands inside a name (University of Orlu)."""
    if i + 1 >= len(low) or not upper[i - 1]:
        return False
    return low[i] in ("of", "for", "and", "on") and (upper[i + 1] or (low[i + 1] == "the" and low[i] == "of"))


def _before_name(word: str, organisation: bool, heads: dict, countries: dict) -> bool:
    """Whether a capitalised word before a name is not part of it: a title, a nationality, an article."""
    if word in ("the", "a", "an"):
        return True
    if organisation:
        return False
    title = (
        word in heads["titles"]
        or word in lexicon().openers
        or word in _LINKS
        or word in countries
        or word.endswith("'s")
    )
    return title or word.rpartition("-")[2] in ("elect", "general", "old", "designate")


def _common(head: str, heads: dict) -> str:
    """The kind of a common noun, if a list holds it."""
    for kind in ("document", "group"):
        if head in heads[kind]:
            return kind
    return "unnamed_person" if head in heads["person"] else "organisation" if head in heads["organisation"] else ""


def _unnamed(low: Sequence[str], head: str) -> str:
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is"))
    return (
        "group" if plural or low[0] in ("some", "many", "several", "few", "most", "two", "both") else "unnamed_person"
    )


# what is said of a name -----------------------------------------------------------------------------------------------


class Phrase(NamedTuple):
    """A description of a source and where it stands."""

    text: str
    start: int


_CAPITALS: Final = r"[A-ZÀ-Þ][\w&'.-]*(?:\s+(?:(?:of the|of|for|and|on|de|&)\s+)?[A-ZÀ-Þ][\w&'.-]*)*"
_ASIDE: Final = re.compile(
    r"(?:\s*\([^)\n]{1,30}\))?,\s+((?:an?|the|former|who|then|one of)\b[^,.;:\"\n]{2,160}"
    r"|(?:[A-Z][\w.]*\s?){1,3}'s [^,.;:\"\n]{2,80}|(?:[a-z-]+\s){0,4}[a-z-]+ (?:of|at|for)\b[^,.;:\"\n]{2,140})"
)
_COPULA: Final = re.compile(
    r"\s+(?:is|was|has been)\s+((?:an?|the|[a-z]+(?: and [a-z]+)? of|one of)\b[^.;\"\n]{2,220})"
)
_FROM: Final = re.compile(r"\s+((?:of|at|from)\s+(?:the\s+)?" + _CAPITALS + ")")
_PLACE: Final = re.compile(r"\b(?:at|with|from|for|of)\s+(?:the\s+)?(" + _CAPITALS + r"(?:\s+\([A-Z]{2,8}\))?)")
_ROLE_END: Final = re.compile(r"\s+(?:at|with|from)\s|\s+(?:of|for)\s+(?:the\s+)?(?=[A-Z])|\s+in\s+(?=[A-Z])")
_ARTICLE: Final = re.compile(
    r"^(?:an?|the|then|one of|some|other|many|several|most|both|few|its|his|her|their|our)\s+", re.I
)
_NEXT: Final = re.compile(r",|\s*\(|\s+(?:is|was|has|of|at|from)\s")  # what any of the three above begins with
_LAST: Final = re.compile(r"([\w$%&]+(?:[-'.&]\w+)*)\s*\Z")
_STUDIED_AT: Final = re.compile(r"\b(?:at|of|from|with)\s+(?:the\s+)?[A-ZÀ-Þ].*")
_OFFICE_OF: Final = re.compile(r"\b(?:secretary|minister|house|chairman|chairwoman) of\b", re.I)


def short(text: str, words: int = MAX_WORDS) -> str:
    """At most so many words from the beginning: tables carry terms and names, no sentences.

    >>> short("one two three four", 2)
    'one two'
    """
    if len(text) <= 2 * words or len(text.split()) <= words:
        return text
    return text[: [m.end() for m in re.finditer(r"\S+", text)][words - 1]]


def following(text: str, ends: Sequence[int]) -> list[Phrase]:
    """The descriptions that follow a name, whose mentions end at the offsets `ends`."""
    found = []
    for end in ends:
        if _NEXT.match(text, end):
            m = _ASIDE.match(text, end) or _COPULA.match(text, end) or _FROM.match(text, end)
            if m:
                found.append(Phrase(m.group(1).rstrip(), m.start(1)))
    return found


def preceding(text: str, start: int) -> Phrase:
    """The description in front of a name at `start`: titles, nationality, nouns for people (Orlish envoy Ada Roe)."""
    telling, far = _telling(), max(0, start - 70)
    begin = a = start
    while a > far:
        b = a
        while b > far and text[b - 1] == " ":
            b -= 1
        m = _LAST.search(text, max(far, text.rfind(" ", far, b) + 1), a)
        word = m.group(1).lower().removesuffix("'s") if m else ""
        if not m or word not in telling:
            break
        a = m.start()
        if word not in _LINKS:
            begin = a
    return Phrase(text[begin:start].rstrip(), begin)


@cache
def _telling() -> frozenset[str]:
    """Words that may stand in a description before a name."""
    heads = words().heads
    return heads["titles"].union(heads["person"], heads["expert"], heads["former"], _DEGREES, words().countries, _LINKS)


_DEGREES: Final = frozenset(
    "senior top leading prominent longtime veteran visiting political military foreign-policy".split()
)


def describe(row: SourceRow, phrases: Sequence[Phrase]) -> None:
    """Fill role, affiliation, its type and country, former, expert from what is said of a source."""
    rule = ""
    said: list[Reading] = []
    for phrase in phrases:
        it: Reading = _reading(phrase.text)
        said.append(it)
        if it.honorific:
            continue
        if it.place and not row.affiliation:
            row.affiliation, row.affiliation_start = it.place, phrase.start + it.place_at
        if it.role and (not row.role or (it.expert and not rule)):
            row.role, row.role_start = it.role, phrase.start + it.role_at
        if it.former:
            row.former = 1
        if it.activity:
            rule = rule or "activity"
        elif it.expert and not it.office:
            rule = "head_noun"
        elif row.former and it.veteran:
            rule = rule or "former_official"
    if row.kind == "group":
        rule = "group_noun" if any(it.expert for it in said) else ""
    elif row.kind not in PERSONS:
        rule = ""
    row.affiliation_type = _type(row.kind, row.name, said)
    row.affiliation_country, row.country_basis = _country(row.kind, row.name, said, rule)
    row.is_expert, row.expert_rule = int(bool(rule)), rule


class Reading(NamedTuple):
    """What a description says by itself; `role_at` and `place_at` count from its start."""

    role: str
    role_at: int
    place: str
    place_at: int
    type: int  # the first affiliation_type of its words, by number
    country: tuple[str, str]  # and its basis
    country_of_place: tuple[str, str]  # of the place alone: an expert's, and not the one studied
    honorific: bool  # it is no more than Mr or the
    expert: bool
    office: bool
    former: bool
    veteran: bool
    activity: bool


@lru_cache(maxsize=1 << 14)
def _reading(text: str) -> Reading:
    heads, tokens = words().heads, [word.lower() for word in _WORD.findall(text)]
    office_of = bool(_OFFICE_OF.search(text))
    place = None if office_of else _PLACE.search(text)
    itself = text.partition(" who ")[0]
    studied_at = _STUDIED_AT.search(itself)
    role, role_at = _role(text, office_of)
    expert, office, former, veteran = (
        not heads[name].isdisjoint(tokens) for name in ("expert", "office", "former", "veteran")
    )
    return Reading(
        role=role,
        role_at=role_at,
        place=short(place.group(1)) if place else "",
        place_at=place.start(1) if place else 0,
        type=_first_type(text),
        country=countries_of(itself),
        country_of_place=countries_of(studied_at.group() if studied_at else ""),
        honorific=heads["honorifics"].issuperset(tokens),
        expert=expert,
        office=office,
        former=former,
        veteran=veteran,
        activity=tokens[:1] == ["who"] and not heads["activity"].isdisjoint(tokens[1:4]),
    )


def _role(text: str, office: bool) -> tuple[str, int]:
    """The role in a description, and where: up to the institution or place, without an article."""
    if text.startswith(("of ", "at ", "from ")):
        return "", 0
    end = None if office else _ROLE_END.search(text)
    text = text[: end.start()] if end else text
    lead = _ARTICLE.match(text)
    offset = lead.end() if lead else 0
    text = text[offset:] if text.startswith("who ") else text[offset:].partition(" who ")[0]
    return short(text.strip()), offset


def _type(kind: str, name: str, said: Sequence[Reading]) -> str:
    if kind == "state":
        return "government"
    found = [it.type for it in said]
    if kind in ("organisation", "group", "document"):
        found.append(_first_type(name))
    return words().types[min(found, default=-1)]


@lru_cache(maxsize=1 << 14)
def _first_type(text: str) -> int:
    """The number of the first affiliation_type that a word of the text tells, or their count."""
    low = {word.lower() for word in _WORD.findall(text)}
    listed = words().affiliation
    return next((i for i, them in enumerate(listed) if not them.isdisjoint(low)), len(listed))


def _country(kind: str, name: str, said: Sequence[Reading], rule: str) -> tuple[str, str]:
    """The country as stated of the source itself, not of what an expert studies; its basis, stated or inferred."""
    placed = rule and rule != "former_official" and kind != "group"
    for it in said:
        found = it.country_of_place if placed else it.country
        if found[0]:
            return found
    return countries_of(name) if kind in ("organisation", "state", "group", "document") else ("", "")


_PARTS: Final = re.compile(r"[\w.']+")
_TOPICS: Final = frozenset(
    "institute center centre program programme studies expert analyst watcher".split()
)  # of a country


@lru_cache(maxsize=1 << 12)
def countries_of(text: str) -> tuple[str, str]:
    """The countries a phrase names, joined by "; ", and whether they are stated or inferred from a seat of government.

    >>> countries_of("Renmin University in Beijing"), countries_of("US and Chinese officials")
    (('China', 'inferred'), ('United States; China', 'stated'))
    """
    table, found, basis = words().countries, [], ""
    tokens = [t.removesuffix("'s") for t in _PARTS.findall(text.replace("-", " "))]
    for i, token in enumerate(tokens):
        if not token or not token[0].isupper() or (token.lower() == "us" and token != "US"):
            continue
        pair = " ".join(tokens[i : i + 2]).lower().rstrip(".")
        hit = table.get(pair) or table.get(token.lower().rstrip("."))
        after = tokens[i + 1].lower() if i + 1 < len(tokens) else ""
        if hit and hit[0] not in found and after not in _TOPICS:
            found.append(hit[0])
            basis = "stated" if "stated" in (basis, hit[1]) else hit[1]
    return "; ".join(found), basis
