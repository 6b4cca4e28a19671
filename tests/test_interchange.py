import json

import pytest

from helpers import coding, interchange
from helpers.codebook import Codebook
from helpers.study import Study

TEXT = "Roe made a truce.\nIt failed."


@pytest.fixture
def study(tmp_path):
    rows = {name: [] for name in coding.TABLES}
    rows["articles"] = [{"article_id": "a", "outlet": "=cmd()", "url": "", "sha256": "0f"}]
    rows["frames"] = [{"article_id": "a", "start": 11, "end": 16, "term": "truce", "frame": "peace_process"}]
    rows["quotes"] = [{"article_id": "a", "spans": "0-3;18-20", "kind": "direct", "speaker": "Ada Roe"}]
    tables = {n: coding.csv_text(c, rows[n]) for n, c in coding.TABLES.items()}
    return Study(folder=tmp_path, codebook=Codebook(), tables=tables, texts={"a": TEXT})


def test_every_format_is_written(study, tmp_path):
    written = interchange.export(study, tmp_path / "out")
    assert {p.parent.name for p in written} == set(interchange.FORMATS)
    assert all(p.stat().st_size for p in written)


def test_spreadsheets_hold_no_formula(study):
    assert "'=cmd()" in dict(interchange.spreadsheets(study))["articles.csv"]
    assert ",=cmd()" not in dict(interchange.spreadsheets(study))["articles.csv"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("=1", "'=1"), ("+cmd", "'+cmd"), ("@SUM", "'@SUM"), ("-1.5", "-1.5"), ("-", "'-"), ("", ""), ("a=b", "a=b")],
)
def test_disarm(cell, expected):
    assert interchange.disarm(cell) == expected


def test_brat_repeats_the_words_at_their_offsets(study):
    ann = dict(interchange.brat(study))["a.ann"]
    assert "T1\tframes 11 16\ttruce" in ann
    assert "T2\tquotes 0 3;18 20\tRoe It" in ann
    assert "speaker T2 Ada_Roe" in ann


def test_web_annotation_points_at_the_text_by_its_hash(study):
    page = json.loads(dict(interchange.webannotation(study))["a.jsonld"])
    target = page["items"][0]["target"][0]
    assert target == {"source": "urn:sha256:0f", "selector": {"type": "TextPositionSelector", "start": 11, "end": 16}}


def test_without_the_text_brat_writes_nothing_and_the_rest_goes_on(study):
    study.texts = {}
    assert not list(interchange.brat(study))
    assert list(interchange.webannotation(study))
