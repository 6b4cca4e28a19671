"""Zones of lines: gold pages, invented pages, and properties that hold for any text."""

import csv
from collections import Counter
from pathlib import Path

import layouts
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import cleaning, corpus, metadata

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "seeds/gold"


def seeds():
    """The articles of the first study, where their texts are at hand."""
    entries = corpus.catalogue(ROOT / "seeds")
    for folder in (ROOT / "seeds", ROOT.parent / "shared/seeds"):
        found = [corpus.read(p, entries) for p in sorted(folder.glob("*.txt"))] if folder.is_dir() else []
        found = [a for a in found if a.id in {e.id for e in entries}]
        if len(found) == len(entries):
            return {a.id: a for a in found}
    pytest.skip("the texts of the first study are not here (they are not shipped)")
    return {}


def gold(name):
    with (GOLD / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_zones_of_the_first_study_are_those_of_the_gold():
    articles = seeds()
    zones_of = {(i, row.line): row.zone for i, a in articles.items() for row in cleaning.label(a)}
    expected = {(r["article_id"], int(r["line"])): {r["zone"], *r["also"].split()} for r in gold("lines")}
    assert zones_of.keys() == expected.keys()
    assert {at: zone for at, zone in zones_of.items() if zone not in expected[at]} == {}


def test_body_of_the_first_study_needs_no_override():
    articles = seeds()
    for article in articles.values():
        bare = corpus.Article(article.id, article.text)
        ruled = [row.zone == "body" for row in cleaning.label(bare)]
        assert ruled == [row.zone == "body" for row in cleaning.label(article)]


def test_metadata_of_the_first_study_are_those_its_texts_state():
    articles = seeds()
    stated = {i: metadata.extract(a, cleaning.label(corpus.Article(i, a.text))) for i, a in articles.items()}
    rows = [r for r in gold("metadata") if r["field"] not in ("outlet_country", "genre", "author_role")]
    found = [stated[r["article_id"]].get(r["field"], "") for r in rows]
    assert found == [r["value"].removesuffix(" (initials)") for r in rows]


PAGE = """Skip to content
Menu

World

Kosta leaves the valley without a word

Nobody expected much, and nobody was surprised

By Ada Roe and Jan van der Berg
14 June 2031

Edwin Kosta in Hask on Thursday. (Photo: L. Marr/Northwind Pictures)

HASK (ES) - The chancellor left the valley on Friday after two days of talks that ended without a statement.

"We have heard it all before," said Petra Holm, the mayor of Senn Bridge.

No comment.

Also read: The bridge that nobody crosses

A valley that waits

Aid groups say that around 4,000 people have left the valley since May, nearly half of them children.

Ada Roe is our correspondent in Hask.

Edited by: P. Lind

More from World
Ferry strike enters its second week
The ferries have been idle since Monday, and the harbour is full of cars that nobody has come to move.
© 2031 Northwind. All rights reserved.
"""
ZONES = """navigation navigation blank kicker blank headline blank standfirst blank byline date blank caption blank body
blank body blank body blank related blank crosshead blank body blank footer blank footer blank related related related
footer blank""".split()


def zones(text, **options):
    return [row.zone for row in cleaning.label(corpus.Article("a", text, **options))]


def test_each_line_of_an_invented_page_gets_its_zone():
    assert zones(PAGE) == ZONES


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: "\ufeff" + t,
        lambda t: t.replace('"We', "“We").replace('before,"', "before,”"),
        lambda t: t.replace("4,000 people", "4,000\u00a0people").replace("June 2031\n", "June 2031\u00a0\n"),
    ],
    ids=["carriage returns", "byte order mark", "curly quotes", "no-break spaces"],
)
def test_variants_of_one_page_have_equal_zones(change):
    assert zones(change(PAGE)) == ZONES


def test_override_holds_and_counts_as_such():
    rows = cleaning.label(corpus.Article("a", PAGE, overrides={23: "related", 999: "body"}))
    assert (rows[22].zone, rows[22].rule, rows[22].unsure) == ("related", "override", 0)
    assert [r.zone for r in rows if r.line != 23] == [z for i, z in enumerate(ZONES, 1) if i != 23]


def test_shape_alone_leaves_a_heading_unsure():
    rows = cleaning.label(corpus.Article("a", PAGE))
    assert [r.line for r in rows if r.unsure] == [23]


