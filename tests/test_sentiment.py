import json
import math
import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.sentiment.vader import VaderConstants

from helpers import cleaning, codebook, corpus, language, lexicons, sentiment, targets, vader, valences

BENCHMARKS = Path("../shared/benchmarks")
REFERENCE = vader.analyzer()
STUDY = codebook.Codebook(
    actors=(
        codebook.Actor("mira", "Mira Lund", "person", ("Mira Lund", "Lund")),
        codebook.Actor("arkady", "Arkady", "state", ("Arkady", "Arkadian")),
        codebook.Actor("bora", "Bora", "state", ("Bora",)),
    ),
    sentiment={"targets": ["mira", "arkady"], "topic_words": ["war*", "peace*"], "not_targets": ["Arkady Times"]},
)


def document(text, **options):
    article = corpus.Article("a", text, **options)
    return language.Document(article, cleaning.plain(article))


def coded(text, study=STUDY, **options):
    return sentiment.code(document(text, **options), study)


# identity with NLTK ---------------------------------------------------------------------------------------------------


def same(text):
    assert repr(vader.scores(text)) == repr(REFERENCE.polarity_scores(text)), text


def test_grammar_is_that_of_nltk():
    grammar, constants = vader.grammar(), VaderConstants()
    boosters = dict.fromkeys(grammar["strengthen"], constants.B_INCR)
    assert boosters | dict.fromkeys(grammar["weaken"], constants.B_DECR) == constants.BOOSTER_DICT
    assert set(grammar["negators"]) == constants.NEGATE
    assert grammar["idioms"] == constants.SPECIAL_CASE_IDIOMS
    assert grammar["punctuation"] == constants.PUNC_LIST
    numbers = constants.B_INCR, constants.C_INCR, constants.N_SCALAR
    assert (grammar["booster"], grammar["capitals"], grammar["negation"]) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a", "!", "x y", "table", "good", "GOOD", "GOOD DAY", "a GOOD day", "not good", "not a GOOD day!!!!!",
        "never so good", "never this good", "so good", "it is so good", "this good", "that was never so very good",
        "without doubt good", "least good", "at least good", "very least good", "the least good", "kind of good",
        "it was kind of good", "he is kind", "of a kind", "kind of", "just enough good here", "sort of very nice",
        "he is a bad ass", "well it was the bomb", "it was the shit here", "could they cut the mustard there",
        "it was the kiss of death for him", "living hand to mouth is hard", "yeah right", "oh so yeah right there",
        "good but bad", "good BUT bad but good", "but good", "good but", "bad but not good", "good good not good",
        "not good and not good", '"peace"', "(war)", "peace.", 'peace."', "war-torn", "U.S. win", "don't help",
        "don’t help", "isn't it great?", "why?? really???", "what???? now", "no war", "no no no", ":) nice :D",
        "fucking good", "FUCKING good", "this is VERY good", "this is VERY bad", "ÄRGER GOOD ärger", "good\u00a0bad",
        "good\u2028bad", "x good", "'good'", "''good''", "!good", "?!?good", "good?!?!", "-good-",
        "ﬁne GOOD", "İyi good",
    ],
)  # fmt: skip
def test_scores_are_those_of_nltk(text):
    same(text)


GRAMMAR_EXTRA = "so this never least at very but kind of good bad war peace great no x the table harbour U.S. :)"
GRAMMAR_WORDS = sorted(
    {word for entry in VaderConstants.BOOSTER_DICT for word in entry.split()}
    | {word for entry in VaderConstants.SPECIAL_CASE_IDIOMS for word in entry.split()}
    | VaderConstants.NEGATE
    | set(GRAMMAR_EXTRA.split())
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "", "", '"', "(", "'", "-", "!"]),
            st.sampled_from(GRAMMAR_WORDS),
            st.sampled_from([str, str, str, str.upper, str.title]),
            st.sampled_from(["", "", "", ".", ",", "!", "?", "??", "!!", "...", "'s", '"', "’s"]),
        ),
        max_size=14,
    )
)
def test_scores_are_those_of_nltk_for_generated_sentences(parts):
    same(" ".join(before + case(word) + after for before, word, case, after in parts))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_scores_are_those_of_nltk_for_any_text(text):
    same(text)


