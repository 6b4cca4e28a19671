"""A study as notebooks, reports and widgets see it: tables, codebook, gold, and the texts where they are present."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from . import codebook as codebooks
from . import coding, corpus, inputs, references, trade
from .markup import Html, escape

if TYPE_CHECKING:
    import pandas as pd


def frame(text: str) -> pd.DataFrame:
    """A table's CSV text as a data frame: whole numbers nullable integers, empty text stays empty text."""
    import pandas as pd

    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    for column in table.columns:
        if column in coding.WHOLE:
            table[column] = pd.to_numeric(table[column].replace("", None)).astype("Int64")
        elif column in coding.REAL:
            table[column] = pd.to_numeric(table[column].replace("", None), errors="coerce").astype(float)
    return table


def missing(value: object) -> bool:
    """Whether a cell is empty (None, NaN or NA)."""
    import pandas as pd

    return value is None or value is pd.NA or value != value


@dataclass
class Study:
    """Tables by name (`study.frames`, `study.quotes`, ... as data frames), and what they were made from."""

    folder: Path
    codebook: codebooks.Codebook
    tables: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self.tables:
            raise AttributeError(f"a study has no table {name!r}; it has {', '.join(coding.TABLES)}")
        table = self.__dict__[name] = frame(self.tables[name])
        return table

    @cached_property
    def outlets(self) -> dict[str, str]:
        """article_id -> the outlet's name (the id where none is stated), in the order of the catalogue."""
        return {r.article_id: r.outlet or r.article_id for r in self.articles.itertuples()}

    @cached_property
    def places(self) -> dict[tuple[str, int], str]:
        """(article_id, sentence) -> "¶ 7, sentence 2", counted within the paragraph."""
        places, seen = {}, {}
        for r in self.sentences.itertuples():
            key = (r.article_id, int(r.paragraph))
            seen[key] = seen.get(key, 0) + 1
            places[r.article_id, int(r.sentence)] = f"¶ {key[1]}, sentence {seen[key]}"
        return places

    def place(self, article_id: str, sentence: object, zone: str = "") -> str:
        """Where a row stands, for a reader: the paragraph and sentence, or the zone outside the body."""
        if missing(sentence) or not sentence:
            return zone or "outside the body"
        return self.places[article_id, int(sentence)]

    def passage(self, article_id: str, start: int, end: int) -> str:
        """The words between two offsets where the text is present, else an empty string."""
        return self.texts.get(article_id, "")[int(start) : int(end)]

    def sentence(self, article_id: str, number: object) -> str:
        """A body sentence where the text is present, else an empty string."""
        if article_id not in self.texts or missing(number):
            return ""
        row = self.sentences[(self.sentences.article_id == article_id) & (self.sentences.sentence == number)]
        return self.passage(article_id, row.start.iloc[0], row.end.iloc[0]) if len(row) else ""

    def source_note(self) -> Html:
        """One line on what the tables rest on: texts recoded here, or the shipped coding."""
        recoded = sum(a in self.texts for a in self.outlets)
        note = f"{len(self.outlets)} articles: {recoded} coded from their texts, "
        note += f"{len(self.outlets) - recoded} read from the shipped coding (places are shown instead of sentences)."
        if self.departures:
            note += f" The coding differs from the shipped one in: {', '.join(self.departures)}."
        if self.refusals:
            note += f" Refused: {'; '.join(self.refusals)}"
        return Html(f'<p class="note">{escape(note)}</p>', note)

    def only(self, articles: Sequence[str]) -> Study:
        """The same study with these articles alone."""
        kept = dict.fromkeys(articles)
        tables = {}
        for name, text in self.tables.items():
            head, *rows = csv.reader(io.StringIO(text))
            column = head.index("article_id")
            tables[name] = coding.csv_text(head, [dict(zip(head, r, strict=True)) for r in rows if r[column] in kept])
        return replace(self, tables=tables, texts={a: t for a, t in self.texts.items() if a in kept})

    def gold(self, name: str) -> pd.DataFrame:
        """A table of gold coding, seeds/gold/NAME.csv, all values as text; empty if the study has none."""
        import pandas as pd

        path = self.folder / "gold" / f"{name}.csv"
        return pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame()


