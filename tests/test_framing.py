from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import cleaning, codebook, coding, framing, language, sources, stance, terms
from helpers.corpus import Article

STUDY = Path(__file__).parents[1] / "seeds" / "codebook.toml"

# Another topic, to show that no frame lives in the code: who is called a climate champion.
OTHER = codebook.Codebook(
    actors=(codebook.Actor("marlow", "Marlow", "organisation", ("Marlow Energy", "Marlow")),),
    frames=(
        codebook.Frame("champion", "champion", "green", "core", "", ("climate champion*", "green pioneer*"), role=True),
        codebook.Frame("wash", "greenwashing", "counter", "core", "", ("greenwash*",)),
        codebook.Frame("cut", "cut", "green", "core", "", ("offset*",), ambiguous=("offset*",)),
    ),
    framing=codebook.Framing(near=("carbon", "emission*"), far=("printing",)),
)


@cache
def study():
    return codebook.read(STUDY)


def code(text, book=None, *, plain=True):
    """The rows of table frames for one article."""
    book = book or study()
    article = Article("a", text)
    document = language.Document(article, cleaning.plain(article) if plain else cleaning.label(article))
    return framing.code(document, book, *sources.code(document, book))


def one(text, book=None):
    rows = [r for r in code(text, book) if r["family"] != "counter" and r["tier"] == "core"]
    assert len(rows) == 1, [r["term"] for r in rows]
    return rows[0]


# what counts ----------------------------------------------------------------------------------------------------------