@pytest.mark.skipif(not BENCHMARKS.exists(), reason="the benchmark texts are not here")
@pytest.mark.parametrize("name", ["newsmtsc_train", "nyt_tone_dev", "newsquant_dev", "frames_dev"])
def test_scores_are_those_of_nltk_on_news(name):
    lines = (BENCHMARKS / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    texts = [json.loads(line)["text"] for line in lines if line]
    for text in random.Random(5).sample(texts, min(400, len(texts))):
        same(text)
        same(valences.level(language.fold(text)))


def test_lexicon_with_another_hash_is_refused():
    with pytest.raises(corpus.Refused, match=r"SHA-256 is .* not 00"):
        vader.package_text("vaderSentiment", "vader_lexicon.txt", "00")


# typography -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Peace”, he said.", " Peace , he said."),
        ("They don’t help.", "They don't help."),
        ("‘No’ to war…", " No  to war "),
        ("the workers’ war—again", "the workers  war again"),
        ("war... (really).", "war.    really ."),
        ("It costs 3.50; fine", "It costs 3.50; fine"),
        ("good!!", "good!!"),
    ],
)
def test_typography_is_levelled_at_equal_length(text, expected):
    assert valences.level(language.fold(text)) == expected
    assert len(expected) == len(text)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet=st.sampled_from("good war not .,;:!?'\"’“”()—–…-\n\u00a0\u2003\x1fÄé"), max_size=80))
def test_any_text_is_coded_and_every_score_is_the_sum_of_its_rows(text):
    doc = document(text)
    sentences, terms, _ = sentiment.code(doc, STUDY)
    assert len(valences.level(doc.folded)) == len(text)
    for row in sentences:
        mine = [term for term in terms if term["sentence"] == row["sentence"]]
        for score, column in (("vader_compound", "valence_in_context"), ("vader_masked", "valence_masked")):
            total = sum(term.get(column, 0) for term in mine)
            total += math.copysign(row["emphasis"], total) if total else 0
            assert abs(row[score] - total / math.sqrt(total * total + 15)) < 1.1e-4
        afinn = sum(term.get("afinn", 0) for term in mine)
        assert row["afinn"] == pytest.approx(afinn / math.sqrt(row["n_words"]), abs=1e-4)
        plain = vader.scores(valences.level(doc.folded)[row["start"] : row["end"]])
        assert row["vader_compound"] == plain["compound"]
    for term in terms:
        assert doc.text[term["start"] : term["end"]] == term["term"] != ""


# masking --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("The war was a terrible failure.", "The thing was a terrible failure."),
        ("War is not peace, said the good mayor.", "Thing is not thing, said the good mayor."),
        ("No WAR for the good people!", "No THING for the good people!"),
        ("The envoys of the United Harbours smiled.", "The envoys of the Thing Harbours smiled."),
        ("The Court of Justice and the Security Panel won.", "The Court of Thing and the Thing Panel won."),
        ("United Harbours is united with us.", "Thing Harbours is united with us."),
        ("Good Arkadian bread wins.", "Good Arkadian bread wins."),
        ("Peaceful war games.", "Thing thing games."),
        ("A kind war on great terror.", "A kind thing on great terror."),
    ],
)
def test_masked_score_is_the_score_of_the_sentence_with_a_neutral_word(text, masked):
    (row,), _, _ = coded(text)
    assert row["vader_compound"] == REFERENCE.polarity_scores(text)["compound"]
    assert row["vader_masked"] == REFERENCE.polarity_scores(masked)["compound"]


def test_lexicon_words_become_rows_with_rules():
    _, terms, _ = coded("The war was not very good, but “peace” won.")
    assert [(t["term"], t["valence"], t["rule"], t["is_topic"]) for t in terms] == [
        ("war", -2.9, "but", 1), ("good", 1.9, "booster+negation+but", 0), ("peace", 2.5, "booster+but", 1),
        ("won", 2.7, "but", 0),
    ]  # fmt: skip


# targets --------------------------------------------------------------------------------------------------------------


def test_clause_ends_at_quotation_marks_semicolons_and_dashes():
    text = "Mira Lund smiled; “Arkady is a disgrace,” said Bora — and Lund, who won, left."
    _, _, rows = coded(text)
    assert [(t["target"], text[t["clause_start"] : t["clause_end"]], t["voice"]) for t in rows] == [
        ("mira", "Mira Lund smiled", "outlet"),
        ("arkady", "Arkady is a disgrace,", "quoted"),
        ("mira", " and Lund, who won, left.", "outlet"),
    ]
    assert [t["vader_clause"] > 0 for t in rows] == [True, False, True]


