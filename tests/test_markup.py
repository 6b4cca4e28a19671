import pytest

from helpers import markup

HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "<img src=x onerror=alert(1)>",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "</td></tr></table><h1>",
]


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_is_inert_wherever_it_goes_in(payload):
    shown = markup.table([{payload: payload, "b": 1}], caption=payload).markup
    shown += markup.finding("{x} of the text", x=payload).markup + markup.limits(payload).markup
    shown += markup.link(payload, payload, payload, payload).markup
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<h1" not in shown
    assert ' onmouseover="' not in shown
    assert not set("\x1b\u202e") & set(shown)


def test_two_sums_of_money_do_not_become_a_formula():
    assert "$1" not in markup.table([{"a": "$190bn from $147bn"}], caption="$1").markup.partition("<table>")[2]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1234567, "1,234,567"), (-2.5, "−2.50"), (3.0, "3"), (None, ""), (float("nan"), ""), ("a", "a"), (True, "True")],
)
def test_numbers_are_written_for_readers(value, expected):
    assert markup.number(value) == expected


def test_rows_link_to_their_places():
    html = markup.table([{"term": "truce", "article_id": "a", "start": 7}], caption="c", links="frames").markup
    assert '<a href="article-a.html#frames-7">truce</a>' in html


def test_findings_read_as_sentences_in_a_terminal():
    assert repr(markup.finding("{n} of {all}", n=3, all=8)) == "3 of 8"
