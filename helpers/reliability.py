"""How far do any two coders agree: the machine, the gold, and every person who coded by hand?

Krippendorff's alpha for each variable, with one bootstrap over units and one over whole articles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import matching, statistics, validity
from .validity import GOLD, MACHINE, VARIABLES, Rows

if TYPE_CHECKING:
    import pandas as pd

    from .study import Study


def coders(study: Study, table: str) -> list[str]:
    """Who coded a table: machine, gold if there is one, then persons by name."""
    found = validity.read(study.folder / "gold").get(table, {})
    return [MACHINE, *([GOLD] if GOLD in found else []), *sorted(set(found) - {GOLD})]


def coding_of(study: Study, table: str, coder: str) -> Rows:
    """The rows of one coder; of the gold without the traps, which are no mentions."""
    if coder == MACHINE:
        return validity.coded(study, table)
    return [row for row in validity.gold(study, table, coder=coder) if row.get("tier") not in ("trap", "T")]


def agreement(study: Study, table: str) -> pd.DataFrame:
    """Alpha of every pair of coders (machine, gold, persons) for every variable of a table.

    Columns: table, variable, one, other, value, low, high, low_articles, high_articles, n.
    """
    import pandas as pd

    names, rows = coders(study, table), []
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            both = paired(study, table, one, other)
            articles = [a["article_id"] for a, _ in both]
            for variable in VARIABLES[table]:
                pairs = [(a.get(variable, ""), b.get(variable, "")) for a, b in both]
                units, whole = statistics.alpha(columns(pairs)), statistics.alpha(columns(pairs), clusters=articles)
                rows.append((table, variable, one, other, *units[:3], *whole[1:3], units.n))
    header = ["table", "variable", "one", "other", "value", "low", "high", "low_articles", "high_articles", "n"]
    return pd.DataFrame(rows, columns=header)


def paired(study: Study, table: str, one: str, other: str, *, tier: str = "") -> list[matching.Pair]:
    """The units two coders both coded; with `tier` only those that `one` puts in that tier."""
    a, b = coding_of(study, table, one), coding_of(study, table, other)
    whole = table == "quotes" and all("spans" in row for row in (*a, *b))
    pairs = matching.attributions(a, b, lambda *_: False) if whole else matching.mentions(a, b)
    return [(x, y) for x, y in pairs if y and tier in ("", x.get("tier"))]


def confusion(
    study: Study, table: str, variable: str, *, one: str = GOLD, other: str = MACHINE, tier: str = ""
) -> pd.DataFrame:
    """Counts of labels, `one` in rows, `other` in columns."""
    import pandas as pd

    pairs = [(a[variable], b[variable]) for a, b in paired(study, table, one, other, tier=tier) if a[variable]]
    labels, counts = statistics.confusion(*columns(pairs))
    return pd.DataFrame(counts, index=labels, columns=labels)


def columns(pairs: list[tuple]) -> tuple[list, list]:
    """Pairs of values as one list for each coder."""
    return [a for a, _ in pairs], [b for _, b in pairs]