def test_no_target_inside_a_longer_name_or_word():
    text = "The Arkady Times wrote of Arkadians and Lundberg. The Arkadian press wept."
    assert [text[t["start"] : t["end"]] for t in coded(text)[2]] == ["Arkadian"]


def test_a_title_and_the_name_after_it_are_one_mention():
    text = "Mira Lund Lund won; Arkadian Arkady Bora."
    assert [text[t["start"] : t["end"]] for t in coded(text)[2]] == ["Mira Lund Lund", "Arkadian Arkady"]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Voters praised Lund for her courage.", 1),
        ("Lund was accused of lying about the bribes.", -1),
        ("Lund spoke at noon on Tuesday.", 0),
    ],
)
def test_trained_model_tells_praise_from_blame(text, sign):
    study = codebook.Codebook(actors=STUDY.actors, sentiment={"targets": ["mira"], "model": True})
    (row,) = coded(text, study)[2]
    assert (row["model"] > 0) - (row["model"] < 0) == sign
    assert -1 <= row["model"] <= 1


def test_features_of_a_mention_can_be_read():
    text = "The mayor praised Mira Lund, who later won in Ostend."
    doc = document(text)
    sentences, terms, rows = sentiment.code(doc, STUDY)
    near = targets.near(doc, rows[0], sentences, terms, [t["start"] for t in terms])
    words = {name: value for name, value in near.items() if name[0] in "<>"}
    assert words == {
        "<<praise*": 1, "<praise*": 1, "<mayor": 0.8, "<the": 1 / 1.5,
        ">>who": 1, ">who": 1, ">later": 0.8, ">won": 1 / 1.5, ">in": 1 / 1.75,
    }  # fmt: skip


def test_mentions_of_the_article_are_targets():
    (row,) = coded("The mayor won.", mentions=((4, 9, "target"),))[2]
    assert (row["target"], row["start"], row["end"], row["vader_clause"]) == ("target", 4, 9, 0.5719)


# lexicons -------------------------------------------------------------------------------------------------------------


def test_own_lexicon_is_read_and_scored(tmp_path):
    (tmp_path / "plus.txt").write_text("; made up\nharbour*\nbread\n", encoding="utf-8")
    (tmp_path / "minus.txt").write_text("fog\n", encoding="utf-8")
    study = codebook.Codebook(
        study={"folder": str(tmp_path)},
        sentiment={"lexicons": [{"id": "huliu", "positive": "plus.txt", "negative": "minus.txt"}]},
    )
    (row,), terms, _ = coded("Harbours, bread and fog; no bread.", study)
    assert [(t["term"], t["huliu"]) for t in terms if t["huliu"] is not None] == [
        ("Harbours", 1.0), ("bread", 1.0), ("fog", -1.0), ("bread", 1.0)
    ]  # fmt: skip
    assert row["huliu"] == round(2 / math.sqrt(6), 4)


@pytest.mark.parametrize(
    ("settings_", "message"),
    [
        ({"id": "other"}, "id must be one of"),
        ({"id": "own"}, "give positive and negative"),
        ({"id": "own", "valences": "none.tsv"}, "none.tsv"),
        ({"id": "own", "valences": "bad.tsv"}, r"bad.tsv, line 2"),
    ],
)
def test_broken_lexicon_is_refused(tmp_path, settings_, message):
    (tmp_path / "bad.tsv").write_text("good\t1\nbad\n", encoding="utf-8")
    with pytest.raises(corpus.Refused, match=message):
        lexicons.read(settings_, tmp_path)


def test_a_word_said_twice_running_has_a_place_of_its_own_each_time():
    article = corpus.Article("a", "Good roads, good roads and a good good harbour.")
    document = language.Document(article, cleaning.plain(article))
    _, terms, _ = sentiment.code(document, codebook.Codebook())
    good = [t["start"] for t in terms if t["term"].lower() == "good"]
    assert good == [0, 12, 29, 34]


@given(st.floats(-9, 9), st.sampled_from((3, 4)))
@example(0.0005, 3)
@example(-0.00004, 4)
@example(0.12345, 4)
def test_rounded_is_round_to_the_last_bit(value, digits):
    assert repr(vader.rounded(value, digits)) == repr(round(value, digits))
