"""Trade figures in invented articles about Ruritania and its neighbours: what is one, and what its slots say."""

from pathlib import Path

import pytest

from helpers import cleaning, codebook, language, trade
from helpers.corpus import Article

BOOK = codebook.Codebook(
    actors=(
        codebook.Actor("ruritania", "Ruritania", "state", ("Ruritania", "Ruritanian", "Strelsau")),
        codebook.Actor("graustark", "Graustark", "state", ("Graustark", "Graustarkian", "Edelweiss")),
        codebook.Actor("someone", "Ann Lee", "person", ("Lee",)),
    ),
    trade={
        "pair": ["Ruritania", "Graustark"],
        "pair_words": ["bilateral", "the two countries"],
        "need_a_country": ["trade", "sales", "purchases"],
        "measures": {
            "balance": ["trade surplus*", "trade deficit*"],
            "exports": ["export*"],
            "imports": ["import*"],
            "purchases": ["purchase*", "bought"],
            "sales": ["sold"],
            "shipments": ["shipment*"],
            "trade": ["trade"],
        },
        "not_heads": ["minister"],
        "other": {"words": ["economy", "inflation", "wage*"]},
        "commodities": {"arms": ["weapon*"], "copper": ["copper"], "tin": ["tin"], "grain": ["grain", "wheat"]},
    },
)


def code(text, **meta):
    article = Article("a", text, meta={"published": "2031-05-02", **meta})
    return trade.code(language.Document(article, cleaning.plain(article)), BOOK)


def slots(text, *names):
    return [tuple(r.get(n) for n in ("surface", *names)) for r in code(text) if r["is_trade"]]


PAIR = "Ruritania<->Graustark"
FLOWS = [
    ("In 2030 Ruritanian exports of copper to Graustark rose 5%.", "5%", "exports", "copper", "Ruritania", "Graustark"),
    ("Imports of grain from Graustark into Ruritania fell 7%.", "7%", "imports", "grain", "Graustark", None),
    ("Graustark bought $2bn of Ruritanian weapons.", "$2bn", "purchases", "arms", "Ruritania", "Graustark"),
    ("Copper shipments to Strelsau tripled.", "tripled", "shipments", "copper", "Graustark", "Ruritania"),
    ("Trade between Ruritania and Graustark hit $9bn.", "$9bn", "trade", "all goods", PAIR, PAIR),
    ("Bilateral trade reached €4bn.", "€4bn", "trade", "all goods", PAIR, PAIR),
    ("Bilateral trade was 6% of Ruritania's total trade.", "6%", "trade", "all goods", PAIR, "Ruritania<->World"),
    ("Exports from Graustark to Ruritania doubled.", "doubled", "exports", "all goods", "Graustark", "Ruritania"),
]


@pytest.mark.parametrize(("text", *"smcfi"), FLOWS, ids=[c[0] for c in FLOWS])
def test_flow_is_read_from_the_clause(text, s, m, c, f, i):
    assert slots(text, "measure", "commodity", "exporter", "importer") == [(s, m, c, f, i)]


NOT_TRADE = [
    "The economy grew 5% and Ruritania exports less.",
    "Wages in Ruritania's export firms rose 5%.",
    "Ann Lee sold her house for $2m.",
    "Stocks trade at $5.",
    "Two trade ministers met in 2030 until 2031.",
    "Exports fell, while inflation hit 9%.",
    "Graustark spent $2bn on schools.",
    "The deal, which covers exports, was signed by 30% of members.",
]


@pytest.mark.parametrize("text", NOT_TRADE)
def test_other_figures_are_no_trade_figures(text):
    assert slots(text) == []


def test_respectively_gives_each_good_its_figure():
    text = "In 2030 Ruritanian exports of copper and tin to Graustark rose, in dollar terms, by 4% "
    text += "and more than 100% respectively."
    assert slots(text, "commodity", "basis", "comparator", "low", "direction", "period", "base_period") == [
        ("4%", "copper", "value", "=", None, "up", "2030", "2029"),
        ("more than 100%", "tin", "value", ">", 100.0, "up", "2030", "2029"),
    ]


