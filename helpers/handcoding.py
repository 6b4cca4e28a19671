"""Code a blind sample by hand: draw it, save every answer at once, resume, and compare with machine and gold.

Reliability of content analysis by independent coders: Krippendorff (2018), Content Analysis, chapter 12.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from . import coding, reliability
from .corpus import Refused, write_aside
from .study import Study

Unit = tuple[str, int]  # article_id, start


@cache
def variables(table: str) -> tuple[Mapping, ...]:
    """What is coded by hand in `table`: name, question, and values with key and definition."""
    data = tomllib.loads(files(__package__).joinpath("data/variables.toml").read_text(encoding="utf-8"))
    found = tuple(v for v in data["variables"] if v["table"] == table)
    if not found:
        known = ", ".join(sorted({v["table"] for v in data["variables"]}))
        raise Refused(f"{table}: nothing to code by hand there; choose one of {known}")
    return found


def start_of(row: Mapping) -> int:
    """Where a row begins: its start, or that of its first span."""
    return int(row["start"] if row.get("start") else row["spans"].partition("-")[0])


def sample(study: Study, table: str, *, size: int, seed: int) -> list[dict]:
    """`size` rows of `table` drawn at random (PCG64) from the articles whose text is present, in reading order."""
    rows = [r for r in csv.DictReader(io.StringIO(study.tables[table])) if r["article_id"] in study.texts]
    rows = [r for r in rows if r.get("start") or r.get("spans")]
    chosen = np.random.Generator(np.random.PCG64(seed)).permutation(len(rows))[:size]
    return [rows[i] for i in sorted(chosen)]


@dataclass
class Session:
    """One person's coding of one sample. `answers` maps a unit to its values by variable."""

    study: Study
    table: str
    coder: str
    units: list[dict]
    answers: dict[Unit, dict[str, str]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where the coding is kept: gold/TABLE.CODER.csv in the study folder."""
        return self.study.folder / "gold" / f"{self.table}.{self.coder}.csv"

    def unit(self, index: int) -> Unit:
        """The key of the sample's unit `index`."""
        return self.units[index]["article_id"], start_of(self.units[index])

    def open(self) -> int:
        """The index of the first unit not coded completely, or the number of units."""
        names = {v["name"] for v in variables(self.table)}
        return next(
            (i for i in range(len(self.units)) if names - set(self.answers.get(self.unit(i), {}))), len(self.units)
        )

    def answer(self, index: int, variable: str, value: str) -> None:
        """Record one answer and save it at once; answers saved by another window meanwhile are kept."""
        allowed = {v["value"] for var in variables(self.table) if var["name"] == variable for v in var["values"]}
        if value not in allowed:
            raise Refused(
                f"{variable} = {value}: not a value of the codebook; choose one of {', '.join(sorted(allowed))}"
            )
        disk = saved(self.path)
        self.answers = {k: {**disk.get(k, {}), **self.answers.get(k, {})} for k in disk.keys() | self.answers.keys()}
        self.answers.setdefault(self.unit(index), {})[variable] = value
        names = [v["name"] for v in variables(self.table)]
        rows = [
            {"article_id": a, "start": s, "coder": self.coder, **values}
            for (a, s), values in sorted(self.answers.items())
        ]
        write_aside(self.path, coding.csv_text(["article_id", "start", "coder", *names], rows))


def saved(path: Path) -> dict[Unit, dict[str, str]]:
    """The answers in a coder's file; none where there is no file. Raises Refused where it is broken."""
    if not path.exists():
        return {}
    answers = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                key = row.pop("article_id"), int(row.pop("start"))
            except (KeyError, ValueError):
                raise Refused(f"{path}, line {number}: needs article_id and a whole number as start; mend it") from None
            answers[key] = {k: v for k, v in row.items() if k != "coder" and v}
    return answers


def session(study: Study, table: str, *, coder: str, size: int, seed: int) -> Session:
    """Begin or resume the coding of `coder` (letters, digits, - and _ only, since it names a file)."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", coder):
        raise Refused(f"{coder!r} cannot name a coder: use up to 40 letters, digits, - and _")
    if not study.texts:
        raise Refused(f"{study.folder}: no article texts there; hand coding needs the sentences, so put the texts in")
    variables(table)
    made = Session(study, table, coder, sample(study, table, size=size, seed=seed))
    made.answers = saved(made.path)
    return made


def agreement(made: Session) -> list[dict]:
    """Krippendorff's alpha of the person with the machine, the gold and others, by variable, with its interval."""
    rows = []
    for row in reliability.agreement(made.study, made.table).to_dict("records"):
        if made.coder in (row["one"], row["other"]):
            other = row["one"] if row["other"] == made.coder else row["other"]
            figures = {"n": row["n"], "alpha": row["value"], "low": row["low"], "high": row["high"]}
            rows.append({"variable": row["variable"], "with": other, **figures})
    return rows


def disagreements(made: Session) -> list[dict]:
    """The units where the person and the machine differ: the place, the variable, both codes."""
    rows = []
    for unit in made.units:
        values = made.answers.get((unit["article_id"], start_of(unit)), {})
        for variable, value in values.items():
            if unit.get(variable) and unit[variable] != value:
                place = made.study.place(unit["article_id"], unit.get("sentence"), unit.get("zone", ""))
                rows.append(
                    {
                        "place": place,
                        "article_id": unit["article_id"],
                        "start": start_of(unit),
                        "term": unit.get("term") or unit.get("surface") or unit.get("cue", ""),
                        "variable": variable,
                        "you": value,
                        "machine": unit[variable],
                    }
                )
    return rows
