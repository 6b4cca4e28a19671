"""How sure is each rule of attribution? Its precision on human coding decides the tier that every row carries.

    python -m helpers.tiers ../shared/benchmarks/polnear_dev.jsonl

codes the benchmark (JSON lines with `attributions`: content and source spans), counts per rule how many attributions a
person also coded with the same speaker, and writes helpers/data/tiers.csv. A rule seen fewer than 20 times takes the
precision of all rules that find their content the same way. With `--verbs` before the file it prints the precision of
every reporting verb and way of taking its content instead.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cues import Attribution

ENOUGH = 20
BOUNDS = (("A", 0.85), ("B", 0.70), ("C", 0.0))
COLUMNS = ("rule", "n", "right", "precision", "basis", "tier")
Span = Sequence[int]


@cache
def tiers() -> dict[str, str]:
    """rule -> A, B or C, from helpers/data/tiers.csv; a rule it does not list is C, a row without speaker D."""
    text = files(__package__).joinpath("data", "tiers.csv").read_text(encoding="utf-8")
    return {row["rule"]: row["tier"] for row in csv.DictReader(text.splitlines())}


def matches(coded: Sequence[tuple[Sequence[Span], Span]], gold: Sequence[dict]) -> dict[int, tuple[int, bool]]:
    """Number of a gold attribution -> number of the coded (content spans, speaker span), whether the speaker is right.

    Every gold attribution takes the coded one that shares most of its content, if that is more than .3 of it.
    """
    found: dict[int, tuple[int, bool]] = {}
    taken: set[int] = set()
    for number, attribution in enumerate(gold):
        size = sum(b - a for a, b in attribution["content"])
        best = max(
            (i for i in range(len(coded)) if i not in taken),
            key=lambda i: shared(coded[i][0], attribution["content"]),
            default=None,
        )
        if best is not None and shared(coded[best][0], attribution["content"]) > 0.3 * size:
            taken.add(best)
            source = attribution["source"]
            found[number] = best, not source or shared([coded[best][1]], source) > 0
    return found


def right(coded: Sequence[tuple[Sequence[Span], Span]], gold: Sequence[dict]) -> list[bool]:
    """Which of the coded attributions a person coded too, sharing content and speaker."""
    found = dict(matches(coded, gold).values())
    return [found.get(i, False) for i in range(len(coded))]


def shared(one: Iterable[Span], other: Sequence[Span]) -> int:
    """Characters in both lists of spans."""
    return sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)


def tally(path: Path, keys: Callable[[Attribution], Iterable[tuple | str]]) -> tuple[Counter, Counter]:
    """How many attributions a benchmark file gives for every key, and how many of them are right."""
    from . import cleaning, language, speech
    from .corpus import Article

    n: Counter = Counter()
    hits: Counter = Counter()
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        record = json.loads(line)
        article = Article(record["id"], record["text"])
        made = speech.read(language.Document(article, cleaning.plain(article)))
        spoken = [m for m in made if m.speaker]
        for one, hit in zip(
            spoken, right([(m.spans, m.speaker or ()) for m in spoken], record["attributions"]), strict=True
        ):
            for key in keys(one):
                n[key] += 1
                hits[key] += hit
    return n, hits


def measure(path: Path) -> list[dict]:
    """The rows of tiers.csv, measured on a benchmark file."""
    n, hits = tally(path, lambda one: (one.rule, ending(one.rule)))
    rows = []
    for rule in sorted(n):
        if rule.startswith("*"):
            continue
        basis = rule if n[rule] >= ENOUGH else ending(rule)
        precision = hits[basis] / n[basis]
        tier = next(tier for tier, bound in BOUNDS if precision >= bound)
        values = (rule, n[rule], hits[rule], round(precision, 3), basis, tier)
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def verbs(path: Path) -> list[tuple]:
    """(lemma, way of taking content, n, right, precision), what decides which verbs are listed."""
    n, hits = tally(path, lambda one: [(one.lemma, one.how)])
    return [(*key, n[key], hits[key], round(hits[key] / n[key], 3)) for key in sorted(n)]


def ending(rule: str) -> str:
    """The way a rule finds its content: the last part of its name."""
    return "*" + rule.rpartition("_")[2]


def main(argv: Sequence[str]) -> int:
    """Measure and write the table, or print the precision of every verb."""
    if argv[:1] == ["--verbs"] and len(argv) == 2:
        csv.writer(sys.stdout).writerows(verbs(Path(argv[1])))
        return 0
    if len(argv) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    target = Path(__file__).parent / "data" / "tiers.csv"
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(measure(Path(argv[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
