"""Coded archives of any size, read back: sums from cells, single articles as a Study, a summary page.

Nothing here reads a whole table into memory: sums come from the cells, single articles from the one shard that holds
them, and everything else is a question to duckdb over the Parquet files (`Archive.sql`).
"""

from __future__ import annotations

import io
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import nan, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from . import cells, coding, shards
from . import codebook as codebooks
from .corpus import Article, Refused, write_aside
from .markup import Html, escape, limits, table
from .study import Study

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FEWEST = 30  # articles below which a mean gets no interval: the normal approximation does not hold
UNITS = {"outlet": "outlet", "day": "day", "month": "left(day, 7)", "year": "left(day, 4)"}


class Archive:
    """The tables that `scale.run` wrote into `folder`.

    >>> archive = Archive(Path("coded"))                                     # doctest: +SKIP
    >>> archive.means("tone", by=["outlet", "year"])                         # doctest: +SKIP
    >>> archive.only(["a0000001", "a0000002"]).quotes                        # doctest: +SKIP
    """

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        if not list((self.folder / "done").glob("*.json")):
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


def units(by: Sequence[str]) -> str:
    return "".join(f"{UNITS[u]} as {u}, " for u in by)


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


# the summary page -----------------------------------------------------------------------------------------------------

HEADINGS: Mapping[str, str] = {
    "tone": "tone (VADER, −1 to 1)",
    "tone_masked": "tone without topic words and names",
    "words": "words",
    "quoted_share": "share of words quoted",
    "quotes": "quotes",
    "sources": "sources",
    "experts": "experts",
    "quantities_per_1000_words": "figures per 1,000 words",
    "frame_terms_per_1000_words": "frame terms per 1,000 words",
}


def summary(archive: Archive, out: Path) -> list[Path]:
    """Write OUT/index.html and the twin CSV of every table in it; the paths written."""
    counts = archive.sql(
        """select count(*) as articles, count(distinct outlet) as outlets, min(nullif(published, '')) as first,
        max(nullif(published, '')) as last, count(duplicate_of) as copies, count(near_duplicate_of) as near_copies,
        sum(n_words)::bigint as words from articles"""
    ).iloc[0]
    faults = sum(len(m["faults"]) for m in archive.markers())
    means = archive.means(*HEADINGS)
    n = means[means.measure == "words"].set_index("outlet").n
    wide = means.pivot(index="outlet", columns="measure", values="mean").reindex(columns=[*HEADINGS]).reset_index()
    wide.insert(1, "articles", wide.outlet.map(n))
    years = archive.means("tone", "frame_terms_per_1000_words", by=["year"])
    frames = archive.frames(by=[])
    names = {f.id: f.label for f in archive.codebook.frames}
    frames["frame"] = frames.frame.map(lambda f: names.get(f, f))
    tables = {"outlets": wide, "intervals": means, "years": years, "frames": frames}
    written = []
    for name, made in tables.items():
        written.append(out / f"{name}.csv")
        write_aside(written[-1], made.to_csv(index=False, lineterminator="\n"))
    parts = [
        limits(
            f"{counts.copies:,} articles repeat the words of an earlier one and {counts.near_copies:,} come near to "
            "one; they are coded, and left out of all means.",
            f"{faults:,} records were refused when the archive was coded.",
            f"An outlet with fewer than {FEWEST} articles has a mean but no interval. Order of outlets: their names.",
            "How well each measure codes is stated in the notebook on validity.",
        ),
        tone_chart(means),
        table(
            wide, caption="Means over articles, by outlet", columns={"outlet": "outlet", "articles": "n", **HEADINGS}
        ),
        table(
            frames,
            caption="Frames: articles that hold them, and mentions",
            columns={"frame": "frame", "articles": "articles", "share": "share of articles", "mentions": "mentions"},
        ),
        table(
            years,
            caption="By year",
            columns={"year": "year", "measure": "measure", "n": "n", "mean": "mean", "low": "from", "high": "to"},
        ),
    ]
    title = f"{counts.articles:,} articles of {counts.outlets:,} outlets"
    dates = f", {counts['first']} to {counts['last']}" if counts["first"] else ""
    head = f"<h1>{escape(title)}</h1><p>{escape(f'{counts.words:,} words{dates}')}</p>"
    written.append(out / "index.html")
    write_aside(written[-1], page(title, head + "".join(p.markup for p in parts)))
    return written


def tone_chart(means: pd.DataFrame, *, most: int = 40) -> Html:
    """Mean tone with its interval, for the outlets with most articles."""
    from .charts import style

    tone = means[(means.measure == "tone") & (means.n >= FEWEST)].nlargest(most, "n").sort_values("mean")
    if tone.empty:
        return Html("<p>No outlet has articles enough for an interval.</p>")
    low, high = tone.iloc[0], tone.iloc[-1]
    fig, ax = style.figure(
        "Tone of the outlets",
        "Mean VADER compound of article means, 95 % interval over articles",
        height=1.2 + 0.2 * len(tone),
    )
    ax.errorbar(tone["mean"], range(len(tone)), xerr=tone.high - tone["mean"], fmt="o", color=style.OUTLET_COLOURS[1])
    ax.set_yticks(range(len(tone)), [o or "not stated" for o in tone.outlet])
    style.zero(ax, x=0)
    drawn = io.StringIO()
    fig.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    style.plt.close(fig)
    alt = f"Tone from {low['mean']:.2f} ({low.outlet}) to {high['mean']:.2f} ({high.outlet}), {len(tone)} outlets"
    source = b64encode(drawn.getvalue().encode()).decode()
    return Html(f'<img alt="{escape(alt, attribute=True)}" src="data:image/svg+xml;base64,{source}">', alt)


def page(title: str, body: str) -> str:
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;font-size:.85rem}th,td{padding:.2rem .6rem;text-align:left;border-bottom:1px solid #ccc}
td.n{text-align:right}caption{text-align:left;font-weight:bold;padding:1rem 0 .3rem}.scroll{overflow-x:auto}
img{max-width:100%;background:#fff}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}"""
