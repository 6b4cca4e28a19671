"""Sums, single articles and the summary page of a coded archive."""

import json

import pytest

from helpers import coding, shards
from helpers.__main__ import main
from helpers.corpus import Refused
from tests.benchmarks import synthetic
from tests.test_scale import BOOK, STUDY

pytest.importorskip("pyarrow", reason="the extra `scale` is not installed")
pytest.importorskip("duckdb", reason="the extra `scale` is not installed")
from helpers import archive, cells, scale


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Forty articles, the last a copy of the first, of outlets of which one has a hostile name."""
    records = list(synthetic.records(39, copies=0))
    records.append(records[0] | {"id": "copy", "outlet": "Wire"})
    records[1]["outlet"] = "<script>alert(1)</script>"
    path = tmp_path_factory.mktemp("in") / "x.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


@pytest.fixture(scope="module")
def coded(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    scale.run(source, out, BOOK, plain=True, workers=1)
    return archive.Archive(out)


@pytest.fixture(scope="module")
def rows(source):
    return [coding.code_article(a, BOOK, plain=True) for a in shards.articles(source)]


def test_means_are_the_means_of_the_articles_without_copies(coded, rows):
    for measure, (_, _, value) in cells.MEASURES.items():
        values = [v for r in rows[:-1] if (v := value(r)) is not None]
        found = coded.means(measure, by=[]).iloc[0]
        mean = sum(values) / len(values)
        variance = sum((v - mean) ** 2 for v in values) / (len(values) - 1)
        assert (found.n, found["mean"], found.sd) == pytest.approx((len(values), mean, variance**0.5), abs=1e-4)
        assert found.low <= found["mean"] <= found.high
        assert coded.histogram(measure).n.sum() == len(values)


def test_few_articles_get_no_interval_and_copies_come_on_demand(coded):
    assert coded.means("words").high.isna().all()
    assert "Wire" not in set(coded.means("words").outlet)
    assert "Wire" in set(coded.means("words", copies=True).outlet)
    assert list(coded.means("words", by=["year", "outlet"]).columns[:3]) == ["year", "outlet", "measure"]


def test_frames_count_articles_and_mentions(coded, rows):
    found = coded.frames(by=[]).set_index("frame")
    frames = [[r["frame"] for r in one["frames"]] for one in rows[:-1]]
    names = sorted({f for one in frames for f in one})
    assert list(found.index) == names
    assert list(found.articles) == [sum(n in one for one in frames) for n in names]
    assert list(found.mentions) == [sum(one.count(n) for one in frames) for n in names]


def test_single_articles_come_as_a_study_with_their_texts(coded, source, rows):
    wanted = [a for a in shards.articles(source) if a.id in ("a0000007", "copy")]
    study = coded.only(a.id for a in wanted)
    assert study.texts == {a.id: a.text for a in wanted}
    by_id = {r["articles"][0]["article_id"]: r for r in rows}
    for name, columns in coding.TABLES.items():
        if name != "articles":
            assert study.tables[name] == coding.csv_text(columns, [r for a in wanted for r in by_id[a.id][name]])
    assert list(study.articles.duplicate_of) == ["", "a0000000"]


def test_an_unknown_article_or_folder_is_refused(coded, tmp_path):
    with pytest.raises(Refused, match="no article nobody"):
        coded.only(["nobody"])
    with pytest.raises(Refused, match="no coded archive"):
        archive.Archive(tmp_path)


def test_the_report_of_an_archive_is_inert_and_the_same_twice(source, tmp_path):
    pytest.importorskip("distributed", reason="the extra `scale` is not installed")
    call = ["code", source, "--out", tmp_path / "coded", "--format", "parquet", "--plain", "--codebook", STUDY]
    assert main([*map(str, call), "--workers", "1"]) == 0
    for name in ("one", "two"):
        assert main(["report", "--study", str(tmp_path / "coded"), "--out", str(tmp_path / name)]) == 0
    pages = [(tmp_path / name / "index.html").read_text() for name in ("one", "two")]
    assert pages[0] == pages[1]
    assert "&lt;script&gt;" in pages[0]
    assert "<script>alert" not in pages[0]
    assert archive.Archive(tmp_path / "coded").codebook.frames == BOOK.frames
    assert "<b>1</b> repeat the words of an earlier one" in pages[0]
    assert {p.stem for p in (tmp_path / "one" / "figures").glob("*.csv")} == {
        "archive-tone", "archive-frames", "archive-years",
    }  # fmt: skip
