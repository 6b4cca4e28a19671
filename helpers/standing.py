# ruff: noqa
"""What standing a speaker has: kind, role, affiliation and its type, country, former or current, expert or not.

Everything is read off the article's words; what is not stated stays empty. Gender is never read off a name.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .language import words_of


class Words(NamedTuple):
    """The word lists of helpers/data/standing.toml and countries.txt as sets and dictionaries."""

    affiliation: dict[str, frozenset[str]]
    heads: dict[str, frozenset[str]]
    countries: dict[str, str]  # name of a state or its government -> country
    demonyms: dict[str, str]  # adjective or people -> country


@cache
def words() -> Words:
    """The word lists, read once."""
    data = tomllib.loads(files(__package__).joinpath("data", "standing.toml").read_text(encoding="utf-8"))
    countries, demonyms = {}, {}
    for line in words_of("countries.txt"):
        name, people, seats = (part.strip() for part in line.split("|"))
        countries[name.lower()] = name
        countries |= {w.replace("_", " ").lower(): name for w in seats.split()}
        demonyms |= {w.replace("_", " ").lower(): name for w in people.split()}
    sets = {
        section: {k: frozenset(v.replace("-", " ").split() if section == "" else v.split()) for k, v in entries.items()}
        for section, entries in data.items()
    }
    return Words(sets["affiliation"], sets["heads"], countries, demonyms)


class Mention(NamedTuple):
    """A speaker as written, analysed: the proper name in it (or ""), kind, head word, description before the name."""

    text: str
    name: str
    kind: str
    head: str
    before: str


_WORD = re.compile(r"[\w$%&]+(?:[-'.&][\w]+)*")
_POST = frozenset("of at for from with in on who whose that close familiar near to among by and".split())


def mention(text: str) -> Mention:
    """Read a speaker's noun phrase.

    >>> mention("the Orlu foreign minister Ada Roe")[1:]
    ('Ada Roe', 'person', 'roe', 'the Orlu foreign minister')
    >>> mention("some experts")[1:4]
    ('', 'group', 'experts')
    """
    text = re.sub(r"'s$|(?<=s)'$", "", text)
    lex = words()
    head_text = re.split(r",| who | that ", text)[0]
    tokens = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(head_text)]
    if not tokens:
        return Mention(text, "", "unnamed_person", "", "")
    low = [t[0].lower() for t in tokens]
    whole = " ".join(low[1:] if low[0] in ("the",) else low)
    if whole in lex.countries:
        return Mention(text, head_text.removeprefix("the ").removeprefix("The "), "state", low[-1], "")
    # the head: last word before a phrase that follows it
    cut = next(
        (
            i
            for i, w in enumerate(low)
            if i
            and w in _POST
            and not (
                (
                    w in ("of", "and", "for")
                    and tokens[i - 1][0][0].isupper()
                    and i + 1 < len(tokens)
                    and tokens[i + 1][0][0].isupper()
                )
                or (w == "of" and i + 1 < len(tokens) and low[i + 1] == "the" and tokens[i - 1][0][0].isupper())
            )
        ),
        len(tokens),
    )
    head = low[cut - 1]
    capital = [t[0][0].isupper() or (t[0][0].isdigit() and i) for i, t in enumerate(tokens)]
    if (
        cut
        and capital[cut - 1]
        and (cut > 1 or (low[0] not in lex.heads["group"] and low[0] not in lex.heads["person"]))
    ):
        b = cut - 1
        while b > 0 and (
            capital[b - 1]
            or (
                low[b - 1] in ("of", "for", "and", "the", "de", "van", "von", "bin", "al", "&")
                and b > 1
                and capital[b - 2]
                and low[b - 1] != "the"
            )
        ):
            b -= 1
        run = list(range(b, cut))
        organisation = (
            any(low[i] in lex.heads["organisation"] for i in run)
            and low[cut - 2 if cut - 2 >= b else b] not in lex.heads["titles"]
        )
        if not organisation:
            while len(run) > 1 and (
                low[run[0]] in lex.heads["titles"]
                or low[run[0]] in lex.demonyms
                or low[run[0]] in lex.countries
                or low[run[0]] in ("of", "for", "and", "the", "state", "a", "an")
                or low[run[0]].endswith("'s")
                or ("-" in low[run[0]] and low[run[0]].split("-")[-1] in ("elect", "general", "year-old"))
            ):
                run = run[1:]
        elif low[run[0]] == "the" and len(run) > 1:
            run = run[1:]
        if run and low[run[0]] in ("a", "an", "the") and len(run) > 1:
            run = run[1:]
        name = head_text[tokens[run[0]][1] : tokens[run[-1]][2]]
        before = head_text[: tokens[run[0]][1]].strip()
        word = tokens[run[-1]][0]
        if head in lex.demonyms or (head in lex.heads["group"] and head.endswith("s") and not organisation):
            kind, name = "group", ""
            return Mention(text, name, kind, head, head_text)
        if name.lower() in lex.countries:
            kind = "state"
        elif (
            organisation
            or (len(run) == 1 and word.isupper() and len(word) > 1)
            or (low[0] == "the" and b == 1 and before.lower() == "the")
        ):
            kind = "organisation"
        else:
            kind = "person"
        return Mention(text, name, kind, head, before)
    if head in lex.heads["document"]:
        kind = "document"
    elif (
        head in lex.heads["group"]
        or (head.endswith("s") and not head.endswith("ss"))
        or low[0] in ("some", "many", "several", "few", "most", "others", "two", "three")
    ):
        kind = "group"
    elif head in lex.heads["organisation"]:
        kind = "organisation"
    else:
        kind = "unnamed_person"
    return Mention(text, "", kind, head, head_text)


class Standing(NamedTuple):
    """What the text states of a source."""

    role: str = ""
    affiliation: str = ""
    affiliation_type: str = ""
    affiliation_country: str = ""
    country_basis: str = ""
    is_expert: int = 0
    expert_rule: str = ""
    former: int = 0


_APPOSITIVE = re.compile(
    r",\s+((?:an?|the|former|one of|who|then|[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,2}'s|[a-z]+)\b[^,.;:\"\n]{2,160})"
)
_COPULA = re.compile(
    r"\s+(?:is|was|has been)\s+((?:an?|the|founder|president|director|professor|head|chief|author|editor)\b[^.;\"\n]{2,200})"
)
_OF = re.compile(
    r"\s+(?:of|at|with|from|for|in)\s+(?:the\s+)?((?:[A-Z][\w&'.-]*)(?:\s+(?:of|for|and|on|the|de|&|[A-Z][\w&'.-]*))*)"
)
_AT = re.compile(
    r"\b(?:at|with|from|for|of|in)\s+(?:the\s+)?((?:[A-Z][\w&'.-]*)(?:\s+(?:of the|of|for|and|on|de|&|[A-Z][\w&'.-]*))*)"
)


def describe(text: str, at: list[tuple[int, int]], before: list[str]) -> list[tuple[str, int, int]]:
    """The descriptions of a name that stands at the offsets `at`: appositives, copulas, with their offsets."""
    found = []
    for a, b in at:
        m = re.compile(r"(?:\s*\([^)\n]{1,30}\))?").match(text, b)
        m = _APPOSITIVE.match(text, m.end()) or _COPULA.match(text, b)
        if m:
            found.append((m.group(1).strip(), m.start(1), m.start(1) + len(m.group(1).strip())))
            continue
        m = re.compile(r"\s+(?:of|at|from)\s+(?:the\s+)?([A-Z][\w&'.-]*(?:\s+(?:of|for|and|[A-Z][\w&'.-]*))*)").match(
            text, b
        )
        if m:
            found.append((m.group().strip(), m.start() + 1, m.end()))
    return found


def standing(kind: str, descriptions: list[str], name: str) -> Standing:
    """Role, affiliation, its type and country, former, expert, from the descriptions of one source."""
    lex = words()
    role = affiliation = ""
    former, expert_rule = 0, ""
    for text in descriptions:
        low = [w.lower() for w in re.findall(r"[\w-]+", text)]
        if not low:
            continue
        place = _AT.search(text)
        if place and not affiliation:
            affiliation = place.group(1).strip()
        plain = re.split(r"\b(?:of|at|with|from|for|who)\b", text)[0].strip() or text
        plain = re.sub(r"^(?:an?|the|then|one)\s+", "", plain, flags=re.I)
        if text.startswith("who "):
            plain = text
            if low[1:2] and low[1] in (
                "studies",
                "study",
                "tracks",
                "tracked",
                "researches",
                "heads",
                "leads",
                "directs",
                "teaches",
            ):
                expert_rule = expert_rule or "activity"
        if plain and (not role or (text.startswith("who ") is False and role.startswith("who "))):
            role = (
                plain
                if not place
                else text[: place.start()].strip()
                if not text.startswith(("of ", "at ", "from "))
                else role
            )
            role = re.sub(r"^(?:an?|the|then|one)\s+", "", role, flags=re.I)
        if any(w in lex.heads["former"] for w in low):
            former = 1
        if not expert_rule and any(w in lex.heads["expert"] for w in low):
            expert_rule = "head_noun"
    blob = (
        " ".join(descriptions).lower()
        + " "
        + affiliation.lower()
        + (" " + name.lower() if kind in ("organisation", "document") else "")
    )
    tokens = set(re.findall(r"[\w-]+", blob))
    affiliation_type = next((t for t, ws in lex.affiliation.items() if tokens & ws), "")
    country, basis = "", ""
    for text in [*descriptions, name if kind in ("organisation", "state", "group") else ""]:
        country = country_of(text)
        if country:
            basis = "stated"
            break
    if kind == "state":
        affiliation_type, affiliation = "government", affiliation
    if kind == "group" and any(
        w in lex.heads["expert"] for d in descriptions for w in re.findall(r"[\w-]+", d.lower())
    ):
        expert_rule = "group_noun"
    is_expert = int(bool(expert_rule) and kind in ("person", "group", "unnamed_person"))
    return Standing(
        role, affiliation, affiliation_type, country, basis, is_expert, expert_rule if is_expert else "", former
    )


@cache
def _country_pattern():
    lex = words()
    names = sorted({**lex.countries, **lex.demonyms}, key=lambda w: (-len(w), w))
    return re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b", re.I)


def country_of(text: str) -> str:
    """The countries that a description states, by name, seat or demonym; joined by "; "."""
    lex = words()
    found = []
    for m in _country_pattern().finditer(text):
        w = m.group(1).lower()
        if w == "us" and m.group(1) != "US":
            continue
        c = lex.countries.get(w) or lex.demonyms[w]
        if c not in found:
            found.append(c)
    return "; ".join(found)
