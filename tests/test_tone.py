import math

import pytest

from helpers import charts, cleaning, codebook, coding, corpus, language, sentiment, study, tone

BOOK = codebook.Codebook(
    actors=(codebook.Actor("mira", "Mira Lund", "person", ("Mira Lund", "Lund")),),
    sentiment={"targets": ["mira"], "topic_words": ["war*"]},
)
BRIGHT = [
    "Lund won a great prize.",
    "The war ended.",
    "“A good day for Lund,” said Bora, “and a happy one, a joy for all.”",
]
DARK = ["The war was terrible.", "Lund lost.", "A sad failure, a cruel crime."]


@pytest.fixture(scope="module")
def data():
    tables = {}
    for name, outlet, paragraphs in (("bright", "The Bell", BRIGHT * 6), ("dark", "The Lamp", DARK * 5)):
        article = corpus.Article(name, "\n".join(paragraphs), meta={"outlet": outlet})
        for table, rows in coding.code_article(article, BOOK, plain=True).items():
            tables.setdefault(table, []).extend(rows)
    texts = {name: coding.csv_text(coding.TABLES[name], rows) for name, rows in tables.items()}
    return study.Study(folder=None, codebook=BOOK, tables=texts)


def test_means_are_those_of_the_sentences_and_paragraphs_are_the_clusters(data):
    table = tone.means(data)
    own = data.sentences[data.sentences.article_id == "bright"]
    assert list(table.score) == ["plain", "masked"] * 2
    assert table.value[0] == pytest.approx(own.vader_compound.mean())
    assert table.value[1] == pytest.approx(own.vader_masked.mean())
    assert (table.sentences[0], table.paragraphs[0]) == (18, 18)
    assert table.low[0] < table.value[0] < table.high[0]


def test_flips_count_sentences_that_hang_on_the_topic(data):
    table = tone.flips(data).set_index("article_id")
    assert dict(table.flipped) == {"bright": 6, "dark": 0}
    assert table.aside_percent["dark"] == pytest.approx(100 * 2.9 / (2.9 + 2.1 + 1.3 + 2.1 + 2.3 + 2.8 + 2.5))


def test_difference_of_two_articles_is_bright_minus_dark(data):
    table = tone.differences(data)
    assert list(table.outlets) == ["The Bell − The Lamp"] * 2
    assert list(table.differs) == ["yes", "yes"]
    assert (table.value > 0).all()


def test_mean_without_a_word_is_the_mean_of_the_sentences_coded_without_it(data):
    table = tone.without(data)
    row = table[(table.article_id == "dark") & (table.word == "war")].iloc[0]
    article = corpus.Article("x", "\n".join(p.replace("war", "thing") for p in DARK * 5))
    sentences, _, _ = sentiment.code(language.Document(article, cleaning.plain(article)), BOOK)
    plain = data.sentences[data.sentences.article_id == "dark"].vader_compound.mean()
    without = sum(s["vader_compound"] for s in sentences) / len(sentences)
    assert row.n == 5
    assert row.change == pytest.approx(without - plain, abs=2e-4)


def test_word_shift_sums_to_the_difference_of_the_mean_valences(data):
    table = tone.shift(data, "bright", "dark")
    terms = data.sentiment_terms.dropna(subset=["valence"])
    mean = terms.groupby("article_id").valence.mean()
    assert table["shift"].sum() == pytest.approx(mean["bright"] - mean["dark"], abs=1e-3)
    assert table["shift"].abs().is_monotonic_decreasing


def test_voices_part_at_quotation_marks_and_few_words_are_not_shown(data):
    table = tone.voices(data).set_index(["article_id", "voice", "score"])
    assert table.lexicon_words["bright", "quoted", "plain"] == 18
    assert table.words["bright", "outlet", "plain"] == 6 * (5 + 3 + 2)
    assert table.value["bright", "quoted", "plain"] > 0
    assert math.isnan(table.value["dark", "quoted", "plain"])


def test_targets_with_few_mentions_are_not_shown(data):
    table = tone.towards(data).set_index(["article_id", "score"])
    assert dict(table.n.xs("plain", level="score")) == {"bright": 12, "dark": 5}
    assert table.n_quoted["bright", "plain"] == 6
    assert table.value["bright", "plain"] > 0
    assert math.isnan(table.value["dark", "plain"])


def test_sentences_to_read_first_say_why(data):
    table = tone.unsettled(data)
    assert set(table.why) == {"negative becomes neutral"}
    assert len(table) == 6


@pytest.mark.parametrize("name", sorted(charts.sentiment.CHARTS))
def test_every_chart_is_drawn_with_its_table(data, name):
    fig, table = charts.sentiment.CHARTS[name](data)
    assert len(table)
    assert "outlet" in table or "one" in table
    charts.style.plt.close(fig)