def test_respectively_with_unequal_numbers_leaves_the_goods_empty():
    text = "Ruritanian exports of copper, tin and grain rose by 4% and 9% respectively."
    assert slots(text, "commodity") == [("4%", None), ("9%", None)]


def test_slots_from_the_sentence_before_are_filled_and_named():
    text = (
        "In 2030 Ruritanian exports to Graustark rose 4% in dollar terms. Graustarkian exports to Ruritania fell by 2%."
    )
    first, second = [r for r in code(text) if r["is_trade"]]
    assert (first["basis"], first["inherited"]) == ("value", "base_period commodity")
    assert (second["basis"], second["period"]) == ("value", "2030")
    assert second["inherited"] == "base_period basis commodity period"


def test_basis_does_not_carry_over_to_another_measure():
    text = "In 2030 Ruritanian exports to Graustark rose 4% in dollar terms. Shipments of tin halved."
    rows = [r for r in code(text) if r["is_trade"]]
    assert rows[1]["basis"] == "unstated"
    assert (rows[1]["exporter"], rows[1]["importer"]) == ("Ruritania", "Graustark")
    assert {"exporter", "importer", "period"} <= set(rows[1]["inherited"].split())


PERIODS = [
    ("Bilateral trade hit $9bn in 2029.", "2029", None),
    ("Bilateral trade hit $9bn last year.", "2030", None),
    ("Exports to Graustark rose 5% in the first half of 2030.", "2030-01/2030-06", None),
    ("Exports to Graustark rose 5% in the first five months of 2030.", "2030-01/2030-05", None),
    ("Exports to Graustark rose 5% in 2030 from 2027.", "2030", "2027"),
    ("Exports to Graustark have doubled since 2019.", "2019-2031", None),
    ("Between 2019 and 2024 exports to Graustark tripled.", "2019-2024", None),
    ("Exports to Graustark tripled.", None, None),
]


@pytest.mark.parametrize(("text", "period", "base"), PERIODS, ids=[c[0] for c in PERIODS])
def test_period_is_the_stated_one(text, period, base):
    (row,) = [r for r in code(text) if r["is_trade"]]
    assert row["period"] == period
    if base:
        assert row["base_period"] == base


def test_two_levels_in_two_years_are_two_rows():
    text = "Exports of tin to Graustark rose from $74m in 2029 to $179m in 2030."
    assert slots(text, "value", "period", "change") == [
        ("$74m", 74e6, "2029", "level"),
        ("$179m", 179e6, "2030", "level"),
    ]


def test_rank_is_no_trade_figure_but_keeps_the_partners():
    (row,) = [r for r in code("It would anger Graustark and Strelsau, its two biggest trading partners.") if r["value"]]
    assert (row["is_trade"], row["measure"], row["importer"]) == (0, "rank", "Graustark;Ruritania")


@pytest.mark.parametrize(
    ("text", "unit", "per", "currency"),
    [
        ("It costs $60 a barrel.", "dollar per barrel", "barrel", "USD"),
        ("It costs 3 euros a pound.", "euro per pound-mass", "pound-mass", "EUR"),
        ("It costs £5bn.", "GBP", None, "GBP"),
        ("It runs at 90 mph.", "mile per hour", "hour", None),
        ("They pump 900 barrels a day.", "barrel per day", "day", None),
    ],
)
def test_a_rate_is_no_sum_and_its_unit_is_spelled_out(text, unit, per, currency):
    (row,) = code(text)
    assert (row["unit"], row["per"], row.get("currency")) == (unit, per, currency)


def test_a_study_without_trade_words_still_reads_numbers():
    article = Article("a", "Exports rose 5%.")
    (row,) = trade.code(language.Document(article, cleaning.plain(article)), codebook.Codebook())
    assert (row["value"], row["is_trade"]) == (5.0, 0)


def test_offsets_slice_back_to_the_surface():
    text = "“Ruritania” sold 3\u202f000 tonnes — “some” €4bn’s worth — to Graustark."
    for row in code(text):
        assert text[row["start"] : row["end"]] == row["surface"]


def test_the_codebook_of_the_first_study_can_be_read():
    words = trade.lexicon(codebook.read(Path(__file__).parent.parent / "seeds" / "codebook.toml"))
    assert words.cue.search("exports of gas")
    assert words.parties["Chinese"] == "China"