FOUND = [
    ("Orlu sees itself as a peace broker in the war.", ["peace broker"]),
    ("Peace-brokers came, and peacebrokers left the war.", ["Peace-brokers", "peacebrokers"]),
    ("A ceasefire, a cease-fire and a cease fire failed.", ["ceasefire", "cease-fire", "cease fire"]),
    ("The peace\u00a0makers of Hask met the peace‑maker of Brenn.", ["peace\u00a0makers", "peace‑maker"]),
    ("Hoped-for peace talks began in Hask.", ["peace talks"]),
    ("The immediate answer was no.", []),
    ("She read “War and Peace” on the train.", []),
    ("Ada Roe of the Hask Institute for International Peace spoke on peace talks.", ["peace talks"]),
    ("He works at the Brenn Memorial for Peace in Hask.", []),
    ("May he rest in peace, for peace of mind is rare.", []),
    ("They had a plan for talks about the war after the cold war.", []),
    ("The armed forces kept an arms embargo.", []),
    ("The host opened a charm offensive.", []),
    ("Soldiers met at the ceasefire line near the truce village.", []),
    ("A court ordered mediation between the bank and its clients.", []),
    ("The lawyer asked an intermediary to give the memo to reporters.", []),
    ("The rebels asked an intermediary to carry word to the army.", ["intermediary"]),
    ("Lena Peacemaker, who sells shoes, said she was tired of the weather this year.", []),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_terms_in_all_spellings_and_nothing_else(text, expected):
    assert [r["term"] for r in code(text) if r["tier"] == "core"] == expected


ARMS = [
    ("Orlu might supply rockets and other heavy weapons to the rebels.", ["counter_arming"]),
    ("Orlu buys weapons from abroad.", []),
    ("Orlu refused to condemn the attack.", ["counter_enabler"]),
]


@pytest.mark.parametrize(("text", "expected"), ARMS)
def test_counter_frames_need_their_direction(text, expected):
    assert [r["frame"] for r in code(text)] == expected


def test_a_frame_of_one_actor_is_not_coded_of_another():
    assert [r["actor"] for r in code("Xi Jinping began a charm offensive.")] == ["Xi Jinping"]
    assert code("Vladimir Putin began a charm offensive.") == []


def test_an_anaphor_needs_a_determiner_and_an_antecedent_within_two_paragraphs():
    text = (
        "Orlu has a peace plan.\n\nThe plan is long. They plan to stay.\n\nRain fell.\n\nIt fell.\n\nThe plan is old."
    )
    assert [(r["term"], r["tier"], r["paragraph"]) for r in code(text)] == [
        ("peace plan", "core", 1),
        ("plan", "anaphor", 2),
    ]


def test_rows_outside_the_body_have_a_zone_and_no_sentence():
    text = "Skip to content\n\nA peacemaker in Hask\n\nBy Ada Roe\n\nThe truce in the war held.\n"
    rows = code(text, plain=False)
    body = [r for r in rows if r["zone"] == "body"]
    assert all(r["sentence"] for r in body)
    assert all(r["sentence"] is None and r["paragraph"] is None for r in rows if r not in body)


# stance ---------------------------------------------------------------------------------------------------------------

STANCES = [
    ("Orlu is a peacemaker.", "asserted"),
    ("In her role as a peacemaker she travels.", "asserted"),
    ("The truce took effect in the valley after the war.", "asserted"),
    ("Orlu is no peacemaker.", "negated"),
    ("Orlu is not only a peacemaker.", "asserted"),
    ("Orlu is without doubt no peacemaker.", "negated"),
    ("The peace talks collapsed.", "negated"),
    ("The peace plan, meanwhile, is a non-starter.", "negated"),
    ("Orlu denied that Hask had asked for a ceasefire.", "negated"),
    ("A ceasefire that Kalin rejected was signed by others.", "asserted"),
    ("Orlu never came, and a ceasefire holds.", "asserted"),
    ("Orlu could host a ceasefire.", "hedged"),
    ("Orlu may stay away, because the ceasefire holds.", "asserted"),
    ("Orlu calls for a ceasefire.", "hedged"),
    ("Rain will fall if the ceasefire holds.", "hedged"),
    ("Orlu wants to be seen as a peacemaker.", "distanced"),
    ("Orlu could position itself as a peacemaker.", "distanced"),
    ("Her so-called peace talks began.", "distanced"),
    ("Orlu has polished its peacemaker image.", "distanced"),
    ('Orlu published its "peace plan" on Monday.', "distanced"),
    ("Is Orlu a peacemaker or a party to the war?", "questioned"),
    ("It is unclear whether Orlu wants a ceasefire.", "questioned"),
    ("Peacemaker or profiteer?", "questioned"),
    ("What does the peace plan say?", "asserted"),
]


@pytest.mark.parametrize(("text", "expected"), STANCES)
def test_stance(text, expected):
    assert one(text)["stance"] == expected


def test_the_cue_can_be_found_in_the_text():
    text = "Rain fell. Orlu could position itself as a peacemaker."
    row = one(text)
    assert text[row["cue_start"] : row["cue_end"]] == "position itself as"
    assert (row["polarity"], row["certainty"], row["distanced"], row["questioned"]) == ("+", "hedged", 1, 0)


def test_stance_is_read_off_the_facets_in_order():
    worst = stance.Facets("-", "hedged", 1, 1)
    assert stance.label(worst, "outlet") == "questioned"
    assert stance.label(worst._replace(questioned=0), "outlet") == "negated"
    assert stance.label(worst._replace(questioned=0, polarity="+"), "outlet") == "distanced"
    assert stance.label(stance.Facets(certainty="hedged"), "official") == "hedged"


def test_clauses_do_not_reach_into_each_other():
    text = "orlu did not come, but kosta, who may stay, said that the truce holds; nobody left."
    parts = [text[c.start : c.end] for c in stance.clauses(text, 0, len(text))]
    assert parts[0] == "orlu did not come"
    assert parts[-1] == "nobody left."
    assert next(c for c in stance.clauses(text, 0, len(text)) if c.opener == "that").completes


# voice ----------------------------------------------------------------------------------------------------------------

VOICES = [
    ("Orlu is a peacemaker.", "outlet", "asserted"),
    ("“Orlu is a peacemaker,” said Ada Roe, a baker.", "other", "quoted_claim"),
    ("Foreign minister Ada Roe said that Orlu was a peacemaker.", "official", "quoted_claim"),
    (
        "“Orlu is a peacemaker,” said Ada Roe, a professor of history at the University of Hask.",
        "expert",
        "quoted_claim",
    ),
    ("As Orlu plays the peacemaker, analysts said the war would go on.", "outlet", None),
    (
        "Despite Orlu's efforts to present itself as a peacemaker, some observers said nothing new.",
        "outlet",
        "distanced",
    ),
    ("In China's telling, the visitor was a peacemaker.", "official", "distanced"),
    ("Foreign minister Ada Roe has shown a clear desire for a peace deal.", "outlet", "hedged"),
    ("Foreign minister Ada Roe offered to host peace talks.", "outlet", "hedged"),
    ("A man in the crowd shouted “fake peacemaker” at the car.", "other", "negated"),
]


@pytest.mark.parametrize(("text", "voice", "expected"), VOICES)
def test_voice(text, voice, expected):
    row = one(text)
    assert row["voice"] == voice
    assert expected in (None, row["stance"])


def test_the_speaker_is_named_and_chained():
    row = one("“Orlu is a peacemaker,” said Ada Roe, a professor of history at the University of Hask.")
    assert row["source_id"]
    assert row["chain"] == "Ada Roe"


# evaluation and actor -------------------------------------------------------------------------------------------------

EVALUATIONS = [
    ("Orlu brokered a truce in the war.", "neutral"),
    ("Orlu brokered a historic truce in the war.", "support"),
    ("Orlu's hollow peace plan came late.", "undermine"),
    ("Orlu's historic but hollow peace plan came late.", "undermine"),
    ("Orlu is not a peacemaker.", "undermine"),
    ("There was no ceasefire.", "neutral"),
    ("Orlu, a peacemaker, refused to condemn the attack.", "undermine"),
    ("Kosta said that Orlu was committed to the peace talks.", "support"),
    ("Orlu was committed to the peace talks.", "neutral"),
]


@pytest.mark.parametrize(("text", "expected"), EVALUATIONS)
def test_evaluation(text, expected):
    assert one(text)["evaluation"] == expected


ACTORS = [
    ("China’s peace plan is long.", "China", "possessive"),
    ("After the war Vladimir Putin might paint himself as a mediator.", "Vladimir Putin", "reflexive"),
    ("Xi Jinping left. On the way he called for a ceasefire.", "Xi Jinping", "pronoun"),
    ("Russia wants to cast China as a peacemaker.", "China", "object"),
    ("After a year Russia accepted a ceasefire.", "Russia", "subject"),
    ("Orlu's peace plan is long.", "Orlu", "possessive"),
    ("A peace plan is long.", None, None),
]


@pytest.mark.parametrize(("text", "name", "rule"), ACTORS)
def test_actor(text, name, rule):
    row = one(text)
    assert (row["actor"], row["actor_rule"]) == (name, rule)


# any codebook, any text -----------------------------------------------------------------------------------------------

TOPIC = [
    ("Marlow Energy cast itself as a climate champion.", ["distanced"]),
    ("Marlow is no green pioneer.", ["negated"]),
    ("“Marlow is a climate-champion,” said Ada Roe, a baker.", ["quoted_claim"]),
    ("Critics called it greenwashing.", ["asserted", "quoted_claim"]),
    ("It bought carbon offsets.", ["asserted"]),
    ("Offsets are used in printing.", []),
    ("The peacemaker signed a truce.", []),
]


@pytest.mark.parametrize(("text", "expected"), TOPIC)
def test_another_topic_needs_another_codebook_and_no_other_code(text, expected):
    found = [r["stance"] for r in code(text, OTHER)]
    assert len(found) == min(1, len(expected))
    assert all(f in expected for f in found)


def test_a_codebook_without_frames_codes_nothing():
    assert code("A peacemaker signed a truce.", codebook.Codebook()) == []


PIECES = [
    "peacemaker",
    "truce",
    "not ",
    "“",
    "”",
    '"',
    " said ",
    "Xi ",
    "?",
    ". ",
    "\n",
    "if ",
    ", but ",
    "could ",
    "’s ",
]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30).map("".join))
def test_any_text_is_coded_and_every_offset_leads_to_its_words(text):
    for row in code(text):
        assert text[row["start"] : row["end"]] == row["term"]
        assert row["stance"] in stance.STANCES
        assert row["voice"] in ("outlet", "official", "expert", "other")
        assert row["evaluation"] in ("support", "neutral", "undermine")
        assert set(row) <= set(coding.TABLES["frames"])
        for a, b in (("cue_start", "cue_end"), ("evaluation_cue_start", "evaluation_cue_end")):
            assert (row[a] is None) == (row[b] is None)
            assert row[a] is None or 0 <= row[a] < row[b] <= len(text)


