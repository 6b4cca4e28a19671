"""How well does each coder code? Coded tables against gold coding, one tidy table of measures with n and intervals.

Shares have Wilson intervals (rows taken as independent), agreement is Krippendorff's alpha with a bootstrap over the
units and, named "(articles)", over whole articles. Whoever coded by hand joins without a change of code: the gold is
gold/TABLE.csv, another person's coding gold/TABLE.NAME.csv.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from . import matching, statistics
from .statistics import Estimate

if TYPE_CHECKING:
    import pandas as pd

    from .study import Study

Rows = list[dict[str, str]]

COLUMNS = ("table", "measure", "value", "low", "high", "n", "gold", "in_sample", "note")
GOLD, MACHINE = "gold", "machine"
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "frames": ("voice", "stance", "evaluation"),
    "quotes": ("kind",),
    "quantities": ("kind", "comparator", "unit"),
}
FACTS = ("outlet", "outlet_country", "genre", "headline", "author", "published", "not_before")
SLOTS = ("measure", "commodity", "basis", "exporter", "importer", "period", "base_period", "change", "direction")


def read(folder: Path) -> dict[str, dict[str, Rows]]:
    """table -> coder -> rows, from the CSV files of a gold folder; cells are text."""
    tables: dict[str, dict[str, Rows]] = {}
    for path in sorted(Path(folder).glob("*.csv")):
        table, _, coder = path.stem.partition(".")
        tables.setdefault(table, {})[coder or GOLD] = list(csv.DictReader(_lines(path)))
    return tables


def data(name: str) -> Rows:
    """The rows of a CSV file in helpers/data."""
    return list(csv.DictReader(io.StringIO(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))))


def _lines(path: Path) -> io.StringIO:
    return io.StringIO(path.read_text(encoding="utf-8"))


def coded(study: Study, table: str) -> Rows:
    """The coder's rows of a table, cells as text."""
    return list(csv.DictReader(io.StringIO(study.tables[table])))


def gold(study: Study, table: str, *, coder: str = GOLD) -> Rows:
    """Gold rows of the study's articles."""
    known = {row["article_id"] for row in coded(study, "articles")}
    path = study.folder / "gold" / f"{table}{'' if coder == GOLD else f'.{coder}'}.csv"
    return [row for row in csv.DictReader(_lines(path)) if row["article_id"] in known] if path.exists() else []


# measures, one function per table -------------------------------------------------------------------------------------


def zones(study: Study) -> pd.DataFrame:
    """Lines: is the body found, and does every line have its zone (disputed lines may have either)?"""
    wanted, found = gold(study, "lines"), {(r["article_id"], r["line"]): r["zone"] for r in coded(study, "lines")}
    both = [(r["zone"], found.get((r["article_id"], r["line"]), ""), r["also"]) for r in wanted]
    body = [(g == "body", c == "body") for g, c, _ in both]
    worded = [(c if c and c == also else g, c) for g, c, also in both if g != "blank"]
    hits = sum(g and c for g, c in body)
    return _table(
        "lines",
        ("body precision", statistics.wilson(hits, sum(c for _, c in body))),
        ("body recall", statistics.wilson(hits, sum(g for g, _ in body))),
        ("body alpha", _alpha(body)),
        ("all zones alpha", _alpha(worded), "blank lines aside; disputed lines may have either zone"),
    )


def metadata(study: Study) -> pd.DataFrame:
    """Facts of the articles: right where stated, empty where not."""
    found = {r["article_id"]: r for r in coded(study, "articles")}
    stated, unstated = [], []
    for row in gold(study, "metadata"):
        if row["field"] in FACTS:
            value = found[row["article_id"]][row["field"]]
            (stated if row["value"] else unstated).append(value.casefold() == row["value"].casefold())
    return _table(
        "metadata",
        ("stated fields right", statistics.wilson(sum(stated), len(stated)), "from the text or the catalogue"),
        ("unstated fields empty", statistics.wilson(sum(unstated), len(unstated))),
    )