def locate(folder: str | Path | None = None) -> Path:
    """The study folder: as given, else HELPERS_STUDY, else seeds here or beside the notebooks."""
    if folder is not None:
        return Path(folder)
    if named := os.environ.get("HELPERS_STUDY"):
        return Path(named)
    return next((p for p in (Path("seeds"), Path("../seeds")) if p.is_dir()), Path("seeds"))


def read(folder: str | Path | None = None) -> Study:
    """Read a study: recode the articles whose texts are present, take the shipped coding for the rest.

    Raises corpus.Refused for a broken catalogue or codebook; refused articles are named in `refusals`.
    """
    folder = locate(folder)
    book = codebooks.read(folder / "codebook.toml")
    articles, refusals = inputs.load(folder)
    coded = code_each(articles, book, refusals)
    shipped = shipped_rows(folder / "coded")
    kept = _without(shipped, coded)
    check_figures([*coded.values(), kept], folder)
    tables = {}
    for name, columns in coding.TABLES.items():
        rows = [r for one in coded.values() for r in one[name]]
        rows += kept.get(name, [])
        rows.sort(key=lambda r: r["article_id"])  # stable: the coders' order within an article stays
        tables[name] = coding.csv_text(columns, rows)
    return Study(
        folder=folder,
        codebook=book,
        tables=tables,
        texts={a.id: a.text for a in articles if a.id in coded},
        refusals=tuple(refusals),
        departures=departures(coded, shipped),
    )


def code_each(
    articles: list[corpus.Article], book: codebooks.Codebook, refusals: list[str], *, plain: bool = False
) -> dict[str, dict[str, coding.Rows]]:
    """The rows of each article by its id; why one cannot be coded is added to `refusals`, the others go on."""
    coded = {}
    for article in articles:
        try:
            coded[article.id] = coding.code_article(article, book, plain=plain)
        except corpus.Refused as error:
            refusals.append(str(error))
    return coded


def _without(shipped: Mapping[str, list[dict]], coded: Mapping[str, coding.Rows]) -> dict[str, list[dict]]:
    """The shipped rows of articles that were not coded again."""
    return {name: [r for r in rows if r["article_id"] not in coded] for name, rows in shipped.items()}


def check_figures(coded: Sequence[dict[str, list[dict]]], folder: Path) -> None:
    """Fill the table `quantity_checks`: all trade figures against the study's references.csv and against each other.

    Raises corpus.Refused for a malformed row of references.csv.
    """
    figures = [r for one in coded for r in one.get("quantities", [])]
    checked = trade.check(figures, references.read(folder / "references.csv"))
    for one in coded:
        known = {r["article_id"] for r in one.get("quantities", [])}
        one["quantity_checks"] = [r for r in checked if r["article_id"] in known]


def departures(coded: Mapping[str, coding.Rows], shipped: Mapping[str, list[dict]]) -> tuple[str, ...]:
    """The tables ("TABLE of ARTICLE") in which an article coded now differs from its shipped coding."""
    found = []
    for name, columns in coding.TABLES.items():
        before: dict[str, list[dict]] = {}
        for row in shipped.get(name, []):
            before.setdefault(row["article_id"], []).append(row)
        known = {r["article_id"] for r in shipped.get("articles", [])}
        for article_id in sorted(known & set(coded)):
            if coding.csv_text(columns, coded[article_id][name]) != coding.csv_text(
                columns, before.get(article_id, [])
            ):
                found.append(f"{name} of {article_id}")
    return tuple(found)


def shipped_rows(folder: Path) -> dict[str, list[dict]]:
    """The rows of the shipped tables in `folder`, cells as text; no table, no rows."""
    rows: dict[str, list[dict]] = {}
    for name in coding.TABLES:
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as lines:
                rows[name] = list(csv.DictReader(lines))
    return rows