@given(st.lists(st.sampled_from(["sea", "seal", "sea lion*", "lion/lioness", "a … b"]), min_size=1, unique=True))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_one_tree_finds_what_each_term_finds(some):
    text = "sea seal sea lions sealion lioness a x b lion"
    together = {m.span() for m in terms.finder(some).finditer(text)}
    apart = {m.span() for t in some for m in terms.finder([t]).finditer(text)}
    assert together <= apart
    assert {a for a, _ in together} <= {a for a, _ in apart}


def test_terms_find_both_spellings_of_english():
    assert terms.finder(["sabre rattl*"]).fullmatch("saber-rattling")
    assert terms.finder(["neighborly"]).fullmatch("neighbourly")
    assert not terms.finder(["mediat*"]).search("immediate")


def test_a_long_line_is_coded_to_its_end():
    text = "The peacemaker said that it could not, " * 400
    rows = code(text)
    assert len(rows) == 400


@pytest.mark.parametrize("blank", [" ", "-", ""])
def test_the_screen_lets_every_spelling_of_every_term_through(blank):
    some = [term for frame in study().frames for term in frame.terms + frame.anaphors] + ["send … arms", "be/is at war"]
    screen = terms.Screen([(term, i) for i, term in enumerate(some)])
    for i, term in enumerate(some):
        for spelling in terms.spellings(term):
            text = blank.join(spelling.split()).replace("*", "ly").replace("…", " them many ")
            found = [screen.parts(string) for string in text.split()]
            assert any(longest >> i & 1 for longest, _ in found), text
            assert any(second >> i & 1 for _, second in found), text
    assert screen.parts("xylophone") == (0, 0)