def sentences(study: Study) -> pd.DataFrame:
    """Body paragraphs: as many sentences as a reader counts?"""
    wanted, counts = gold(study, "sentences"), {}
    for row in coded(study, "sentences"):
        key = row["article_id"], row["paragraph"]
        counts[key] = counts.get(key, 0) + 1
    right = sum(counts.get((r["article_id"], r["paragraph"])) == int(r["n_sentences"]) for r in wanted)
    return _table("sentences", ("paragraphs with the right number", statistics.wilson(right, len(wanted))))


def frames(study: Study) -> pd.DataFrame:
    """Mentions of the frame: found, not invented, and coded as the gold codes them."""
    wanted, found = gold(study, "frames"), coded(study, "frames")
    peace = [r for r in found if r["family"] == "peace"]
    core = [r for r in wanted if r["tier"] == "core"]
    both = [(g, c) for g, c in matching.mentions(core, peace) if c]
    traps = _hits([r for r in wanted if r["tier"] == "trap"], found)
    coded_core = [r for r in peace if r["tier"] == "core"]
    known = _hits(coded_core, [r for r in wanted if r["family"] == "peace"])
    measures = [
        ("core mentions found", statistics.wilson(len(both), len(core))),
        ("core mentions known to the gold", statistics.wilson(known, len(coded_core)), "precision of the core tier"),
        ("traps coded", Estimate(traps, None, None, sum(r["tier"] == "trap" for r in wanted), 0), "a count"),
    ]
    for tier in ("anaphor", "adjacent", "counter"):
        rows = [r for r in wanted if r["tier"] == tier]
        hits = _hits(rows, [r for r in found if (r["family"] == "counter") == (tier == "counter")])
        measures.append((f"{tier} mentions found", statistics.wilson(hits, len(rows))))
    actors = {a.id: " ".join((a.name, *a.aliases)) for a in study.codebook.actors}
    stated = [(g["actor"], c["actor"]) for g, c in both if g["actor"]]
    right = sum(bool(matching.words(g) & matching.words(actors.get(c, c))) for g, c in stated)
    measures.append(("actor right", statistics.wilson(right, len(stated))))
    for variable in VARIABLES["frames"]:
        pairs = [(g[variable], c[variable]) for g, c in both]
        articles = [g["article_id"] for g, _ in both]
        measures += [
            (f"{variable} alpha", _alpha(pairs)),
            (f"{variable} alpha (articles)", _alpha(pairs, articles), "interval over whole articles"),
            (f"{variable} right", statistics.wilson(sum(g == c for g, c in pairs), len(pairs))),
            (f"{variable} macro-F1", _plain(statistics.macro_f1(*_columns(pairs)), len(pairs))),
        ]
    return _table("frames", *measures)


def quotes(study: Study) -> pd.DataFrame:
    """Attributions: found, with the right speaker, of the right kind; borderline rows are neither wanted nor wrong."""
    pairs, named = _quotes(study)
    found = [r for r in coded(study, "quotes") if r["source_id"] or r["speaker"]]
    core = [(g, c) for g, c in pairs if g["status"] == "core"]
    matched = [(g, c) for g, c in core if c]
    right = [(g, c) for g, c in matched if named(g, c)]
    any_right = sum(c is not None and named(g, c) for g, c in pairs if g["source_key"])
    aside = sum(c is not None for g, c in pairs if g["status"] != "core" and g["source_key"])
    taken = [c for _, c in pairs if c]
    aside += sum(r.get("status") == "borderline" and r not in taken for r in found)
    experts = {(r["article_id"], r["source_id"]): r["is_expert"] for r in coded(study, "sources")}
    expert = [(g["is_expert"], experts.get((c["article_id"], c["source_id"]), "") or "0") for g, c in right]
    quoted = [(int(g["n_quoted_words"]), int(c["n_quoted_words"] or 0)) for g, c in right]
    kinds = [(g["kind"], c["kind"]) for g, c in matched]
    return _table(
        "quotes",
        ("core found", statistics.wilson(len(matched), len(core))),
        ("core with the right speaker", statistics.wilson(len(right), len(core))),
        ("precision", statistics.wilson(any_right, len(found)), "coded with a speaker: in the gold, speaker right"),
        (
            "precision, borderline aside",
            statistics.wilson(len(right), len(found) - aside),
            "rows that match a borderline row, or that the coder calls borderline, left out",
        ),
        ("borderline found", _share(c is not None for g, c in pairs if g["status"] != "core")),
        ("kind alpha", _alpha(kinds)),
        ("expert alpha", _alpha(expert)),
        ("quoted words right", _share(abs(g - c) <= 1 for g, c in quoted), "counts differ by one at most"),
    )


