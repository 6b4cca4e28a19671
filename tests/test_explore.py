from pathlib import Path

import pytest

from helpers import explore, study

DEMO = Path(__file__).parent / "study"


@pytest.fixture(scope="module")
def data():
    return study.read(DEMO)


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setenv("HELPERS_WIDGETS", "1")


@pytest.fixture
def still(monkeypatch):
    monkeypatch.setenv("HELPERS_WIDGETS", "0")


def controls(box):
    return {c.description: c for c in box.children[0].children}


def test_filters_narrow_the_rows(live, data):
    box = explore.concordance(data)
    grid = box.children[1]
    everything = len(grid.rows)
    controls(box)["outlet"].value = "Northwind"
    assert 0 < len(grid.rows) < everything
    assert {row[0] for row in grid.rows} == {"Northwind"}
    assert grid.note == f"{len(grid.rows)} of {everything} rows"


def test_rows_sort_by_the_words_on_either_side(live, data):
    box = explore.concordance(data)
    controls(box)["sort by"].value = "right"
    right = [row[4].lower().split() for row in box.children[1].rows]
    assert right == sorted(right)


def test_a_chosen_row_shows_its_paragraph_with_the_term_marked(live, data):
    box = explore.concordance(data)
    grid, detail = box.children[1], box.children[2]
    grid.chosen = 0
    assert f"<mark>{grid.rows[0][3]}</mark>" in detail.value


def test_without_texts_there_are_places_and_no_words(live, data):
    bare = study.replace(data, texts={})
    box = explore.concordance(bare)
    assert "left" not in box.children[1].columns
    box.children[1].chosen = 0
    assert "blockquote" not in box.children[2].value


def test_hostile_words_stay_inert_in_the_detail(live, data):
    row = next(r for r in data.frames.to_dict("records") if r["zone"] == "body")
    text = data.texts[row["article_id"]]
    evil = '<img src=x onerror="alert(1)">'.ljust(60)
    hostile = text[: row["start"] - 60] + evil + text[row["start"] :]
    shown = explore.passage(
        study.replace(data, texts={row["article_id"]: hostile}), row["article_id"], row["start"], row["end"], row
    )
    assert "<img" not in shown.markup
    assert "&lt;img" in shown.markup


def test_sources_show_their_quotes(live, data):
    box = explore.sources(data)
    box.children[1].chosen = 0
    assert "<mark>" in box.children[2].value


def test_charts_leave_out_an_outlet_and_survive_none(live, data):
    box = explore.figures(data)
    for check in box.children[1].children:
        check.value = False
    assert "Switch on" in str(box.children[-1].outputs) or not box.children[-1].outputs


def test_a_person_codes_with_keys_alone(live, data, tmp_path):
    here = study.replace(data, folder=tmp_path)
    box = explore.code(here, sample=2, seed=1, coder="roe")
    coder = box.children[0]
    assert not {"stance", "evaluation"} & set(coder.unit)
    for _ in range(2):
        for value in ("outlet", "asserted", "neutral"):
            coder._handle_custom_msg({"kind": "answer", "value": value}, [])
    assert coder.unit["progress"].startswith("All 2 units")
    assert "alpha" in box.children[1].value
    assert len((tmp_path / "gold" / "frames.roe.csv").read_text().split("\n")) == 4


def test_a_full_disk_is_said_and_the_answer_stays_open(live, data, tmp_path, monkeypatch):
    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("helpers.handcoding.write_aside", full)
    coder = explore.code(study.replace(data, folder=tmp_path), sample=2, seed=1, coder="roe").children[0]
    coder._handle_custom_msg({"kind": "answer", "value": "outlet"}, [])
    assert "Not saved" in coder.unit["error"]
    assert coder.unit["progress"].startswith("1 of 2")


def test_still_pages_get_tables_and_charts(still, data):
    assert "<table>" in explore.concordance(data).markup
    assert "<table>" in explore.sources(data).markup
    assert explore.figures(data).axes
    assert "<table>" in explore.code(data, sample=2, seed=1, coder="nobody").markup


def test_a_chart_is_weighted_by_persons_or_words(live, data):
    box = explore.figures(data)
    menu, weight = box.children[0].children
    assert weight.layout.display == "none"
    menu.value = "all and chosen voices"
    assert weight.layout.display == ""
    for value in weight.options:
        weight.value = value
        assert "cannot be drawn" not in str(box.children[-1].outputs)
        shares = explore.charts.sources.views(data, weight=value).groupby(["outlet", "view"]).share.sum()
        assert shares.round(6).eq(100).all()
