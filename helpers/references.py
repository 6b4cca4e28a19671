"""Published statistics to check figures against: references.csv -> Reference; a malformed row is refused.

One row per published figure, with who measured it, where it was read and when. `growth_pct` is the change on the year
before as published. `arithmetic` states how a row follows from others ("value = R06 + R07; growth = R01 / R08"); what
does not add up within rounding is found by `faults`. Intervals carry rounding through a calculation (Moore, Kearfott
and Cloud, Introduction to Interval Analysis, 2009).
"""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from .corpus import Refused

COLUMNS = (
    "reference_id", "measure", "commodity", "compare_with", "basis", "exporter", "importer", "period", "comparator",
    "value", "unit", "growth_comparator", "growth_pct", "arithmetic", "measured_by", "source_title", "url", "published",
    "doubt", "note",
)  # fmt: skip
NEEDED = ("reference_id", "measure", "period", "value", "unit", "measured_by")
# A measure may be written out ("bilateral trade total"): the first of these words in it tells which it is.
WORDS = {
    "surplus": "balance", "deficit": "balance", "balance": "balance", "export": "exports", "import": "imports",
    "shipment": "shipments", "shipped": "shipments", "purchase": "purchases", "sale": "sales", "meeting": "meetings",
    "trade": "trade",
}  # fmt: skip
UNITS = {"t": "tonne", "tonnes": "tonne", "count": "time", "bbl": "barrel"}
MEASURES = ("balance", "exports", "imports", "meetings", "purchases", "sales", "shipments", "trade")
BASES = ("value", "volume")
COMPARATORS = ("", "=", "~", ">", ">=", "<", "<=")
REVISED = 0.3  # percentage points by which a growth worked out from two levels may miss the published one
_PERIOD = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?:[/-]\d{4}(?:-\d\d(?:-\d\d)?)?)?$")


class Interval(NamedTuple):
    """All values a figure may stand for.

    >>> Interval(185e9, 195e9) / Interval(0.025, 0.035)
    Interval(low=5285714285714.285, high=7800000000000.0)
    """

    low: float
    high: float

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        corners = [a * b for a in self for b in other]
        return Interval(min(corners), max(corners))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            return Interval(float("-inf"), float("inf"))
        return self * Interval(1 / other.high, 1 / other.low)

    def meets(self, other: Interval) -> bool:
        return self.low <= other.high and other.low <= self.high


class Reference(NamedTuple):
    """One published figure: level (`value` in `unit`) and, where published, growth on the year before in per cent."""

    id: str
    measure: str
    commodity: str
    compare_with: str
    basis: str
    exporter: str
    importer: str
    period: str
    comparator: str
    value: float
    unit: str
    growth_comparator: str
    growth: float | None
    arithmetic: str
    measured_by: str
    source_title: str
    url: str
    published: str
    doubt: str
    note: str
    step: float  # place of the last significant digit as written
    growth_step: float

    @property
    def level(self) -> Interval:
        return around(self.value, self.step, self.comparator)

    @property
    def growing(self) -> Interval:
        return around(self.growth or 0.0, self.growth_step, self.growth_comparator)

    @property
    def is_derived(self) -> bool:
        return self.measured_by == "derived"


def around(value: float, step: float, comparator: str) -> Interval:
    """The interval of a figure as written: half its last place either way, or open on one side."""
    half = step / 2
    if comparator in (">", ">="):
        return Interval(value, float("inf"))
    if comparator in ("<", "<="):
        return Interval(float("-inf"), value)
    return Interval(value - half, value + half)


def place(written: str) -> float:
    """The place of the last significant digit: "1.9027e+11" -> 1e7, "190" -> 10, "12.8" -> 0.1."""
    digits, _, exponent = written.lower().lstrip("+-").partition("e")
    whole, _, decimals = digits.partition(".")
    size = 10.0 ** -len(decimals) if decimals else 10.0 ** (len(whole) - len(whole.rstrip("0") or "0"))
    return size * 10.0 ** int(exponent or 0)


def read(path: Path) -> list[Reference]:
    """The references in a CSV file; no file, none. Raises Refused with the line and what is wrong there."""
    if not Path(path).exists():
        return []
    rows = csv.reader(io.StringIO(Path(path).read_text(encoding="utf-8")))
    head = ["reference_id" if c == "ref_id" else c for c in next(rows, [])]
    missing = [c for c in NEEDED if c not in head]
    if missing:
        raise Refused(f"{path}, line 1: no column {', '.join(missing)}; the first line names the columns")
    found: dict[str, Reference] = {}
    for cells in rows:
        line = rows.line_num
        if not any(cells):
            continue
        if len(cells) != len(head):
            raise Refused(f"{path}, line {line}: {len(cells)} cells for {len(head)} columns; quote cells with commas")
        row = dict.fromkeys(COLUMNS, "") | {k: v.strip() for k, v in zip(head, cells, strict=True)}
        row["measure"] = _measure(row)
        row["unit"] = UNITS.get(row["unit"], row["unit"])
        row["measured_by"] = "derived" if row["measured_by"].startswith("derived") else row["measured_by"]
        reason = _fault(row, found)
        if reason:
            raise Refused(f"{path}, line {line}: {reason}")
        found[row["reference_id"]] = _reference(row)
    unknown = [(r.id, n) for r in found.values() for n in _names(r.arithmetic) if n not in found]
    if unknown:
        raise Refused(f"{path}: the arithmetic of {unknown[0][0]} names {unknown[0][1]}, which is no row")
    return list(found.values())