def sources(study: Study) -> pd.DataFrame:
    """Sources: all found, none invented, with standing as the text states it."""
    wanted, found = gold(study, "sources"), coded(study, "sources")
    pairs = matching.sources(wanted, found, *_quotes(study))
    core = [(g, c) for g, c in pairs if g["status"] == "core"]
    both = [(g, c) for g, c in core if c]
    experts = [(g, c) for g, c in core if g["is_expert"] == "1" and g["named"] == "1" and g["kind"] in matching.PERSONS]
    standing = [c is not None and all(_stated(g, c, x) for x in ("role", "affiliation")) for g, c in experts]
    return _table(
        "sources",
        ("core found", statistics.wilson(len(both), len(core))),
        ("precision", statistics.wilson(sum(c is not None for _, c in pairs), len(found)), "borderline count as right"),
        ("named experts found", _share(c is not None and c["is_expert"] == "1" for _, c in experts)),
        ("named experts with role and affiliation", _share(standing)),
        ("others called a named expert", _invented_experts(pairs, found), "a count"),
        ("kind alpha", _alpha([(g["kind"], c["kind"]) for g, c in both])),
        ("affiliation type alpha", _alpha([(g["affiliation_type"], c["affiliation_type"]) for g, c in both])),
        ("affiliation country right", _share(_stated(g, c, "affiliation_country") for g, c in both)),
        ("gender in text alpha", _alpha([(g["gender_in_text"], c["gender_in_text"] or "none") for g, c in both])),
    )


def quantities(study: Study) -> pd.DataFrame:
    """Figures: found, read right, and the trade figures told from the others with their slots."""
    wanted = gold(study, "quantities")
    found = [r for r in coded(study, "quantities") if r["sentence"]]
    figures = [r for r in wanted if r["tier"] in ("A", "B", "I")]
    pairs = matching.mentions([r for r in wanted if r["tier"] != "T"], found)
    both = [(g, c) for g, c in pairs if c and g["tier"] != "C"]
    idle = sum(c is not None for g, c in pairs if g["tier"] == "C")
    valued = sum(r["kind"] != "vague" or bool(matching.value(r)) for r in found) - idle
    right = [(g, c) for g, c in both if matching.same_value(g, c) and g["comparator"] == (c["comparator"] or "=")]
    traps = [r for r in wanted if r["tier"] == "T"]
    trade = [(g, c) for g, c in pairs if g["is_trade"] == "1"]
    read_right = [c is not None and (g, c) in right and g["unit"] == c["unit"] for g, c in trade]
    filled = [all(_slot(g, c, s) for s in SLOTS) and c["is_trade"] == "1" if c else False for g, c in trade]
    called = sum(r["is_trade"] == "1" for r in found) - sum(c is not None and c["is_trade"] == "1" for _, c in trade)
    return _table(
        "quantities",
        ("figures found", statistics.wilson(len(both), len(figures)), "explicit quantities, dates, identifiers"),
        ("precision", statistics.wilson(len(both), valued), "vague rows without a value left out"),
        ("same span", _share((g["start"], g["end"]) == (c["start"], c["end"]) for g, c in both)),
        ("value and comparator right", statistics.wilson(len(right), len(both))),
        ("unit right", _share(g["unit"] == c["unit"] for g, c in both if g["tier"] == "A")),
        ("kind alpha", _alpha([(g["kind"], c["kind"]) for g, c in both])),
        (
            "traps coded",
            _plain(_hits(traps, [r for r in found if matching.value(r)]), len(traps)),
            "a count: a number read into a pronoun or an idiom",
        ),
        ("trade figures with value, comparator, unit", _share(read_right)),
        ("trade figures with all stated slots", _share(filled)),
        ("trade slots right", _share(c is not None and _slot(g, c, s) for g, c in trade for s in SLOTS if g[s])),
        ("others called a trade figure", _plain(called, len(found) - len(trade)), "a count"),
    )


