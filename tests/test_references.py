"""Published statistics: what is refused and why, whether the shipped ones add up, verdicts on invented claims."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import codebook, coding, references, verdicts
from helpers.corpus import Article, Refused
from helpers.references import Interval

SEEDS = Path(__file__).parent.parent / "seeds"
HEAD = "reference_id,measure,commodity,basis,exporter,importer,period,comparator,value,unit,growth_pct,arithmetic,"
HEAD += "measured_by,url,published\n"
END = ",Ruritanian Customs,https://example.org/x,2031-01-01\n"


def write(path, *lines):
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


FAULTS = [
    (",exports,tin,value,A,B,2030,=,5,USD,,", "line 2: reference_id is empty"),
    ("X1,wealth,tin,value,A,B,2030,=,5,USD,,", "line 2: measure 'wealth' is none of"),
    ('X1,exports,tin,value,A,B,2030,=,"5,000",USD,,', "line 2: value '5,000' is no number"),
    ("X1,exports,tin,value,A,B,last year,=,5,USD,,", "line 2: period 'last year' is no year"),
    ("X1,exports,tin,dollars,A,B,2030,=,5,USD,,", "line 2: basis 'dollars' is none of"),
    ("X1,exports,tin,value,A,B,2030,=,5,USD,,value = __import__('os')", "line 2: arithmetic"),
    ("X1,exports,tin,value,A,B,2030,=,5,USD,", "line 2: 14 cells for 15 columns"),
]


@pytest.mark.parametrize(("row", "reason"), FAULTS, ids=[f[1] for f in FAULTS])
def test_malformed_row_is_refused_with_line_and_reason(tmp_path, row, reason):
    with pytest.raises(Refused, match=r"references\.csv, line 2") as error:
        references.read(write(tmp_path / "references.csv", row + END))
    assert reason in str(error.value)


def test_the_same_id_twice_is_refused(tmp_path):
    row = "X1,exports,tin,value,A,B,2030,=,5,USD,," + END
    with pytest.raises(Refused, match="line 3: X1 stands twice"):
        references.read(write(tmp_path / "references.csv", row, row))


WORDED = [
    ("A<->B", "bilateral trade total", "trade"),
    ("A", "A's exports to B", "exports"),
    ("A", "A's trade surplus", "balance"),
]


@pytest.mark.parametrize(("exporter", "written", "measure"), WORDED)
def test_measure_may_be_written_out(tmp_path, exporter, written, measure):
    (row,) = references.read(write(tmp_path / "references.csv", f"X1,{written},,value,{exporter},B,2030,=,5,t,,{END}"))
    assert (row.measure, row.unit) == (measure, "tonne")


def test_no_file_means_no_references(tmp_path):
    assert references.read(tmp_path / "references.csv") == []


def test_every_row_of_the_first_study_names_its_source_and_adds_up():
    rows = references.read(SEEDS / "references.csv")
    assert all(r.is_derived or (r.url.startswith("http") and r.published and r.source_title) for r in rows)
    assert [i for i, _ in references.faults(rows)] == [r.id for r in rows if r.doubt.startswith("misprint")]
    assert sum(bool(r.arithmetic) for r in rows) >= 10


def test_place_of_the_last_written_digit():
    written = {"1.9027e+11": 1e7, "190": 10.0, "12.8": 0.1, "44": 1.0, "3980000000": 1e7}
    assert {w: references.place(w) for w in written} == pytest.approx(written)


def test_intervals_carry_rounding():
    assert Interval(1, 2) - Interval(0.5, 1) == Interval(0, 1.5)
    assert Interval(-1, 2) * Interval(3, 4) == Interval(-4, 8)
    assert (Interval(1, 2) / Interval(-1, 1)).high == float("inf")


# verdicts -------------------------------------------------------------------------------------------------------------

STATISTICS = [
    "X1,exports,tin,value,A,B,2030,=,7.612e+10,USD,12.8,",
    "X2,exports,tin,value,B,A,2030,=,1.1415e+11,USD,,",
    "X3,exports,tin,value,A,B,2029,=,67000000000,USD,,",
    "X4,exports,tin,volume,A,B,2030,=,500,tonne,8.2,",
    "X5,trade,tin,value,A<->B,A<->World,2030,~,3,%,,",
    "X6,exports,tin,value,A,B,2030-01/2030-11,=,70000000000,USD,50,",
]


@pytest.fixture
def statistics(tmp_path):
    return references.read(write(tmp_path / "references.csv", *(s + END for s in STATISTICS)))


def claim(**slots):
    row = {
        "article_id": "a", "start": 1, "measure": "exports", "commodity": "tin", "basis": "value", "currency": "USD",
        "exporter": "A", "importer": "B", "period": "2030", "base_period": "2029", "change": "change", "unit": "%",
        "comparator": "=", "is_trade": 1, "inherited": "", "direction": "up",
    }  # fmt: skip
    return row | slots


def verdicts_of(rows, refs):
    return {r["reference_id"]: r["verdict"] for r in verdicts.check(rows, refs)}


VERDICTS = [
    ({"value": 12.8, "rounding": 0.05}, "X1", "exact"),
    ({"value": 13, "rounding": 0.5}, "X1", "rounds_to"),
    ({"low": 10, "comparator": ">"}, "X1", "inside"),
    ({"low": 20, "comparator": ">"}, "X1", "contradicts"),
    ({"value": 8, "rounding": 0.5}, "X4", "not_checkable"),
    ({"value": 50, "rounding": 5}, "X6", "not_checkable"),
    ({"value": 13, "rounding": 0.5, "currency": "EUR"}, "X1", "not_checkable"),
    ({"value": 13, "rounding": 0.5, "period": ""}, "X1", "not_checkable"),
    ({"value": 76, "rounding": 0.5, "change": "level", "unit": "tonne"}, "X1", "not_checkable"),
    ({"value": 7.6e10, "rounding": 5e8, "change": "level", "unit": "USD"}, "X1", "rounds_to"),
    ({"value": 1.9e11, "rounding": 5e9, "change": "level", "unit": "USD", "measure": "trade", "exporter": "A<->B",
      "importer": "A<->B"}, "X1+X2", "rounds_to"),
    ({"value": 3, "rounding": 0.5, "change": "share", "measure": "trade", "exporter": "A<->B",
      "importer": "A<->World"}, "X5", "exact"),
    ({"value": 5, "rounding": 0.5, "commodity": "copper"}, "", "not_checkable"),
]  # fmt: skip


@pytest.mark.parametrize(("slots", "reference", "verdict"), VERDICTS)
def test_verdict_on_a_claim(statistics, slots, reference, verdict):
    assert verdicts_of([claim(**slots)], statistics).get(reference) == verdict


def test_references_on_both_sides_make_a_claim_disputed(tmp_path):
    lines = [f"{i},exports,tin,value,A,B,2030,=,9,USD,{g}," + END for i, g in (("Y1", "12.8"), ("Y2", "30"))]
    refs = references.read(write(tmp_path / "references.csv", *lines))
    assert verdicts_of([claim(value=13, rounding=0.5)], refs) == {"Y1": "disputed", "Y2": "disputed"}


def test_calculation_says_why_two_figures_cannot_be_compared(statistics):
    (row,) = [r for r in verdicts.check([claim(value=8, rounding=0.5)], statistics) if r["reference_id"] == "X4"]
    assert (row["comparable"], row["calculation"].endswith("not comparable: volume is not value")) == (0, True)


def test_a_growth_from_two_levels_may_rest_on_a_revised_year(tmp_path):
    lines = [f"V{y},exports,tin,value,A,B,{y},=,{v},USD,," + END for y, v in ((2030, "76.12e9"), (2029, "67.00e9"))]
    refs = references.read(write(tmp_path / "references.csv", *lines))
    assert verdicts_of([claim(value=13.7, rounding=0.05)], refs) == {"V2030+V2029": "rounds_to"}
    assert verdicts_of([claim(value=15.2, rounding=0.05)], refs) == {"V2030+V2029": "contradicts"}


def among(*rows):
    made = verdicts.check([{**claim(), **r, "start": i} for i, r in enumerate(rows, 1)], [])
    return [(r["verdict"], r["calculation"].partition(":")[0]) for r in made if r["comparable"]]


LEVEL = {"change": "level", "unit": "USD", "direction": ""}


def test_an_article_of_an_archive_is_checked_by_itself_against_the_references_of_its_study():
    book = codebook.read(Path(__file__).parent / "study" / "codebook.toml")
    article = Article("a", "Exports from Orlu to Vessany were worth $11bn in 2030.")
    (rows,) = coding.code_block([article], book, plain=True)
    found = {(r["article_id"], r["reference_id"], r["verdict"]) for r in rows["quantity_checks"] if r["comparable"]}
    assert ("a", "H02", "rounds_to") in found
    (rows,) = coding.code_block([article], replace(book, references=()), plain=True)
    assert rows["quantity_checks"] == []


def test_the_same_figure_in_two_outlets():
    one, other = {"value": 44.0, "rounding": 0.5}, {"value": 43.9, "rounding": 0.05, "article_id": "b"}
    assert among(one, other) == [("inside", "the same figure twice")]
    assert among(one, other | {"value": 47.0}) == [("contradicts", "the same figure twice")]


def test_parts_against_their_total():
    there = LEVEL | {"value": 40e9, "rounding": 5e8}
    back = LEVEL | {"value": 25e9, "rounding": 5e8, "exporter": "B", "importer": "A"}
    both = LEVEL | {"value": 65e9, "rounding": 5e8, "measure": "trade", "exporter": "A<->B", "importer": "A<->B"}
    assert among(there, back, both) == [("inside", "parts and total")]
    assert among(there, back, both | {"value": 75e9}) == [("contradicts", "parts and total")]


def test_growth_against_two_levels():
    now, before = LEVEL | {"value": 179e6, "rounding": 5e5}, LEVEL | {"value": 74e6, "rounding": 5e5, "period": "2029"}
    assert ("inside", "growth and levels") in among(now, before, {"low": 100.0, "comparator": ">"})
    assert ("contradicts", "growth and levels") in among(now, before, {"value": 44.0, "rounding": 0.5})


def test_share_and_level_imply_a_whole(tmp_path):
    line = "Z1,trade,,value,A<->World,A<->World,2030,=,6.3e+12,USD,," + END
    refs = references.read(write(tmp_path / "references.csv", line))
    pair = {"measure": "trade", "exporter": "A<->B", "commodity": "", "rounding": 5e9}
    level = claim(**pair | LEVEL | {"value": 1.9e11, "importer": "A<->B"})
    share = claim(**pair | {"change": "share", "value": 3, "rounding": 0.5, "importer": "A<->World", "start": 2})
    rows = [r for r in verdicts.check([level, share], refs) if r["calculation"].startswith("implied")]
    assert [(r["reference_id"], r["verdict"]) for r in rows] == [("Z1", "inside")]
    assert "6.333tn" in rows[0]["calculation"]


def test_rank_is_disputed_where_one_partner_is_in_doubt(tmp_path):
    partners = (("C", 9, "a league"), ("D", 8, ""), ("E", 7, ""))
    lines = [f"W{n},trade,,value,A<->{n},A<->{n},2030,=,{v},USD,,{END.strip()},{d}\n" for n, v, d in partners]
    path = tmp_path / "references.csv"
    path.write_text(HEAD.strip() + ",doubt\n" + "".join(lines), encoding="utf-8")
    refs = references.read(path)
    row = {"article_id": "a", "start": 1, "measure": "rank", "exporter": "A", "importer": "D;E", "is_trade": 0}
    assert [r["verdict"] for r in verdicts.check([row], refs)] == ["disputed"]
    assert [r["verdict"] for r in verdicts.check([row | {"importer": "C;E"}], refs)] == ["contradicts"]


def test_verdicts_expected_on_the_first_study():
    """The seven figures and the rank claim as coded (values and slots, no text) against the shipped references."""
    path = SEEDS / "gold" / "quantities.csv"
    rows = [r for r in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))) if r["is_trade"] == "1"]
    currency = {"USD": "USD", "%": "USD", "x": ""}
    half = {"44%": 0.5, "12.8%": 0.05, "3 per cent": 0.5, "US$190 billion": 5e9}
    context = {"more than doubled": "period"}  # the year stands in another sentence
    for r in rows:
        r |= {"currency": currency[r["unit"]], "rounding": half.get(r["surface"]), "commodity": r["commodity"]}
        r["inherited"] = context.get(r["surface"], "")
    made = verdicts.check(rows, references.read(SEEDS / "references.csv"))
    by_figure = {r["surface"]: [c for c in made if (c["article_id"], str(c["start"])) == (r["article_id"], r["start"])]
                 for r in rows}  # fmt: skip
    assert {s: verdicts.overall(c) for s, c in by_figure.items()} == {
        "US$190 billion": "rounds_to",
        "3 per cent": "exact",
        "tens of billions of dollars": "not_checkable",
        "44%": "rounds_to",
        "more than 100%": "inside",
        "12.8%": "exact",
        "more than doubled": "inside",
    }
