"""From a number back to its sentence, on a terminal: a figure, a line of its CSV, or a row id -> rows and places."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from . import study
from .annotation import Row, start_of, whole
from .corpus import Refused
from .study import Study

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
FIGURES = Path("figures")


def trace(data: Study, what: str, *, figures: Path = FIGURES) -> Iterator[str]:
    """Lines on the rows behind `what`: rows, places, rules, and sentences where the texts are present.

    `what` is a row id (frames:cna:324), a figure (its name or one of its files), or a line of its CSV (voices:3,
    counted as in the file, the heading being line 1). Raises Refused where there is nothing of that name.
    """
    if re.fullmatch(r"\w+:.+:\d+", what) and what.partition(":")[0] in data.tables:
        yield from _row(data, what)
        return
    name, _, line = what.partition(":")
    path = Path(name).with_suffix(".csv")
    path = path if path.is_file() else figures / path.name
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in figures.glob("*.csv"))) or "none yet: run the report first"
        raise Refused(f"{what}: neither a row id (TABLE:ARTICLE:START) nor a figure; figures: {known}")
    with path.open(encoding="utf-8", newline="") as lines:
        numbers = list(enumerate(csv.DictReader(lines), 2))
    if line:
        numbers = [(n, r) for n, r in numbers if str(n) == line]
        if not numbers:
            raise Refused(f"{what}: {path.name} has no such line")
    for number, row in numbers:
        yield f"{path.name}, line {number}: " + ", ".join(f"{k} {v}" for k, v in row.items() if v and k != "rows")
        for row_id in row.get("rows", "").split():
            for found in _row(data, row_id):
                yield f"  {found}"


def _row(data: Study, row_id: str) -> Iterator[str]:
    """One row: its place, its cells, its sentence."""
    table, _, rest = row_id.partition(":")
    article_id, _, start = rest.rpartition(":")
    rows = csv.DictReader(io.StringIO(data.tables.get(table, ""), newline=""))
    found = [r for r in rows if r["article_id"] == article_id and start_of(table, r) == int(start or -1)]
    if not found:
        raise Refused(f"{row_id}: no such row in this study")
    for row in found:
        place = data.place(article_id, whole(row.get("sentence"), 0), row.get("zone", ""))
        yield f"{row_id}  {data.outlets.get(article_id, article_id)}, {place}"
        cells = {k: v for k, v in row.items() if v and k not in ("article_id", "sentence", "word_lengths")}
        yield "  " + ", ".join(f"{k} {v}" for k, v in cells.items())
        if said := _sentence(data, article_id, row):
            yield f"  | {said}"


def _sentence(data: Study, article_id: str, row: Row) -> str:
    """The sentence of a row where the text is present; the coded words alone outside the body."""
    if said := data.sentence(article_id, whole(row.get("sentence"), 0)):
        return " ".join(said.split())
    return " ".join(data.passage(article_id, whole(row.get("start"), 0), whole(row.get("end"), 0)).split())


def command(options) -> int:
    """`python -m helpers trace`: prints the rows; terminal escapes and odd marks of a text are shown, never obeyed."""
    figures = FIGURES if options.study is None else Path("reports/figures")
    for line in trace(study.read(options.study), options.what, figures=figures):
        print(_UNSEEN.sub("\ufffd", line), file=sys.stdout)
    return 0