MEASURES: Mapping[str, Callable[[Study], pd.DataFrame]] = {
    "lines": zones,
    "metadata": metadata,
    "sentences": sentences,
    "frames": frames,
    "quotes": quotes,
    "sources": sources,
    "quantities": quantities,
}


def measures(study: Study) -> pd.DataFrame:
    """All measures of all tables that have a gold coding; COLUMNS, one row a measure. Computed once per study."""
    import pandas as pd

    kept = vars(study)
    if "_measures" not in kept:
        tables = [measure(study) for name, measure in MEASURES.items() if gold(study, name)]
        kept["_measures"] = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    return kept["_measures"].copy()


def gates(study: Study) -> pd.DataFrame:
    """The measures the study's gold/gates.csv sets marks for: with floor, target and verdict.

    verdict: target, floor (floor met, target not), below (under the floor), short (no floor set, target not met).
    """
    import pandas as pd

    path = study.folder / "gold" / "gates.csv"
    marks = (
        pd.read_csv(path) if path.exists() else pd.DataFrame(columns=["table", "measure", "must_be", "floor", "target"])
    )
    found = marks.merge(measures(study), on=["table", "measure"], how="left")
    found["verdict"] = [_verdict(row) for row in found.to_dict("records")]
    return found


def _verdict(row: Mapping) -> str:
    def reached(mark: float) -> bool:
        return row["value"] >= mark - 1e-9 if row["must_be"] == "at least" else row["value"] <= mark + 1e-9

    if row["value"] != row["value"]:
        return "not measured"
    if reached(row["target"]):
        return "target"
    if row["floor"] != row["floor"]:
        return "short"
    return "floor" if reached(row["floor"]) else "below"


# where to look -------------------------------------------------------------------------------------------------------


def misses(study: Study, table: str) -> pd.DataFrame:
    """Where the coder departs from the gold: article_id, start, place, error, gold, coded, found.

    found = 1: `start` is that of the coded row; 0: nothing was coded there, `start` is that of the line.
    """
    import pandas as pd

    where, made = _places(study), []
    for g, c, error, wanted, said in DEPARTURES[table](study):
        place, line = where(g["article_id"], matching.place(c or g)[0])
        start = matching.place(c)[0] if c else line
        made.append((g["article_id"], start, place, error, wanted, said, int(c is not None)))
    return pd.DataFrame(made, columns=["article_id", "start", "place", "error", "gold", "coded", "found"])


def _frames_missed(study: Study) -> Iterator[tuple]:
    core = [r for r in gold(study, "frames") if r["tier"] == "core"]
    for g, c in matching.mentions(core, [r for r in coded(study, "frames") if r["family"] == "peace"]):
        if c is None:
            yield g, c, "mention", g["term"], ""
        else:
            yield from ((g, c, v, g[v], c[v]) for v in VARIABLES["frames"] if g[v] != c[v])


def _quotes_missed(study: Study) -> Iterator[tuple]:
    pairs, named = _quotes(study)
    names = {(r["article_id"], r["source_id"]): r["name"] for r in coded(study, "sources")}
    for g, c in pairs:
        if g["status"] == "core" and (c is None or not named(g, c)):
            said = (names.get((c["article_id"], c["source_id"])) or c["speaker"]) if c else ""
            yield g, c, "speaker", g["speaker"], said


def _quantities_missed(study: Study) -> Iterator[tuple]:
    def said(row: Mapping) -> str:
        return f"{row['comparator']} {' to '.join(matching.value(row))}"

    figures = [r for r in gold(study, "quantities") if r["tier"] != "T"]
    for g, c in matching.mentions(figures, [r for r in coded(study, "quantities") if r["sentence"]]):
        if c is None or not matching.same_value(g, c) or g["comparator"] != (c["comparator"] or "="):
            yield g, c, "value" if c else "figure", said(g), said(c) if c else ""


