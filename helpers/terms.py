"""Which expressions of a codebook stand where? Dictionary -> one regex -> hits, before anything is read into them.

A term is written as one reads it: `peace maker*` finds peacemaker, peace-makers and peace maker (a blank also matches
a hyphen, a no-break space or nothing; * leaves the word's end open), `want/wants peace` stands for both, `send … arms`
allows up to five words between. British and American spellings find each other (helpers/data/spellings.txt). All
terms are folded into one prefix tree, so that a text is read once, whatever their number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

from .language import fold, lower, words_of

BLANK, GAP, OPEN = r"[-\s]{0,2}", r"\s(?:[^\s.;:!?]+\s){0,5}?", r"\w*"
END = r"(?!\w)"
TELLING = 4  # letters of a word that is no mere of, the, for
LONGEST = 80  # characters that a term may reach beyond another that it overlaps


class Hit(NamedTuple):
    """One place of one term: offsets, and the label its term was entered under."""

    start: int
    end: int
    label: Any


def spellings(term: str) -> set[str]:
    """All ways to write a term: its alternatives, and British for American and the reverse.

    >>> sorted(spellings("sabre rattling/rattler"))
    ['saber rattler', 'saber rattling', 'sabre rattler', 'sabre rattling']
    """
    forms = {" ".join(words) for words in product(*(w.split("/") for w in lower(fold(term)).split()))}
    for pair in words_of("spellings.txt"):
        one, other = pair.split()
        for a, b in ((one, other), (other, one)):
            forms |= {re.sub(rf"(?<!\w){a}", b, f) for f in forms if a in f}
    return forms


def tokens(term: str) -> list[str]:
    """A term as pieces of a regex: characters, and what a blank, a gap and an open end stand for.

    >>> tokens("a b*")
    ['a', '[-\\\\s]{0,2}', 'b', '\\\\w*']
    """
    pieces: list[str] = []
    for c in re.sub(r"\s*(?:…|\.\.\.)\s*", "…", term.replace("-", " ")):
        pieces.append({" ": BLANK, "…": GAP, "*": OPEN}.get(c) or re.escape(c))
    return pieces


def regex(terms: Iterable[str], *, inside: bool = False) -> str:
    """One regex for all terms, factored as a prefix tree; the longest match comes first.

    Starts inside a word only where that is said.
    """
    tree: dict = {}
    for term in sorted({f for t in terms for f in spellings(t)}):
        node = tree
        for piece in tokens(term):
            node = node.setdefault(piece, {})
        node[END] = {}
    if not tree:
        return r"(?!)"

    def written(node: dict) -> str:
        order = sorted(node, key=lambda k: (k == END, k == OPEN, k))
        parts = [k + (written(node[k]) if node[k] else "") for k in order]
        return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"

    # The first character comes before the look back, so that the engine can skip to it.
    parts = [k + ("" if inside else rf"(?<!\w{k})") + written(v) for k, v in sorted(tree.items())]
    return f"(?:{'|'.join(parts)})"


class Screen:
    """Which terms may stand among strings without blanks? Those of which the two longest words do.

    Made from terms, each with the number of the bit that stands for it, and maybe for others, too.
    """

    def __init__(self, terms: Iterable[tuple[str, int]]):
        self._longest: dict[str, int] = {}  # word -> the bits of the terms it is the longest word of
        self._second: dict[str, int] = {}
        for term, bit in terms:
            words = [longest for word in term.split() if (longest := _longest_pieces(word))]
            words.sort(key=lambda alternatives: -min(map(len, alternatives)))
            if len(words) == 1 or min(map(len, words[1])) < TELLING:
                words.insert(1, words[0])
            for found, alternatives in ((self._longest, words[0]), (self._second, words[1])):
                for word in alternatives:
                    found[word] = found.get(word, 0) | 1 << bit
        self._any = re.compile(regex({word + "*" for word in (*self._longest, *self._second)}, inside=True))

    def parts(self, low: str) -> tuple[int, int]:
        """The bits of the terms whose longest word is in a string in lower case, and of those whose second longest."""
        if not self._any.search(low):
            return 0, 0
        first = second = 0
        for word, bits in self._longest.items():
            if word in low:
                first |= bits
        for word, bits in self._second.items():
            if word in low:
                second |= bits
        return first, second


def _longest_pieces(word: str) -> set[str]:
    """Of each spelling of a word of a term the longest piece that stands in the text as it is, if each has one."""
    pieces = {max(re.split(r"[…*-]|\.{3}", spelling), key=len) for spelling in spellings(word)}
    return set() if "" in pieces else pieces


def finder(terms: Iterable[str]) -> re.Pattern:
    """The compiled regex of some terms, for lower-cased folded text."""
    return re.compile(regex(terms))


@cache
def dictionary(entries: tuple[tuple[Any, tuple[str, ...]], ...]) -> Callable[..., list[Hit]]:
    """A function from lower-cased text to hits, for (label, terms) pairs; where terms overlap the longest wins.

    Given spans of the text in their order, it finds the hits that begin in them.
    """
    # a term stands after something that is no letter: few places are tried, and fewer looked back from
    whole = re.compile(f"[^a-z]({regex((t for _, terms in entries for t in terms), inside=True)})")
    single = [(label, finder(terms)) for label, terms in entries]

    @lru_cache(maxsize=4096)
    def label_of(surface: str) -> Any:
        return next(label for label, pattern in single if pattern.fullmatch(surface))

    def following(text: str, at: int, end: int) -> re.Match | None:
        m = whole.search(text, at, end)
        while m and (text[m.start()].isalnum() or text[m.start()] == "_"):  # inside a word
            m = whole.search(text, m.start() + 1, end)
        return m

    def hits(text: str, spans: Sequence[tuple[int, int]] | None = None) -> list[Hit]:
        found, at = [], 0
        text = "\n" + text
        for first, last in [(0, len(text))] if spans is None else spans:
            at = max(at, first)  # the character before the span
            while m := following(text, at, last + 1):
                a, b = m.span(1)
                later = following(text, a, min(b + LONGEST, last + 1))  # "for peace talks" holds "peace talks", too
                if later and later.start(1) < b and later.end() - later.start(1) > b - a:
                    a, b = later.span(1)
                found.append(Hit(a - 1, b - 1, label_of(text[a:b])))
                at = b
        return found

    return hits
