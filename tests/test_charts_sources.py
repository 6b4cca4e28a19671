"""Charts of who speaks, on the invented study."""

from pathlib import Path

import pytest

from helpers import study
from helpers.charts import sources


@pytest.fixture(scope="module")
def data():
    return study.read(Path(__file__).parent / "study")


def test_speech_is_the_core_with_a_source_each_at_its_place(data):
    rows = sources.speech(data)
    assert set(rows.status) == {"core"}
    assert (rows.source_id != "").all()
    assert rows.position.between(0, 1).all()
    assert set(rows.group) <= set(sources.CLASSES)


@pytest.mark.parametrize("by", ["group", "affiliation_country", "affiliation_type"])
def test_shares_of_an_outlet_sum_to_all_its_attributions(data, by):
    table = sources.share(data, by)
    assert table.groupby("outlet").attributions_share.sum().round(6).eq(100).all()
    assert table.attributions.sum() == len(sources.speech(data))


def test_chosen_sources_leave_out_the_protagonists(data):
    central = {a.id for a in data.codebook.actors if a.central}
    rows = sources.speech(data)
    assert not set(rows[rows.chosen].source_id) & central
    counts = sources.views(data).groupby(["outlet", "view"]).attributions.sum().unstack()
    assert (counts["chosen sources"].fillna(0) <= counts["all voices"]).all()


def test_diversity_of_few_articles_is_never_called_enough(data):
    table = sources.diversity(data, draws=50)
    assert set(table.verdict) == {"too_few"}
    assert len(table) == 2 * len(sources.DIMENSIONS) * data.articles.outlet.nunique()


@pytest.mark.parametrize(
    ("row", "group"),
    [
        ({"kind": "author", "is_expert": 1, "named": 1}, "author"),
        ({"kind": "person", "is_expert": 1, "named": 1}, "named expert"),
        ({"kind": "group", "is_expert": 1, "named": 0}, "unnamed expert"),
        ({"kind": "state", "is_expert": 0, "named": 1}, "state or official"),
        ({"kind": "group", "affiliation_type": "military", "is_expert": 0, "named": 0}, "unnamed official"),
        ({"kind": "document", "is_expert": 0, "named": 0}, "other"),
    ],
)
def test_class_of_a_source(row, group):
    assert sources.class_of(row) == group


@pytest.mark.parametrize("draw", sorted(sources.CHARTS))
def test_every_chart_draws_what_its_table_says(data, draw):
    fig, table = sources.CHARTS[draw](data)
    assert len(table)
    assert fig.axes