DEPARTURES = {"frames": _frames_missed, "quotes": _quotes_missed, "quantities": _quantities_missed}


def _places(study: Study) -> Callable[[str, int], tuple[str, int]]:
    """(article_id, offset) -> the place in words, and the start of its line."""
    sentences, lines = coded(study, "sentences"), coded(study, "lines")

    def where(article_id: str, offset: int) -> tuple[str, int]:
        def holding(rows: Rows) -> Mapping:
            here = (r for r in rows if r["article_id"] == article_id and r.get("start"))
            return next((r for r in here if int(r["start"]) <= offset < int(r["end"])), {})

        sentence, line = holding(sentences), holding(lines)
        number = int(sentence["sentence"]) if sentence else None
        return study.place(article_id, number, line.get("zone", "")), int(line.get("start", offset))

    return where


# small parts ----------------------------------------------------------------------------------------------------------


def _table(name: str, *measures: Sequence) -> pd.DataFrame:
    import pandas as pd

    rows = [(name, measure, e.value, e.low, e.high, e.n, GOLD, 1, *(note or [""])) for measure, e, *note in measures]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _quotes(study: Study) -> tuple[list[matching.Pair], Callable]:
    names = {(r["article_id"], r["source_id"]): r["name"] for r in coded(study, "sources")}
    people = frozenset(
        (r["article_id"], r["source_key"]) for r in gold(study, "sources") if r["kind"] in matching.PERSONS
    )
    named = matching.speaker(names, people)
    return matching.attributions(gold(study, "quotes"), coded(study, "quotes"), named), named


def _alpha(pairs: Sequence[tuple], clusters: Sequence | None = None) -> Estimate:
    return statistics.alpha(_columns(pairs), clusters=clusters)


def _columns(pairs: Sequence[tuple]) -> tuple[list, list]:
    return [a for a, _ in pairs], [b for _, b in pairs]


def _share(hits: Iterable[bool]) -> Estimate:
    hits = list(hits)
    return statistics.wilson(sum(hits), len(hits))


def _plain(value: float | None, n: int) -> Estimate:
    return Estimate(value, None, None, n, 0)


def _hits(wanted: Rows, found: Rows) -> int:
    """How many rows any found row overlaps."""
    return sum(any(matching.overlap(g, c) for c in found if c["article_id"] == g["article_id"]) for g in wanted)


def _stated(g: Mapping, c: Mapping, column: str) -> bool:
    return not g[column] or matching.same_text(g[column], c[column])


def _slot(g: Mapping, c: Mapping, slot: str) -> bool:
    """A slot is right if it says the same; the sides of a two-way flow may be named in either order."""
    one, other = g[slot].lower(), c[slot].lower()
    if "<->" in one:
        return set(one.split("<->")) == set(other.split("<->"))
    return not one or one == other or (slot == "commodity" and bool(matching.words(one) & matching.words(other)))


def _invented_experts(pairs: Sequence[matching.Pair], found: Rows) -> Estimate:
    known = [c for g, c in pairs if c is not None and g["is_expert"] == "1"]
    named = [r for r in found if r["is_expert"] == "1" and r["named"] == "1"]
    return _plain(sum(r not in known for r in named), len(named))


def main() -> None:
    """Print measures and marks: python -m helpers.validity [STUDY FOLDER [FOLDER OF CODED CSV]]."""
    import sys

    import pandas as pd

    from . import codebook, coding
    from . import study as studies

    folder = studies.locate(sys.argv[1] if len(sys.argv) > 1 else None)
    if len(sys.argv) > 2:
        tables = {name: _lines(Path(sys.argv[2]) / f"{name}.csv").getvalue() for name in coding.TABLES}
        data = studies.Study(folder, codebook.read(folder / "codebook.toml"), tables)
    else:
        data = studies.read(folder)
    with pd.option_context("display.width", 200, "display.max_rows", None, "display.max_columns", None):
        print(measures(data)[["table", "measure", "value", "low", "high", "n"]].round(3))
        print(gates(data)[["table", "measure", "value", "floor", "target", "n", "verdict"]].round(3))


if __name__ == "__main__":
    main()
