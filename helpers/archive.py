"""Coded archives of any size, read back: sums from cells, single articles as a Study.

Nothing here reads a whole table into memory: sums come from the cells, single articles from the one shard that holds
them, and everything else is a question to duckdb over the Parquet files (`Archive.sql`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import nan, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from . import cells, coding, shards
from . import codebook as codebooks
from .corpus import Article, Refused
from .markup import Html, escape
from .study import Study, locate

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FEWEST = 30  # articles below which a mean gets no interval: the normal approximation does not hold
HEADINGS: Mapping[str, str] = {
    "tone": "tone",
    "tone_masked": "tone, masked",
    "words": "words",
    "quoted_share": "quoted",
    "quotes": "quotes",
    "sources": "sources",
    "experts": "experts",
    "quantities_per_1000_words": "figures a 1,000 words",
    "frame_terms_per_1000_words": "frame terms a 1,000 words",
}
UNITS = {"outlet": "outlet", "day": "day", "month": "left(day, 7)", "year": "left(day, 4)"}

MOST_FRAMES = """select article_id from articles left join
    (select article_id, count(*) as mentions from frames group by 1) using (article_id)
    order by mentions desc nulls last, article_id limit 1"""  # the article that holds most frame mentions


class Archive:
    """The tables that `scale.run` wrote into `folder`.

    >>> archive = Archive(Path("coded"))                                     # doctest: +SKIP
    >>> archive.means("tone", by=["outlet", "year"])                         # doctest: +SKIP
    >>> archive.only(["a0000001", "a0000002"]).quotes                        # doctest: +SKIP
    """

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        if not is_archive(self.folder) or not self.markers():
            raise Refused(f"{folder}: no coded archive; make one with: python -m helpers code … --format parquet")

    @cached_property
    def codebook(self) -> codebooks.Codebook:
        path = self.folder / "codebook.toml"
        return codebooks.read(path) if path.exists() else codebooks.Codebook()

    @cached_property
    def base(self) -> duckdb.DuckDBPyConnection:
        """A connection with a view for every table, and `copies`."""
        import duckdb

        base = duckdb.connect()
        for name in (*coding.TABLES, *cells.TABLES):
            files = quoted(self.folder / name / "*.parquet")
            base.execute(f"create view {name} as select * from read_parquet({files}, filename = 'file_of_shard')")
        return base

    def counts(self) -> pd.Series:
        """What is in it: articles, outlets, first and last day, copies, near_copies, words, refused."""
        found = self.sql(
            """select count(*) as articles, count(distinct outlet) as outlets, min(published) filter (dated) as first,
            max(published) filter (dated) as last, count(duplicate_of) as copies,
            count(near_duplicate_of) as near_copies, sum(n_words)::bigint as words
            from (select *, published similar to '\\d{4}-\\d\\d-\\d\\d.*' as dated from articles)"""
        ).iloc[0]
        found["refused"] = sum(len(marker["faults"]) for marker in self.markers())
        return found

    def source_note(self) -> Html:
        """One line on what the numbers rest on."""
        n = self.counts()
        note = f"{n.articles:,} coded articles of {n.outlets:,} outlets, {n.words:,} words"
        note += f", {n['first']} to {n['last']}." if n["first"] else ", without dates."
        note += f" {n.refused:,} records were refused when the archive was coded." if n.refused else ""
        return Html(f'<p class="note">{escape(note)}</p>', note)

    def sql(self, question: str, values: Sequence | Mapping = ()) -> pd.DataFrame:
        """The answer to a question in SQL over the tables, as a data frame."""
        return self.base.execute(question, values or None).df()

    def means(self, *measures: str, by: Sequence[str] = ("outlet",), copies: bool = False) -> pd.DataFrame:
        """Mean of article values by outlet, day, month or year: n, mean, sd, and the ends of the 95 % interval.

        The interval is the normal one over articles, absent under FEWEST articles. Copies of earlier articles are left
        out unless `copies`. Raises KeyError for an unknown measure or unit.
        """
        wanted = [m for m in measures if cells.MEASURES[m]] or list(cells.MEASURES)
        found = self.sql(
            f"""select {units(by)} measure, sum(n)::double as n, sum(total)::double as total,
            sum(squares)::double as squares from cells where list_contains(?, measure) and copy <= ?
            group by all order by all""",
            [wanted, int(copies)],
        )
        found["mean"] = found.total / found.n / cells.MILLION
        spread = (found.squares / cells.MILLION - found.n * found["mean"] ** 2).clip(lower=0) / (found.n - 1)
        found["sd"] = [sqrt(v) if n > 1 else nan for v, n in zip(spread, found.n, strict=True)]
        half = (1.96 * found.sd / found.n**0.5).where(found.n >= FEWEST)
        found["low"], found["high"] = found["mean"] - half, found["mean"] + half
        return found.drop(columns=["total", "squares"]).astype({"n": int})

    def outlets(self) -> pd.DataFrame:
        """A row an outlet, most articles first: articles without copies, the mean of each measure in HEADINGS."""
        means = self.means(*HEADINGS)
        wide = means.pivot(index="outlet", columns="measure", values="mean").reindex(columns=[*HEADINGS])
        wide.insert(0, "articles", means[means.measure == "words"].set_index("outlet").n)
        return wide.reset_index().sort_values(["articles", "outlet"], ascending=[False, True], ignore_index=True)

    def histogram(self, measure: str, *, by: Sequence[str] = (), copies: bool = False) -> pd.DataFrame:
        """Articles in each of the cells' bins of a measure: low and high end of the bin, n."""
        low, high, _ = cells.MEASURES[measure]
        found = self.sql(
            f"""select {units(by)} bin, sum(n)::bigint as n from cells where measure = ? and copy <= ?
            group by all order by all""",
            [measure, int(copies)],
        )
        width = (high - low) / cells.BINS
        found.insert(len(by), "low", low + found.pop("bin") * width)
        found.insert(len(by) + 1, "high", found.low + width)
        return found

    def frames(self, *, by: Sequence[str] = ("outlet",), copies: bool = False) -> pd.DataFrame:
        """By outlet, day, month or year and frame: articles, those that hold it, their share, mentions."""
        same = " and ".join(f"a.{u} = f.{u}" for u in by) or "true"
        return self.sql(
            f"""with a as (select {units(by)} sum(n)::bigint as of from cells where measure = 'words' and copy <= $most
            group by all), f as (select {units(by)} frame, sum(articles)::bigint as articles,
            sum(mentions)::bigint as mentions from frame_cells where voice = '' and copy <= $most group by all)
            select f.*, a.of, f.articles / a.of as share from f join a on {same} order by all""",
            {"most": int(copies)},
        )

    def voices(self, *, copies: bool = False) -> pd.DataFrame:
        """Mentions of each frame by voice, and how many of them are asserted."""
        found = self.sql(
            """select frame, voice, sum(mentions)::bigint as mentions,
            coalesce(sum(mentions) filter (where stance = 'asserted'), 0)::bigint as asserted
            from frame_cells where voice <> '' and copy <= ? group by all order by all""",
            [int(copies)],
        )
        labels = {frame.id: frame.label for frame in self.codebook.frames}
        return found.assign(frame=[labels.get(frame, frame) for frame in found.frame])

    def only(self, articles: Iterable[str]) -> Study:
        """These articles as a Study in memory, with their texts where the input is still in its place."""
        import pyarrow.parquet as pq

        kept = list(dict.fromkeys(articles))
        at = self.base.execute(
            "select distinct file_of_shard from articles where list_contains(?, article_id) order by 1", [kept]
        )
        names = [Path(path).name for (path,) in at.fetchall()]
        rows: dict[str, list] = {name: [] for name in coding.TABLES}
        texts: dict[str, str] = {}
        for name in names:
            for kind in coding.TABLES:
                rows[kind] += pq.read_table(self.folder / kind / name, filters=[("article_id", "in", kept)]).to_pylist()
            texts |= self.texts(name.removesuffix(".parquet"), set(kept))
        if missing := sorted(set(kept) - {r["article_id"] for r in rows["articles"]}):
            raise Refused(f"{self.folder}: no article {', '.join(missing[:5])}")
        for found in rows.values():
            found.sort(key=lambda r: r["article_id"])
        tables = {name: coding.csv_text(columns, rows[name]) for name, columns in coding.TABLES.items()}
        return Study(folder=self.folder, codebook=self.codebook, tables=tables, texts=texts)

    def texts(self, shard: str, wanted: set[str]) -> dict[str, str]:
        """Texts of articles of a shard, if its input is there and unchanged in length."""
        marker = json.loads((self.folder / "done" / f"{shard}.json").read_bytes())
        origin = shards.Shard(*marker["shard"])
        found = {}
        try:
            for article in shards.read(origin):
                if isinstance(article, Article) and article.id in wanted:
                    found.setdefault(article.id, article.text)
                    if len(found) == len(wanted):
                        break
        except (OSError, ValueError):
            return found
        return found

    def markers(self) -> list[dict]:
        return [json.loads(p.read_bytes()) for p in sorted((self.folder / "done").glob("*.json"))]


def read(folder: str | Path | None = None) -> Archive:
    """The archive in `folder`, or where HELPERS_STUDY points. Raises Refused where none is."""
    return Archive(locate(folder))


def is_archive(folder: Path) -> bool:
    return (folder / "done").is_dir()


def units(by: Sequence[str]) -> str:
    return "".join(f"{UNITS[u]} as {u}, " for u in by)


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
