import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from helpers import charts, study

FOLDER = Path(__file__).parent / "study"


@pytest.fixture(scope="module")
def data():
    return study.read(FOLDER)


@pytest.mark.parametrize("name", ["strips", "grid", "commitment", "balance", "sensitivity"])
def test_every_chart_has_numbers_words_and_links(data, name, tmp_path, monkeypatch):
    monkeypatch.setenv("HELPERS_FIGURES", str(tmp_path))
    fig, table = getattr(charts.framing, name)(data)
    alt = getattr(charts.framing, f"describe_{name}")(table)
    charts.show(fig, name=name, table=table, alt=alt, caption="c")
    rows = list(csv.DictReader((tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
    assert rows
    assert all(re.fullmatch(r"(frames:[\w-]+:\d+ ?)*", r["rows"]) for r in rows)
    if name in ("strips", "grid"):
        assert "#frames-" in (tmp_path / f"{name}.svg").read_text(encoding="utf-8")


def test_the_numbers_are_those_of_the_table(data):
    mentions = charts.framing.counted(data)
    assert set(mentions.family) == {"peace"}
    assert set(mentions.tier) == {"core"}
    shares = charts.framing.ownership(data)
    assert shares.mentions.sum() == len(mentions)
    assert shares.not_owned.sum() == int((mentions.owned == 0).sum())
    assert (shares.lowest <= shares.not_owned).all()
    assert (shares.not_owned <= shares.highest).all()
    rates = charts.framing.rates(data)
    total = rates[rates.frame == "all"]
    assert total.mentions.sum() == int((mentions.display == 0).sum())
    assert (total.low <= total.per_1000).all()


def test_a_crosshead_stands_beside_its_body(data):
    shown = charts.framing.headlines(data)
    assert "crosshead" in set(shown.zone)
    assert shown.body_owned.str.fullmatch(r"\d+ of \d+").all()


def test_collocations_need_the_texts(data):
    assert set(charts.framing.collocations(data, least=1).columns) >= {"term", "word", "together"}
    bare = study.Study(data.folder, data.codebook, data.tables)
    assert charts.framing.collocations(bare).empty


def test_a_place_outside_the_body_has_no_sentence(data):
    assert data.place("northwind", pd.NA, "crosshead") == "crosshead"