def test_metadata_of_an_invented_page():
    article = corpus.Article("a", PAGE, meta={"outlet": "The Northwind", "author": "Ada Rowe"})
    row = metadata.describe(article, cleaning.label(article))
    assert {k: v for k, v in row.items() if v} == {
        "outlet": "The Northwind", "outlet_in_text": "Northwind", "headline": "Kosta leaves the valley without a word",
        "headline_in_text": "Kosta leaves the valley without a word", "author": "Ada Rowe",
        "author_in_text": "Ada Roe; Jan van der Berg", "author_rule": "byline", "published": "2031-06-14",
        "published_in_text": "2031-06-14", "published_kind": "web", "dateline": "Hask", "section": "World",
        "editor": "P. Lind", "disagrees": "author",
    }  # fmt: skip


def test_body_of_invented_layouts_of_many_outlets():
    """The rules were frozen before half of the layouts were written; those scored .972 at first sight."""
    counts = Counter()
    for layout, number, text, expected in layouts.pages():
        found = zones(text)
        assert len(found) == len(expected), (layout, number)
        for one, other in zip(found, expected, strict=True):
            counts["right"] += one == other
            counts[one == "body", other == "body"] += 1
    both, extra, missed = counts[True, True], counts[True, False], counts[False, True]
    assert 2 * both / (2 * both + extra + missed) >= 0.99
    assert counts["right"] / (counts.total() - counts["right"]) >= 0.92
    assert len(layouts.LAYOUTS) >= 30


UNLIKE = {  # layouts that state something else than their article, or hide it
    "headline": "blog_comments clean_text interview live_blog one_line",
    "author": "listicle live_blog one_line clean_text",
}


@pytest.mark.parametrize("layout", layouts.LAYOUTS)
def test_metadata_of_layouts_are_right_or_empty(layout):
    for article in layouts.ARTICLES:
        text, _ = layouts.page(layout, article)
        page = corpus.Article("a", text)
        stated = metadata.extract(page, cleaning.label(page))
        for field, value in {"headline": article["headline"], "author": article["author"]}.items():
            if layout not in UNLIKE[field].split():
                assert stated.get(field, "") in ("", value)
        assert stated.get("published", "") in ("", "2031-06-14")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no running text"),
        ("Menu\nSign in\n", "no running text"),
        (
            "Der Rat der Stadt hat sich am Freitag mit dem Plan nicht befasst, der auf dem Tisch lag. " * 3,
            "looks German",
        ),
        ("El consejo no ha dicho nada de lo que se ha acordado en la sala, pero todos lo saben. " * 3, "looks Spanish"),
        ("Совет собрался в пятницу и ничего не решил, как и в прошлом году, по словам мэра. " * 3, "looks Russian"),
        ("会议在星期五举行，没有任何结果。" * 9, "not English"),
        ("The council met on Friday and agreed on nothing at all.", ""),
        (PAGE, ""),
    ],
)
def test_objection_names_what_cannot_be_coded(text, says):
    article = corpus.Article("a", text)
    found = cleaning.objection(article, cleaning.label(article))
    assert found.startswith(says)
    assert bool(found) == bool(says)


WORDS = st.sampled_from(
    ["By", "Ada", "Roe", "the", "talks", "ended.", "Photo:", "Related:", "©", "—", "#", "“No,”", '"', "12", "June",
     "2031", "March", "\u00a0", "\r", "---", "title:", "(AP)", "|", "?", "•", "HASK:", "said", "İ", "ß", "\x85", "@ada",
     "\t"]
)  # fmt: skip
LINES = st.lists(st.lists(WORDS, max_size=16).map(" ".join), max_size=24).map("\n".join)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(LINES, st.text(max_size=300)))
def test_lines_tile_any_text_and_hold_at_most_one_headline(text):
    article = corpus.Article("a", text)
    rows = cleaning.label(article)
    assert [article.text[r.start : r.end] for r in rows] == [p.removesuffix("\r") for p in text.split("\n")]
    assert {r.zone for r in rows} <= set(cleaning.ZONES)
    assert sum(r.zone == "headline" and not r.joins for r in rows) <= 1
    assert all((r.zone == "blank") == (not text[r.start : r.end].strip()) for r in rows)
    assert all(r.rule for r in rows)
    metadata.describe(article, rows)
