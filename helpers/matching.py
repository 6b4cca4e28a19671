"""Which coded row is which gold row? Rows are dicts of text cells; every pair is one to one within an article.

A mention or a figure is the same where the spans overlap. An attribution is the same where quoted words or cue overlap,
or where it names the right speaker around the gold's cue. The best pairs are taken first.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

Row = Mapping[str, str]
Pair = tuple[Row, Row | None]


def pairs(gold: Sequence[Row], coded: Sequence[Row], closeness: Callable[[Row, Row], float]) -> list[Pair]:
    """(gold row, its coded row or None), in the gold's order; `closeness` 0 = not the same."""
    by_article: dict[str, list[int]] = defaultdict(list)
    for j, row in enumerate(coded):
        by_article[row["article_id"]].append(j)
    ranked = [(closeness(g, coded[j]), i, j) for i, g in enumerate(gold) for j in by_article.get(g["article_id"], ())]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for near, i, j in sorted(ranked, key=lambda r: (-r[0], r[1], r[2])):
        if near > 0 and i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return [(g, coded[found[i]] if i in found else None) for i, g in enumerate(gold)]


def place(row: Row) -> tuple[int, int]:
    """Where a row stands: its span, or from its first to its last quoted word; a start alone is one character."""
    if row.get("start"):
        return int(row["start"]), int(row.get("end") or int(row["start"]) + 1)
    quoted = segments(row) if row.get("spans") else [span(row, "cue")]
    return quoted[0][0], quoted[-1][1]


def overlap(one: Row, other: Row) -> float:
    """Shared characters of two rows' places as a share of their union."""
    (a, b), (c, d) = place(one), place(other)
    return max(0, min(b, d) - max(a, c)) / max(1, max(b, d) - min(a, c))


def mentions(gold: Sequence[Row], coded: Sequence[Row]) -> list[Pair]:
    """Pairs of rows by place; of several that overlap, the one with the same start goes first."""

    def closeness(g: Row, c: Row) -> float:
        near = overlap(g, c)
        return near + (near > 0 and place(g)[0] == place(c)[0])

    return pairs(gold, coded, closeness)


# attributions ---------------------------------------------------------------------------------------------------------


def segments(row: Row) -> list[tuple[int, int]]:
    """The spans "a-b;c-d" of an attribution."""
    return [(int(a), int(b)) for a, _, b in (part.partition("-") for part in row["spans"].split(";") if part)]


def span(row: Row, name: str) -> tuple[int, int]:
    """The span in NAME_start and NAME_end; (0, 0) where there is none."""
    return (int(row[f"{name}_start"]), int(row[f"{name}_end"])) if row.get(f"{name}_start") else (0, 0)


def shared(one: Iterable[tuple[int, int]], other: Iterable[tuple[int, int]]) -> int:
    """Characters that two lists of spans have in common."""
    other = list(other)
    return sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)


def attributions(gold: Sequence[Row], coded: Sequence[Row], named: Callable[[Row, Row], bool]) -> list[Pair]:
    """Pairs of attributions; `named(gold, coded)` says whether the speaker is the right one."""

    def closeness(g: Row, c: Row) -> float:
        quoted, words, cue = segments(g), segments(c), span(g, "cue")
        near = 2 * shared(quoted, words) / sum(b - a for a, b in quoted) if quoted else 0.0
        near += 2 * (shared([cue], [span(c, "cue")]) > 0)
        reach = [x for x in (*words, span(c, "cue"), span(c, "speaker")) if x != (0, 0)]
        around = [(min(a for a, _ in reach), max(b for _, b in reach))] if reach else []
        right = named(g, c)
        if not near and right and shared(around, [cue, span(g, "speaker")]):
            near = 0.5
        return near + 0.6 * right if near else 0.0

    return pairs(gold, coded, closeness)


def speaker(names: Mapping[tuple[str, str], str], people: frozenset[tuple[str, str]]) -> Callable[[Row, Row], bool]:
    """Whether an attribution names the right speaker.

    names: (article_id, source_id) -> coded name. people: (article_id, source_key) of the gold's named persons. Of a
    person the resolved name must share a word; of anybody else the mention must overlap or one name hold the other.
    """

    def named(g: Row, c: Row) -> bool:
        if not g["source_key"]:
            return not c["speaker"] and not c["source_id"]
        name = names.get((c["article_id"], c["source_id"]), "") or c["speaker"]
        if (g["article_id"], g["source_key"]) in people:
            return bool(words(g["speaker"]) & words(name))
        return bool(shared([span(g, "speaker")], [span(c, "speaker")])) or same_name(g["speaker"], name)

    return named


_EMPTY = frozenset("a an and at by dr for in its mr mrs ms of on other some state the their".split())


def words(name: str) -> frozenset[str]:
    """The telling words of a name or description, in lower case."""
    plain = re.sub(r"\([^)]*\)|'s\b", " ", name.replace("’", "'").lower())
    return frozenset(re.findall(r"\w[\w'-]*", plain)) - _EMPTY


def same_name(one: str, other: str) -> bool:
    """Whether one description holds all telling words of the other."""
    a, b = words(one), words(other)
    return bool(a and b) and (a <= b or b <= a)


def same_text(one: str, other: str) -> bool:
    """Whether two roles or affiliations share half of the telling words of the shorter, or an acronym in brackets."""
    a, b = words(one), words(other)
    acronyms = {x.lower() for x in re.findall(r"\(([A-Z]{2,})\)", f"{one} {other}")}
    return (bool(a & b) and (2 * len(a & b) >= min(len(a), len(b)))) or bool(acronyms & (a | b))


def sources(gold: Sequence[Row], coded: Sequence[Row], quotes: Sequence[Pair], named: Callable) -> list[Pair]:
    """Pairs of sources: who shares most rightly attributed quotes, else who has the same name."""
    votes = Counter(
        (g["article_id"], g["source_key"], c["source_id"]) for g, c in quotes if c is not None and named(g, c)
    )

    def closeness(g: Row, c: Row) -> float:
        together = votes[g["article_id"], g["source_key"], c["source_id"]]
        alike = words(g["name"]) & words(c["name"]) if g["kind"] in PERSONS else same_name(g["name"], c["name"])
        return together + 0.5 * bool(alike)

    return pairs(gold, coded, closeness)


PERSONS = frozenset({"person", "author"})


# figures --------------------------------------------------------------------------------------------------------------


def value(row: Row) -> tuple[str, ...]:
    """What a figure says, in one form: (value) or (low, high); a bare bound counts as value; () if it says nothing."""
    held = tuple(canonical(row[c]) for c in ("value", "low", "high") if row.get(c))
    if row.get("value"):
        return held[:1]
    return held[:1] if len(set(held)) == 1 else held


def canonical(cell: str) -> str:
    """A number in one spelling; anything else as it is."""
    try:
        return f"{float(cell):.12g}"
    except ValueError:
        return cell


def same_value(gold: Row, coded: Row) -> bool:
    """Whether two figures say the same; of a decade ("the 1950s") or a range its first year or bound will do.

    An identifier is a name and says no number.
    """
    if gold.get("kind") == coded.get("kind") == "identifier":
        return True
    a, b = value(gold), value(coded)
    bounds = tuple(canonical(gold[c]) for c in ("low", "high") if gold.get(c))
    return bool(a) and (a == b or (bool(bounds) and (b in (bounds, bounds[:1]) or b[:1] == a)))
