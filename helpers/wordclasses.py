"""The words that attribution goes by: closed classes of English, and verbs and nouns of speech in all their forms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from .language import words_of

Q: Final = "\x02"  # stands for a whole quotation among the words of a unit
VEIL: Final = "\x03"  # stands for every character that no rule may look at
DASHES: Final = frozenset(("–", "--", "-"))


class Lexicon:
    """The word classes of helpers/data/grammar.toml as sets, and the reporting verbs by their inflected forms."""

    pronouns: frozenset[str]
    plural: frozenset[str]
    determiners: frozenset[str]
    articles: frozenset[str]
    possessives: frozenset[str]
    approximate: frozenset[str]
    amounts: frozenset[str]
    counts: frozenset[str]
    objects: frozenset[str]
    no_heads: frozenset[str]
    no_starts: frozenset[str]
    auxiliaries: frozenset[str]
    be: frozenset[str]
    contracted: frozenset[str]
    negations: frozenset[str]
    adverbs: frozenset[str]
    not_adverbs: frozenset[str]
    raising: frozenset[str]
    times: frozenset[str]
    time_heads: frozenset[str]
    prepositions: frozenset[str]
    carrying: frozenset[str]
    adjuncts: frozenset[str]
    subordinators: frozenset[str]
    unsure_opening: frozenset[str]
    passing: frozenset[str]
    opening: frozenset[str]
    noun_content: frozenset[str]
    held: frozenset[str]
    tellings: frozenset[str]
    written: frozenset[str]
    verbs: frozenset[str]

    def __init__(self) -> None:
        grammar = tomllib.loads(files(__package__).joinpath("data", "grammar.toml").read_text(encoding="utf-8"))
        for name, entries in grammar.items():
            setattr(self, name, frozenset(entries.split()))
        self.nouns = frozenset(words_of("stance_nouns.txt"))
        people = (part for line in words_of("countries.txt") for part in line.split("|")[:2])
        self.nationalities = frozenset(" ".join(people).lower().replace("_", " ").split()) | {"western", "kremlin"}
        self.forms: dict[str, tuple[str, str]] = {}  # form -> first word of the lemma, kind of form
        self.takes: dict[str, list[tuple[list[str], str, str]]] = {}  # first word -> particle, codes, lemma
        for line in words_of("reporting_verbs.txt"):
            lemma, codes, *irregular = (part.strip() for part in line.split("|"))
            head, *particle = lemma.split()
            self.takes.setdefault(head, []).append((particle, codes, lemma))
            for form, kind in inflected(head, *(w.split()[0] for w in irregular)):
                self.forms.setdefault(form, (head, kind))
        self.thoughts = {lemma for options in self.takes.values() for _, codes, lemma in options if "w" in codes}
        for options in self.takes.values():
            options.sort(key=lambda option: -len(option[0]))
        self.finite = {form for form, (_, kind) in self.forms.items() if kind != "b"}
        self.group = self.auxiliaries | self.adverbs | self.negations
        self.verbal = self.auxiliaries | self.verbs
        self.marks = frozenset((",", ";", ":", "—", Q, "?", "!"))
        self.bounds = self.marks | {""}
        self.stops = self.subordinators | self.auxiliaries | self.marks
        self.barriers = self.stops - self.subordinators - self.auxiliaries
        self.free_pronouns = self.pronouns - self.determiners
        self.own = self.pronouns | self.determiners
        self.edges = self.stops | self.verbs | self.free_pronouns  # words no noun phrase goes across
        self.no_ends = self.no_heads | self.stops | self.prepositions
        self.before_verbs = self.group | self.times | self.time_heads | {"to"}  # words of a verb group before its verb
        self.before_nouns = (  # words no subject or verb group ends with: the next is no verb (the report, of concern)
            (self.no_heads | self.prepositions)
            - (self.pronouns | self.group | self.carrying | self.subordinators)
            - (self.times | self.time_heads | {"to"})
        )
        self.no_openings = self.stops | self.prepositions | self.no_starts | self.times
        self.limits = self.stops | self.verbs | self.times
        self.trailing = self.prepositions | self.articles | {"and", "or"}
        self.openers = (
            self.subordinators
            | self.prepositions
            | self.determiners
            | self.adverbs
            | self.times
            | self.auxiliaries
            | {"and"}
        )
        self.heads = self.prepositions | self.adjuncts
        self.asides = self.heads | self.times
        self.leading = self.asides | self.subordinators
        self.noted = self.nouns.union(self.forms, self.tellings, ("according", ":", "—", Q), DASHES)  # rules start here


def inflected(lemma: str, past: str = "", participle: str = "") -> Iterator[tuple[str, str]]:
    """The forms of a verb with their kind: b base, s third person, d past, n participle, g -ing.

    >>> dict(inflected("deny"))
    {'deny': 'b', 'denies': 's', 'denied': 'd', 'denying': 'g'}
    >>> list(inflected("write", "wrote", "written"))[2:4]
    [('wrote', 'd'), ('written', 'n')]
    """
    silent = lemma.endswith("y") and lemma[-2] not in "aeiou"
    stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma
    stem += stem[-1] if lemma in DOUBLING else ""
    yield lemma, "b"
    yield (
        (lemma[:-1] + "ies" if silent else lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s")),
        "s",
    )
    yield (past or (lemma[:-1] + "ied" if silent else stem + ("d" if lemma.endswith("ee") else "ed"))), "d"
    if participle and participle != past:
        yield participle, "n"
    yield stem + "ing", "g"


DOUBLING: Final = frozenset("admit begin dub forget put quip rebut refer rip slam tip plan fret".split())


@cache
def lexicon() -> Lexicon:
    """The word lists, read once."""
    return Lexicon()


# words ----------------------------------------------------------------------------------------------------------------

_TOKEN: Final = re.compile(
    r"(\w[\w$€£%]*+(?:[-'.&/:]\w++)*+(?:(?<=s)'(?!\w))?|[,;:—–?!\x02]|[$€£#@]\w[\w.,]*\w|--|(?<!\S)-(?!\S))"
)


def cut(text: str) -> list[str]:
    """The words and marks of a text.

    >>> cut("A so-called (but grim) war, of 10 years.")
    ['A', 'so-called', 'but', 'grim', 'war', ',', 'of', '10', 'years']
    """
    found: list[str] = []
    for token in text.replace(", ", " , ").split():
        if token.isalnum() or token == ",":
            found.append(token)
        elif token[-1] == "." and token[:-1].isalnum():
            found.append(token[:-1])
        elif token[0] == Q and token.rstrip(VEIL) == Q:
            found.append(Q)
        else:
            head, joint, rest = token.partition("'" if "'" in token else "-")
            if joint and head.isalnum() and rest.isalnum():
                found.append(token)
            else:  # one in a hundred
                found += _TOKEN.findall(token)
    return found
