"""Who speaks: rules of attribution, sources, voices. All texts are invented."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import cleaning, codebook, language, segments, sources, speech, standing, tiers
from helpers.corpus import Article

BOOK = codebook.Codebook(
    actors=(
        codebook.Actor("roe", "Ada Roe", "person", ("Ada Roe", "Roe"), country="Orlu", central=True),
        codebook.Actor("lund", "Ben Lund", "person", ("Ben Lund", "Lund"), country="Vell", central=True),
    )
)


def code(text, book=codebook.Codebook(), **meta):  # noqa: B008
    article = Article("a", text, meta=meta)
    document = language.Document(article, cleaning.plain(article))
    return document, *sources.code(document, book)


def said(text, book=codebook.Codebook()):  # noqa: B008
    """(speaker, cue, kind, content) of every row."""
    _, quotes, _ = code(text, book)
    return [(q["speaker"], q["cue"], q["kind"], _content(text, q)) for q in quotes]


def _content(text, row):
    return " … ".join(text[int(a) : int(b)] for a, b in (s.split("-") for s in row["spans"].split(";")))


CASES = {
    "quotation, name, verb": (
        "“We will not go home this year,” Ada Roe said.",
        [("Ada Roe", "said", "direct", "“We will not go home this year,”")],
    ),
    "a dash before all else": (
        " - Ada Roe said the ferry was late.",
        [("Ada Roe", "said", "indirect", "the ferry was late")],
    ),
    "a control character is no quotation": (
        "The ferry \x02 was late, Ada Roe said.",
        [("Ada Roe", "said", "indirect", "The ferry \x02 was late")],
    ),
    "quotation, verb, name and role": (
        '"We will stay," said Ada Roe, a fellow at the Orlu Institute.',
        [("Ada Roe", "said", "direct", '"We will stay,"')],
    ),
    "question mark inside the marks before a small verb": (
        "“Who will pay for it?” asked Ada Roe.",
        [("Ada Roe", "asked", "direct", "“Who will pay for it?”")],
    ),
    "exclamation closes the quotation, the tag is a sentence": (
        "“It is gone!” Roe said.",
        [("Roe", "said", "direct", "“It is gone!”")],
    ),
    "two quotations around one cue are one row": (
        "“It is late,” Roe said. “Nobody will come any more.”",
        [("Roe", "said", "direct", "“It is late,” … “Nobody will come any more.”")],
    ),
    "bare clause": ("Roe said the plan was dead.", [("Roe", "said", "indirect", "the plan was dead")]),
    "clause with that, adverbs": (
        "The minister also repeatedly warned that prices would rise.",
        [("The minister", "also repeatedly warned", "indirect", "that prices would rise")],
    ),
    "fragment in marks": (
        "Roe said the plan was “dead on arrival”.",
        [("Roe", "said", "mixed", "the plan was “dead on arrival”")],
    ),
    "label in marks": ("Roe called it “a farce”.", [("Roe", "called", "partial", "it “a farce”")]),
    "clause before its cue": (
        "The bridge will be closed in May, officials said.",
        [("officials", "said", "indirect", "The bridge will be closed in May")],
    ),
    "cue as an aside": (
        "Instead, Roe said, the bridge will stay.",
        [("Roe", "said", "indirect", "Instead … the bridge will stay")],
    ),
    "verb before the speaker, no marks": (
        "The market is calmer than it was, says Ada Roe, who studies grain at Vell University.",
        [("Ada Roe", "says", "indirect", "The market is calmer than it was")],
    ),
    "aside between name and verb": (
        "Ada Roe, a grain trader in Vell, says that prices fell.",
        [("Ada Roe", "says", "indirect", "that prices fell")],
    ),
    "bracket after the name": (
        "“We are ready to leave,” Sen. Ada Roe (O-Vell) said.",
        [("Sen. Ada Roe (O-Vell)", "said", "direct", "“We are ready to leave,”")],
    ),
    "addressee": (
        "Roe told reporters on Monday that the talks had failed.",
        [("Roe", "told", "indirect", "that the talks had failed")],
    ),
    "participle goes on with the speaker": (
        "“It is over,” Roe said, adding that nobody had won.",
        [("Roe", "said", "direct", "“It is over,”"), ("Roe", "adding", "indirect", "that nobody had won")],
    ),
    "colon in the middle": (
        "The war cost too much, Roe argued, concluding: “Nobody gains from it in the end.”",
        [
            ("Roe", "argued", "indirect", "The war cost too much"),
            ("Roe", "concluding", "direct", "“Nobody gains from it in the end.”"),
        ],
    ),
    "according to, first": (
        "According to the Orlu Post, the dam broke at night.",
        [("the Orlu Post", "According to", "indirect", "the dam broke at night")],
    ),
    "according to, last": (
        "The dam broke at night, according to two engineers.",
        [("two engineers", "according to", "indirect", "The dam broke at night")],
    ),
    "noun of speech": (
        "Lund rejected Roe’s claim that the dam was safe.",
        [
            ("Lund", "rejected", "indirect", "Roe’s claim that the dam was safe"),
            ("Roe", "claim", "indirect", "that the dam was safe"),
        ],
    ),
    "telling": (
        "In Roe's telling, the dam was never safe.",
        [("Roe's", "In Roe's telling", "indirect", "the dam was never safe")],
    ),
    "quotation, dash, name": (
        "“We came here to win and we will.” — Ada Roe",
        [("Ada Roe", "—", "direct", "“We came here to win and we will.”")],
    ),
    "a verb no list holds": (
        "“You will all regret this day,” Roe thundered.",
        [("Roe", "thundered", "direct", "“You will all regret this day,”")],
    ),
    "title of a programme is no quotation of the speaker": (
        "On “Vell Tonight,” Roe said that the dam was safe.",
        [("Roe", "said", "indirect", "that the dam was safe")],
    ),
    "noun that looks like a verb": ("The reports from Vell and its claims cost money.", []),
    "participle before a noun": ("The proposed dam near the united towns was built.", []),
    "infinitive is no speech": ("It was too late to say much more about the town.", []),
    "plural subject of a base form": (
        "Critics say the dam leaks.",
        [("Critics", "say", "indirect", "the dam leaks")],
    ),
    "a name after its role": (
        "The mayor of Vell, Ada Roe, said the dam was safe.",
        [("The mayor of Vell, Ada Roe", "said", "indirect", "the dam was safe")],
    ),
    "a name after its role, after the verb": (
        "“It is safe,” said the town's mayor, Ada Roe.",
        [("the town's mayor, Ada Roe", "said", "direct", "“It is safe,”")],
    ),
    "a name after its role, after according to": (
        "According to the mayor of Vell, Ada Roe, the dam is safe.",
        [("the mayor of Vell, Ada Roe", "According to", "indirect", "the dam is safe")],
    ),
    "an aside with commas of its own": (
        "Ada Roe, who lost her house in Lund, Vell, in May, said that it would rain.",
        [("Ada Roe", "said", "indirect", "that it would rain")],
    ),
    "a participle after the noun": (
        "A letter published Friday said the dam was safe.",
        [("A letter", "Friday said", "indirect", "the dam was safe")],
    ),
    "shares of people": (
        "Four in 10 voters say it leaks. About one in five say it is safe.",
        [
            ("Four in 10 voters", "say", "indirect", "it leaks"),
            ("About one in five", "say", "indirect", "it is safe"),
        ],
    ),
    "an attitude inside another's report is the reporter's claim": (
        "Roe said Lund opposes the dam.",
        [("Roe", "said", "indirect", "Lund opposes the dam")],
    ),
    "speech inside another's report is a row of its own": (
        "Roe said Lund told him that it leaks.",
        [("Roe", "said", "indirect", "Lund told him that it leaks"), ("Lund", "told", "indirect", "that it leaks")],
    ),
    "a time before the subject": (
        "Earlier this week, Roe met Lund, saying that it leaks.",
        [("Roe", "saying", "indirect", "that it leaks")],
    ),
    "as somebody noted": (
        "As Ada Roe noted, the dam was unsafe. It leaked, as reported by the Vell Post.",
        [
            ("Ada Roe", "noted", "indirect", "the dam was unsafe"),
            ("the Vell Post", "reported by", "indirect", "It leaked"),
        ],
    ),
    "an aside between dashes": (
        "Roe — who lives in Vell — told the Post she would leave.",
        [("Roe", "told", "indirect", "she would leave")],
    ),
    "a clause with who before the verb": (
        "People who met Roe say the dam leaks.",
        [("People", "say", "indirect", "the dam leaks")],
    ),
    "an object is no speaker after the verb": (
        "Authorities in Vell, the town next to Lund, announced new rules.",
        [("Authorities in Vell", "announced", "indirect", "new rules")],
    ),
    "question, name, verb, whoever is asked": (
        "“Who will pay for it?” Roe asked Orlish politicians.",
        [("Roe", "asked", "direct", "“Who will pay for it?”")],
    ),
    "a poll out on a day": (
        "The Orlu poll out Monday showed the dam was loved.",
        [("The Orlu poll", "Monday showed", "indirect", "the dam was loved")],
    ),
    "told by": (
        "Lund was told by two engineers that it leaks, and left.",
        [("two engineers", "was told by", "indirect", "that it leaks")],
    ),
    "a clause that begins with this": (
        "Others say this is a small leak.",
        [("Others", "say", "indirect", "this is a small leak")],
    ),
    "the reporter's while-clause": (
        "While the dam still stands, some observers said the river would win.",
        [("some observers", "said", "indirect", "the river would win")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rule(name):
    text, expected = CASES[name]
    assert said(text) == expected


def test_paragraphs_of_one_quotation_share_its_speaker():
    text = "“We came at night,” Roe said. “The road was\n\n“gone and nobody knew the way home.”"
    _, quotes, _ = code(text)
    assert [(q["speaker"], len(q["spans"].split(";"))) for q in quotes] == [("Roe", 3)]


def test_cue_with_colon_opens_the_next_paragraph():
    assert said("Roe said:\n\n“The road was gone and nobody knew the way.”") == [
        ("Roe", "said", "direct", "“The road was gone and nobody knew the way.”")
    ]


def test_transcript_turns_are_the_speakers_own():
    text = "LUND: Will you go home now?\nROE: I said I would think about it.\nLUND: Good."
    assert [(q[0], q[3]) for q in said(text)] == [
        ("LUND", "Will you go home now?"),
        ("ROE", "I said I would think about it."),
        ("LUND", "Good."),
    ]


def test_dateline_is_no_speaker():
    assert said("VELL: The dam broke on Monday and the town was flooded.") == []


def test_quotation_without_speaker_stays_without():
    _, quotes, people = code("The walls were painted. “Nobody owns the river here” was everywhere.\n\nIt rained.")
    assert [(q["speaker"], q["tier"], q["rule"]) for q in quotes] == [(None, "D", "unattributed")]
    assert people == []


def test_a_preposition_in_ing_is_no_cue():
    _, quotes, _ = code("The songs she learnt were old, including “Rain over the harbour of Vell”.")
    assert [q["speaker"] for q in quotes] in ([], [""], [None])


def test_label_of_fewer_than_four_words_is_no_quotation():
    assert said("The so-called “river plan” was shelved.") == []


def test_stance_without_a_clause_is_borderline_speech_is_core():
    _, quotes, _ = code("Roe supports the dam. Lund said the dam leaks. Roe did not say that it was safe.")
    assert [q["status"] for q in quotes] == ["borderline", "core", "borderline"]


def test_nested_row_names_the_outer_source():
    _, quotes, _ = code("According to the Vell Post, Ada Roe said the dam was safe.")
    assert [(q["source_id"], q["via"]) for q in quotes] == [("vell-post", None), ("ada-roe", "vell-post")]


def test_quoted_words_are_counted_once():
    _, quotes, _ = code("Roe said the plan was “dead on arrival” for [all] of “us here”.")
    assert [(q["n_words"], q["n_quoted_words"]) for q in quotes] == [(11, 5)]


# sources --------------------------------------------------------------------------------------------------------------


def one(text, **meta):
    _, _, rows = code(text, **meta)
    assert len(rows) == 1, [r["name"] for r in rows]
    return rows[0]


def test_full_name_surname_title_and_pronoun_are_one_source():
    text = "Ada Roe, a fellow in Orlu, said it would rain. Ms. Roe added that she had no boat. “I swim,” she said."
    row = one(text)
    assert (row["name"], row["gender_in_text"], row["n_indirect"], row["n_direct"]) == ("Ada Roe", "she", 2, 1)


def test_full_name_may_come_after_the_statement():
    _, quotes, _ = code("“It leaks,” Roe said on Monday. The dam is old, said Ada Roe, an engineer.")
    assert {q["source_id"] for q in quotes} == {"ada-roe"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Vell's ministry of rain said it was dry. “It rains,” the ministry said.", 2),
        ("Vell's rain ministry said it was dry. “It rains,” the ministry said.", 1),
        ("Ada Roe, the mayor of Vell, said it leaks. The mayor added that rain would come.", 1),
        ("President Ada Roe said it leaks. President Ben Lund said it holds. The president said it was late.", 3),
    ],
)
def test_a_description_stands_for_the_only_one_it_fits(text, ids):
    _, quotes, _ = code(text)
    assert len({q["source_id"] for q in quotes}) == ids


STANDING = {
    "aside with institution": (
        "Ada Roe, a senior fellow at the Vell Institute for Rivers, said it would rain.",
        ("senior fellow", "Vell Institute for Rivers", "think_tank", "head_noun", 0),
    ),
    "acronym in brackets": (
        "“It leaks,” said Ada Roe, a sociologist at the Vell State University (VSU).",
        ("sociologist", "Vell State University (VSU)", "academic", "head_noun", 0),
    ),
    "office before the name": (
        "German Foreign Minister Ada Roe said it would rain.",
        ("German Foreign Minister", "", "government", "", 0),
    ),
    "who studies": (
        "The river wins, suggests Ada Roe, who studies water at the University of Vell.",
        ("who studies water", "University of Vell", "academic", "activity", 0),
    ),
    "former": (
        "The river wins, says Ada Roe, a former French spy in Vell.",
        ("former French spy", "", "government", "former_official", 1),
    ),
    "copula": (
        "Ada Roe said it would rain. Ada Roe is founder of the Vell Firm, a consulting firm.",
        ("founder", "Vell Firm", "company", "", 0),
    ),
    "before the name": (
        "A professor of politics at Vell University, Ada Roe, said it would rain.",
        ("professor of politics", "Vell University", "academic", "head_noun", 0),
    ),
    "whose office": (
        "The council met. Its envoy, Ada Roe, said it would rain.",
        ("envoy", "", "government", "", 0),
    ),
    "serving officials are no experts": (
        "Ada Roe, a spokeswoman for the Vell Economist Party, said it would rain.",
        ("spokeswoman", "Vell Economist Party", "government", "", 0),
    ),
}


@pytest.mark.parametrize("name", STANDING)
def test_standing(name):
    text, expected = STANDING[name]
    row = one(text)
    assert (
        row["role"],
        row["affiliation"],
        row["affiliation_type"],
        row["expert_rule"],
        row["former"],
    ) == expected


def test_role_and_affiliation_stand_where_they_say():
    text = "Ada Roe, a senior fellow at the Vell Institute, said it would rain."
    row = one(text)
    for part in ("role", "affiliation"):
        assert text[row[f"{part}_start"] :].startswith(row[part])


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Ada Roe of the University of Helsinki said it rained.", ("Finland", "inferred")),
        ("Chinese officials said it rained.", ("China", "stated")),
        ("Ada Roe, an expert on China at the Vell Institute, said it rained.", ("", "")),
        ("US and French officials said it rained.", ("United States; France", "stated")),
    ],
)
def test_country_is_stated_inferred_or_empty(text, country):
    row = one(text)
    assert (row["affiliation_country"], row["country_basis"]) == country


@pytest.mark.parametrize(
    ("text", "kind", "voice"),
    [
        ("Russia said it rained.", "state", "official"),
        ("Some experts say it rained.", "group", "expert"),
        ("The joint statement said it rained.", "document", "other"),
        ("The Vell Post reported that it rained.", "organisation", "other"),
        ("Residents said it rained.", "group", "other"),
        ("A senior official said it rained.", "unnamed_person", "official"),
        ("Army commanders said it rained.", "group", "official"),
    ],
)
def test_kind_and_voice(text, kind, voice):
    row = one(text)
    assert (row["kind"], sources.voice(row)) == (kind, voice)


def test_author_of_a_signed_commentary_speaks_for_the_outlet():
    text = "Ada Roe says it will rain."
    row = one(text, author="Ada Roe", genre="commentary")
    assert (row["kind"], sources.voice(row)) == ("author", "outlet")
    assert one(text, author="Ada Roe", genre="news")["kind"] == "person"


def test_two_who_speak_as_one_are_one_source_with_members():
    text = "Ada Roe and Ben Lund met in Vell. The two leaders said that they had agreed."
    _, _, rows = code(text, BOOK)
    assert [(r["name"], r["kind"], r["members"], r["central_actor"]) for r in rows] == [
        ("Ada Roe and Ben Lund", "group", "lund; roe", "lund; roe")
    ]


def test_actor_of_the_codebook_gives_id_and_country():
    _, quotes, rows = code("Roe said it would rain.", BOOK)
    assert (quotes[0]["source_id"], rows[0]["name"], rows[0]["affiliation_country"]) == ("roe", "Ada Roe", "Orlu")
    assert rows[0]["country_basis"] == "codebook"


def test_speaker_at_gives_the_outermost_first():
    text = "According to the Vell Post, Ada Roe said the dam was safe. It rained."
    document, quotes, _ = code(text)
    at = text.index("dam")
    assert [q["source_id"] for q in sources.speaker_at(document, quotes, at, at + 3)] == ["vell-post", "ada-roe"]
    assert sources.speaker_at(document, quotes, text.index("rained"), len(text)) == []


# properties -----------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "“", "”", '"', "'", "‘", "’", "«", "»", "Ada Roe", "Roe", "said", "says", "told", "that", "the dam", "it", "he",
        "according to", "adding", "experts", ",", ".", ":", "?", "—", "(NUS)", "[sic]", "\n", "\n\n", "ROE:", "and",
        "who", "of Vell", "’s", "called", "İ", "\u00a0", "two", "leaders", "is broken", "in May", "by", "China", "…",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map(" ".join), st.text(max_size=120))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TEXTS)
def test_any_text_is_coded_and_every_offset_holds(text):
    document, quotes, rows = code(text, BOOK)
    known = {row["source_id"] for row in rows}
    paragraphs = document.paragraphs
    for quote in quotes:
        spans = [tuple(map(int, s.split("-"))) for s in quote["spans"].split(";")]
        assert all(0 <= a < b <= len(text) for a, b in spans)
        assert all(any(x <= a and b <= y for x, y in paragraphs) for a, b in spans)
        for part in ("cue", "speaker"):
            if quote[part] is not None:
                assert text[quote[f"{part}_start"] : quote[f"{part}_end"]].startswith(quote[part])
                assert len(quote[part].split()) <= standing.MAX_WORDS
        assert quote["source_id"] is None or quote["source_id"] in known
        assert (quote["tier"] == "D") == (quote["speaker"] is None)
        assert 0 <= quote["n_quoted_words"] <= quote["n_words"]
    assert len(known) == len(rows)
    again = code(text, BOOK)
    assert again[1:] == (quotes, rows)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(PIECES, min_size=1, max_size=12).map(" ".join))
def test_a_paragraph_before_changes_offsets_alone(text):
    text = text.replace("\n", " ")
    first = "The river rose at night and the town slept.\n\n"
    shift = len(first)
    plain = [(q["rule"], q["cue"], q["cue_start"]) for q in code(text)[1] if q["rule"] != "label"]
    moved = [(q["rule"], q["cue"], q["cue_start"]) for q in code(first + text)[1] if q["rule"] != "label"]
    assert moved == [(rule, cue, start and start + shift) if cue else (rule, cue, start) for rule, cue, start in plain]


# lists and tiers ------------------------------------------------------------------------------------------------------


def test_every_tier_in_the_table_follows_from_its_precision():
    rows = list(csv.DictReader(files("helpers").joinpath("data", "tiers.csv").read_text(encoding="utf-8").splitlines()))
    assert rows
    for row in rows:
        assert row["tier"] == next(tier for tier, bound in tiers.BOUNDS if float(row["precision"]) >= bound)
        assert int(row["right"]) <= int(row["n"])


def test_right_needs_content_and_speaker():
    gold = [{"content": [[0, 10]], "source": [[12, 15]]}]
    assert tiers.right([([(0, 9)], (12, 15)), ([(0, 9)], (12, 15))], gold) == [True, False]
    assert tiers.right([([(0, 2)], (12, 15))], gold) == [False]
    assert tiers.right([([(0, 9)], (20, 25))], gold) == [False]


def test_mentions_are_read_as_written():
    assert standing.mention("the state Vell News Agency")[:2] == ("Vell News Agency", "organisation")
    assert standing.mention("former Secretary of State Ada Roe")[:2] == ("Ada Roe", "person")
    assert standing.mention("many Americans")[:2] == ("", "group")


def test_min_words_is_what_the_docstring_says():
    assert speech.MIN_WORDS == 4


def test_words_a_source_repeats_inside_its_own_row_count_once():
    _, quotes, rows = code("Ada Roe said that she argued “the dam would hold for years”.")
    assert [q["n_quoted_words"] for q in quotes] == [6, 6]
    assert [(r["name"], r["n_quoted_words"]) for r in rows] == [("Ada Roe", 6)]


def test_every_word_of_a_unit_stands_at_its_offsets():
    text = 'The pre- - and post-war - mayor (of Orlu) said, "No" - and 5,000 of Roe\'s -- all - came.\n'
    text += '- Ada Roe\n"Yes." - Lund'
    article = Article("x", text)
    units = segments.units(language.Document(article, cleaning.plain(article)))
    places = [(word, u.start(i), u.end(i)) for u in units for i, word in enumerate(u.raw)]
    found = [(word, text[a:b]) for word, a, b in places]
    assert [word for word, _ in found].count("-") == 5
    assert all(there == word or there[0] == '"' for word, there in found)
    assert {text[a - 1 : a] for word, a, _ in places if word == "-"} == {" "}
    assert [a for _, a, _ in places] == sorted({a for _, a, _ in places})
    again = segments.units(language.Document(article, cleaning.plain(article)))
    assert [u.end(len(u.raw) - 1) for u in again] == [u.end(len(u.raw) - 1) for u in units]  # found from behind
