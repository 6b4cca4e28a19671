import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import cleaning, language
from helpers.corpus import Article

SENTENCES = [
    ("Ada Roe spoke. Then she left.", ["Ada Roe spoke.", "Then she left."]),
    ("Gen. Roe met Mr. Arn on Jan. 5. It rained.", ["Gen. Roe met Mr. Arn on Jan. 5.", "It rained."]),
    ("He lives at No. 4 Mill Road. No. That is wrong.", ["He lives at No. 4 Mill Road.", "No.", "That is wrong."]),
    ("The U.S. Senate met. She left the U.S. The rest stayed.", 3),
    ("It began at 5 p.m. Monday in Hask.", 1),
    ("J. B. Roe came. So did Oke.", 2),
    ("Arn Inc. bought it. Roe sold.", 2),
    ("He waited… Nobody came. Rivers, e.g. the Senn, rose.", 3),
    ("“Why?” she asked. “Because.”", ["“Why?” she asked.", "“Because.”"]),
    ("“A,” said Roe. “B.”", ["“A,” said Roe.", "“B.”"]),
    ("Exports grew by 3.5 per cent. Imports fell.", 2),
    ("He left (in a hurry.) She stayed.", 2),
    ("One sentence.\u00a0Another after a no-break space.", 2),
    ("Yahoo! said so. Fine.", 2),
    ("See https://example.org/a.b for more. Write to ada@example.org. Thanks.", 3),
    ("It was the '90s. Then came the 2000s.", 2),
    ("", 0),
    ("   ", 0),
    ("...", 1),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text, expected):
    folded = language.fold(text)
    found = [text[a:b] for a, b in language.sentence_spans(folded, 0, len(text))]
    assert (found if isinstance(expected, list) else len(found)) == expected


QUOTATIONS = [
    ("He said “yes” and left.", ["“yes”"]),
    ('"One," she said, "two."', ['"One,"', '"two."']),
    ("An unclosed “quotation runs on.", ["“quotation runs on."]),
    ('A 6" pipe is no quotation.', []),
    ('Two styles: “one” and "two".', ["“one”", '"two"']),
    ("«Oui», dit Roe.", ["«Oui»"]),
    ("„Ja“, sagte Roe.", ["„Ja“"]),
    ("''One,'' Roe said of the Roes' 5'11'' door, ''two.''", ["''One,''", "''two.''"]),
    ("“One,“ said Roe. “Two.”", ["“One,“", "“Two.”"]),
    ("no marks at all", []),
]


@pytest.mark.parametrize(("text", "expected"), QUOTATIONS)
def test_quotations(text, expected):
    marks = [i for i, letter in enumerate(language.fold(text)) if letter == '"']
    assert [text[q.start : q.end] for q in language.quotations(text, 0, len(text), marks)] == expected


def document(text: str) -> language.Document:
    article = Article("a", text)
    return language.Document(article, cleaning.plain(article))


def test_a_quotation_continues_in_the_next_paragraph_only_when_it_was_left_open():
    found = document("Roe said: “We go.\n“We come back.” Then rain.\n“New.”").quotations
    assert [(q.closed, q.continues) for q in found] == [(0, 0), (1, 1), (1, 0)]


def test_two_apostrophes_are_a_mark_in_a_document_too():
    found = document("''We go,'' Roe said.\nNo mark here.").quotations
    assert [(q.start, q.end) for q in found] == [(0, 10)]


def place(sentence: language.Sentence) -> tuple[int, int, int, int]:
    return sentence.number, sentence.paragraph, sentence.start, sentence.end


def test_typographic_variants_of_one_text_give_equal_spans():
    plain = 'Roe\'s plan: "peace-making" now. It failed.'
    curly = "Roe’s plan: “peace‑making” now.\u00a0It failed."
    assert list(map(place, document(plain).sentences)) == list(map(place, document(curly).sentences))


text = st.text(
    st.sampled_from("aB .!?\"“”'’\n\r\u00a0İß—-(1)«»„…") | st.characters(exclude_categories=["Cs"]), max_size=200
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(text)
def test_folding_keeps_length_and_spans_stay_inside(text):
    doc = document(text)
    assert len(doc.folded) == len(doc.lower) == len(text)
    ends = 0
    for s in doc.sentences:
        assert ends <= s.start < s.end <= len(text)
        assert text[s.start : s.end].strip()
        ends = s.end
        assert doc.sentence_at(s.start) == s
    for q in doc.quotations:
        assert 0 <= q.start < q.end <= len(text)
        assert "\n" not in text[q.start : q.end]


def test_word_lists_hold_no_entry_twice():
    assert language.words_of("abbreviations.txt")
    assert language.words_of("starters.txt")


def test_what_is_made_of_a_word_is_remembered_unless_it_is_endless_and_never_without_bound():
    asked = []
    remembered = language.Remembered(lambda word: asked.append(word) or len(word))
    assert [remembered[word] for word in ("ab", "ab", "c" * 500, "c" * 500)] == [2, 2, 500, 500]
    assert asked == ["ab", "c" * 500, "c" * 500]
    remembered = language.Remembered(len, most=3)
    assert [remembered[word] for word in "vwxyz"] == [1] * 5
    assert len(remembered) <= 3