def _measure(row: Mapping[str, str]) -> str:
    """The measure a row names in its own words, trade where the two sides are a pair; as written if none is known."""
    written = row["measure"].lower()
    if "<->" in row["exporter"] and "trade" in written:
        return "trade"
    return next((measure for word, measure in WORDS.items() if word in written), row["measure"])


def _fault(row: Mapping[str, str], found: Mapping[str, Reference]) -> str:
    """What is wrong with a row, in words; "" if nothing."""
    empty = [c for c in NEEDED if not row[c]]
    if empty:
        return f"{empty[0]} is empty; fill it or leave the row out"
    if row["reference_id"] in found:
        return f"{row['reference_id']} stands twice; give each row an id of its own"
    for column, allowed in (("measure", MEASURES), ("comparator", COMPARATORS), ("basis", ("", *BASES))):
        if row[column] not in allowed:
            return f"{column} {row[column]!r} is none of {', '.join(filter(None, allowed))}"
    for column in ("value", "growth_pct"):
        if row[column] and not re.fullmatch(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", row[column]):
            return f"{column} {row[column]!r} is no number; write 1.9027e+11 or 190270000000, without commas or units"
    if not _PERIOD.match(row["period"]):
        return f"period {row['period']!r} is no year, month or span; write 2022, 2022-01/2022-05 or 2013/2023"
    if row["measured_by"] != "derived" and not (row["url"] and row["published"]):
        return "url and published are needed: where and when the figure was published"
    try:
        for _, expression in _statements(row["arithmetic"]):
            _check(ast.parse(expression, mode="eval").body)
    except (SyntaxError, ValueError) as error:
        return f"arithmetic {row['arithmetic']!r} cannot be read ({error}); write value = R01 + R02"
    return ""


def _reference(row: Mapping[str, str]) -> Reference:
    growth = row["growth_pct"]
    return Reference(
        row["reference_id"], row["measure"], row["commodity"], row["compare_with"], row["basis"], row["exporter"],
        row["importer"], row["period"], row["comparator"] or "=", float(row["value"]), row["unit"],
        row["growth_comparator"] or "=", float(growth) if growth else None, row["arithmetic"], row["measured_by"],
        row["source_title"], row["url"], row["published"], row["doubt"], row["note"], place(row["value"]),
        place(growth) if growth else 0.0,
    )  # fmt: skip


# arithmetic -----------------------------------------------------------------------------------------------------------


def _statements(text: str) -> list[tuple[str, str]]:
    """ "value = R06 + R07; growth = R01 / R08" -> [("value", "R06 + R07"), ...]."""
    made = []
    for statement in filter(None, map(str.strip, text.split(";"))):
        left, _, right = statement.partition("=")
        if left.strip() not in ("value", "growth"):
            raise ValueError(f"{left.strip()!r} is neither value nor growth")
        made.append((left.strip(), right.strip()))
    return made


_OPERATIONS: Mapping[type, Callable[[Interval, Interval], Interval]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def _check(node: ast.expr) -> None:
    """Allow numbers, row ids, ID.growth and the four operations; nothing else."""
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        _check(node.left)
        _check(node.right)
    elif not (
        (isinstance(node, ast.Constant) and isinstance(node.value, int | float))
        or isinstance(node, ast.Name)
        or (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr == "growth")
    ):
        raise ValueError("only numbers, row ids, ID.growth and + - * / are known")


def _names(arithmetic: str) -> list[str]:
    return [
        n.id for _, e in _statements(arithmetic) for n in ast.walk(ast.parse(e, mode="eval")) if isinstance(n, ast.Name)
    ]


def evaluate(expression: str, rows: Mapping[str, Reference]) -> Interval:
    """The interval an arithmetic expression over references comes to, rounding carried through."""

    def value(node: ast.expr) -> Interval:
        if isinstance(node, ast.BinOp):
            return _OPERATIONS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.Constant):
            return Interval(float(node.value), float(node.value))
        if isinstance(node, ast.Attribute):
            return rows[node.value.id].growing
        return rows[node.id].level

    return value(ast.parse(expression, mode="eval").body)


def faults(references: Sequence[Reference]) -> list[tuple[str, str]]:
    """The rows whose arithmetic does not hold within rounding: (reference_id, the calculation spelled out).

    A growth worked out from two levels may miss the published one by REVISED points: base years get revised.
    """
    rows = {r.id: r for r in references}
    found = []
    for r in references:
        for side, expression in _statements(r.arithmetic):
            result = evaluate(expression, rows)
            if side == "growth":
                result = (result - Interval(1, 1)) * Interval(100, 100)
                result = Interval(result.low - REVISED, result.high + REVISED)
            stated = r.growing if side == "growth" else r.level
            if not stated.meets(result):
                wanted = r.growth if side == "growth" else r.value
                found.append((r.id, f"{expression} = {result.low:.4g} to {result.high:.4g}, stated {wanted:.4g}"))
    return found
