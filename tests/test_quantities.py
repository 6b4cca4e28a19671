"""Numeric expressions in invented sentences, from easy to nasty: what is read, and what must be left alone."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import cleaning, language, numerals, quantities, vocabulary
from helpers.corpus import Article


def read(text, **meta):
    article = Article("a", text, meta=meta)
    return [q for _, q in quantities.read(language.Document(article, cleaning.plain(article)))]


def seen(text):
    """Surface, kind, value or (low, high), comparator, unit of each expression."""
    return [
        (
            text[q.start : q.end],
            q.kind,
            q.value if q.value is not None else (q.low, q.high),
            q.comparator,
            q.unit,
        )
        for q in read(text)
    ]


CASES = [
    ("Ruritania paid €1.2bn.", [("€1.2bn", "money", 1.2e9, "=", "EUR")]),
    ("It cost US$190 billion.", [("US$190 billion", "money", 190e9, "=", "USD")]),
    ("A loan of Rmb 1.28tn was agreed.", [("Rmb 1.28tn", "money", 1.28e12, "=", "CNY")]),
    ("Sales hit 940 000 tonnes.", [("940 000 tonnes", "count", 940000.0, "=", "tonne")]),
    ("Costs are between $5bn and $7bn.", [("between $5bn and $7bn", "money", (5e9, 7e9), "range", "USD")]),
    ("A 5-7bn rouble fund exists.", [("5-7bn rouble", "money", (5e9, 7e9), "range", "RUB")]),
    ("Output rose 12.8pc.", [("12.8pc", "percent", 12.8, "=", "%")]),
    ("It rose more than 3 per cent.", [("more than 3 per cent", "percent", (3.0, None), ">", "%")]),
    ("It fell by 50 basis points.", [("50 basis points", "percentage_point", 0.5, "=", "pp")]),
    ("It spent tens of billions of dollars.", [("tens of billions of dollars", "money", (2e10, 1e11), "~", "USD")]),
    ("Shipments more than doubled.", [("more than doubled", "multiplier", (2.0, None), ">", "x")]),
    ("Exports grew 2.6-fold.", [("2.6-fold", "multiplier", 2.6, "=", "x")]),
    ("They met some 40 times.", [("some 40 times", "count", 40.0, "~", "time")]),
    ("One in five farms closed.", [("One in five", "fraction", 0.2, "=", "x")]),
    ("About two-thirds of mines shut.", [("About two-thirds", "fraction", 2 / 3, "~", "x")]),
    ("At least 20 villages burned.", [("At least 20", "count", (20.0, None), ">=", "village")]),
    ("Up to 400 people came.", [("Up to 400", "count", (None, 400.0), "<=", "people")]),
    ("Her six-year-old son waved.", [("six-year-old", "age", 6.0, "=", "year")]),
    ("He left at the age of 15 for Zenda.", [("15", "age", 15.0, "=", "year")]),
    ("Prices fell in 2007-09.", [("2007-09", "year", (2007.0, 2009.0), "range", "year")]),
    ("It began in the early 1950s.", [("1950s", "decade", 1950.0, "=", "decade")]),
    ("The Strelsau-2 pipeline leaks.", [("2", "identifier", (None, None), "=", "")]),
    ("They signed two agreements.", [("two", "count", 2.0, "=", "agreement")]),
    ("Two of the leaders left.", [("Two", "count", 2.0, "=", "leader")]),
    ("Two hundred and six thousand men marched.", [("Two hundred and six thousand", "count", 206000.0, "=", "man")]),
    ("He won 2-1 at home.", [("2-1", "identifier", (None, None), "=", "")]),
    ("It opens at 9:35.", [("9:35", "identifier", (None, None), "=", "")]),
    ("It lost -$50.8bn.", [("-$50.8bn", "money", -50.8e9, "=", "USD")]),
    ("A 2 to 3% rise is due.", [("2 to 3%", "percent", (2.0, 3.0), "range", "%")]),
    ("One of three farms closed.", [("One", "count", 1.0, "=", "farm"), ("three", "count", 3.0, "=", "farm")]),
    ("He spent 4 of his 9 years.", [("4", "duration", 4.0, "=", "year"), ("9 years", "duration", 9.0, "=", "year")]),
    ("Six police officers came.", [("Six", "count", 6.0, "=", "police officer")]),
    ("Three sports clubs closed.", [("Three", "count", 3.0, "=", "sports club")]),
    ("Two men claims nothing of.", [("Two", "count", 2.0, "=", "man")]),
    ("The two often met.", [("two", "count", 2.0, "=", "")]),
    ("Two ex-wives sued.", [("Two", "count", 2.0, "=", "ex-wife")]),
    ("A 300 page report came.", [("300", "count", 300.0, "=", "page")]),
    ("Some 200 who fled came back.", [("Some 200", "count", 200.0, "~", "people")]),
    ("She took another pear or two.", [("two", "count", 2.0, "=", "pear")]),
    ("They shot two 30-second films.",
     [("two", "count", 2.0, "=", "30-second film"), ("30-second", "duration", 30.0, "=", "second")]),
    ("It rose from 3 to 5 percent.", [("3", "percent", 3.0, "=", "%"), ("5 percent", "percent", 5.0, "=", "%")]),
    ("She leads by 52 percent to 41.", [("52 percent", "percent", 52.0, "=", "%"), ("41", "percent", 41.0, "=", "%")]),
    ("It gained 2 percent at 1,234.", [("2 percent", "percent", 2.0, "=", "%"), ("1,234", "count", 1234.0, "=", "")]),
    ("One-in-five farms closed.", [("One-in-five", "fraction", 0.2, "=", "x")]),
    ("It opens between 3 and 6 p.m.",
     [("3", "identifier", (None, None), "=", ""), ("6 p.m", "identifier", (None, None), "=", "")]),
    ("Those aged 25 to 64 voted.", [("25 to 64", "age", (25.0, 64.0), "range", "year")]),
    ("He stands 5'10\" tall.", [("5", "count", 5.0, "=", "foot"), ("10", "count", 10.0, "=", "inch")]),
    ("It weighs 12 pounds.", [("12", "count", 12.0, "=", "pound-mass")]),
    ("In Britain it costs 12 pounds.", [("12 pounds", "money", 12.0, "=", "GBP")]),
    ("It sheds 120g/km.", [("120g", "count", 120.0, "=", "gram per kilometre")]),
    ("They pump 300,000 b/d.", [("300,000 b/d", "count", 300000.0, "=", "barrel per day")]),
    ("In his late 30s he left.", [("30s", "age", (30.0, 39.0), "~", "year")]),
    ("A $15-an-hour job.", [("$15", "money", 15.0, "=", "USD")]),
    ("A 60-mile-per-hour wind.", [("60-mile-per-hour", "count", 60.0, "=", "mile per hour")]),
    ("A 25-basis-point cut.", [("25-basis-point", "percentage_point", 0.25, "=", "pp")]),
    ("It has 20-plus years left.", [("20-plus years", "duration", (20.0, None), ">=", "year")]),
    ("Some 20-odd farms closed.", [("Some 20-odd", "count", 20.0, "~", "farm")]),
    ("It grew from 2.5 to 3.1 million.", [("2.5", "count", 2.5e6, "=", ""), ("3.1 million", "count", 3.1e6, "=", "")]),
    ("At least another ten mines shut.", [("At least another ten", "count", (10.0, None), ">=", "mine")]),
    ("Over 90 daily flights left.", [("Over 90", "count", (90.0, None), ">", "daily flight")]),
    ("A quarter of the farms closed.", [("A quarter", "fraction", 0.25, "=", "x")]),
    ("It took more than a month.", [("more than a month", "duration", (1.0, None), ">", "month")]),
    ("They want 20 plus", [("20 plus", "count", (20.0, None), ">=", "")]),
    ("They flew on Strelsau One today.", [("One", "identifier", (None, None), "=", "")]),
    ("An 1867 law says so.", [("1867", "year", 1867.0, "=", "year")]),
    ("They reached the last-16 stage.", [("16", "identifier", (None, None), "=", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0] for c in CASES])
def test_expression_is_read_as_written(text, expected):
    assert seen(text) == expected


NOT_NUMBERS = [
    "One has to wonder.",
    "It is one that leans south.",
    "The older ones stayed.",
    "None came.",
    "Countless people fled.",
    "They met once or twice.",
    "Wait a second.",
    "Both sides agreed.",
]


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_words_that_only_look_like_numbers_are_left_alone(text):
    assert seen(text) == []


def test_date_without_a_year_takes_the_nearest_to_the_article_and_says_so():
    (q,) = read("They met on Mar 21.", published="2023-04-02")
    assert (q.value, q.inherited) == ("2023-03-21", ["value"])
    (q,) = read("They met on December 30th.", published="2023-01-04")
    assert q.value == "2022-12-30"
    (q,) = read("They met on Mar 21.")
    assert q.value is None


def test_every_word_that_has_a_rule_opens_a_number():
    assert set(quantities._rules()) == numerals.OPENERS


def test_tokens_stand_where_they_say_however_wide_the_gaps():
    text = "Up  12.8%-rise, and   3,000 men's"
    article = Article("a", text)
    document = language.Document(article, cleaning.plain(article))
    vocabulary.look(document)
    t = quantities.tokens(document, document.sentences[0])
    assert [text[t.place(i) : t.place(i) + len(w)].lower() for i, w in enumerate(t.words)] == t.words
    assert [t.words[i] for i in range(len(t.words)) if t.touches(i)] == ["%", "-", "rise", ","]
    assert [t.words[i] for i in t.opening] == ["12.8", "3,000"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([*"0123456789", " ", "-", "to ", "bn", "$", "one ", "half ", "%", "million ", ".", ",",
    "between ", "and ", "March ", "a ", "third ", "of ", "tens ", "year", "-old", "more than ", "\n", "é", "½", "/",
    "plus", "-plus", "or ", "so ", "people ", "pound ", "'", "who ", "aged ", "per ", "daily ", "feet "]),
    max_size=25))  # fmt: skip
def test_any_input_is_read_without_failing_and_in_order(pieces):
    text = "".join(pieces)
    found = read(text)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
