import pytest

from helpers import coding, handcoding
from helpers.codebook import Codebook
from helpers.corpus import Refused
from helpers.study import Study

TEXT = "A truce. " * 40


@pytest.fixture
def study(tmp_path):
    rows = {name: [] for name in coding.TABLES}
    rows["articles"] = [{"article_id": "a", "outlet": "Northwind"}]
    rows["sentences"] = [
        {"article_id": "a", "sentence": i + 1, "paragraph": 1, "start": 9 * i, "end": 9 * i + 8} for i in range(40)
    ]
    rows["frames"] = [
        {
            "article_id": "a", "sentence": i + 1, "start": 9 * i + 2, "end": 9 * i + 7, "term": "truce",
            "voice": ("outlet", "official")[i % 2], "stance": "asserted", "evaluation": "neutral",
        }
        for i in range(40)
    ]  # fmt: skip
    tables = {n: coding.csv_text(c, rows[n]) for n, c in coding.TABLES.items()}
    return Study(folder=tmp_path, codebook=Codebook(), tables=tables, texts={"a": TEXT})


def test_the_same_seed_draws_the_same_sample_and_another_another(study):
    draw = [handcoding.sample(study, "frames", size=10, seed=s) for s in (1, 1, 2)]
    assert draw[0] == draw[1] != draw[2]
    assert len(draw[0]) == 10


def test_every_answer_is_on_disk_at_once_and_work_resumes(study):
    made = handcoding.session(study, "frames", coder="roe", size=3, seed=1)
    for variable, value in (("voice", "outlet"), ("stance", "hedged"), ("evaluation", "neutral")):
        made.answer(0, variable, value)
    again = handcoding.session(study, "frames", coder="roe", size=3, seed=1)
    assert again.answers == made.answers
    assert again.open() == 1
    assert made.path.read_text().startswith("article_id,start,coder,voice,stance,evaluation\na,")


def test_two_windows_lose_nothing_of_each_other(study):
    one, two = (handcoding.session(study, "frames", coder="roe", size=3, seed=1) for _ in range(2))
    one.answer(0, "voice", "outlet")
    two.answer(1, "voice", "expert")
    assert len(handcoding.saved(one.path)) == 2


def test_agreement_with_the_machine(study):
    made = handcoding.session(study, "frames", coder="roe", size=20, seed=1)
    for i, unit in enumerate(made.units):
        made.answer(i, "voice", unit["voice"])
    voice = next(r for r in handcoding.agreement(made) if r["variable"] == "voice" and r["with"] == "machine")
    assert (voice["alpha"], voice["n"]) == (1.0, 20)
    assert not handcoding.disagreements(made)
    made.answer(0, "stance", "negated")
    assert handcoding.disagreements(made)[0]["machine"] == "asserted"


@pytest.mark.parametrize("coder", ["", "../evil", "a b", "x" * 41])
def test_a_coder_whose_name_cannot_name_a_file_is_refused(study, coder):
    with pytest.raises(Refused, match="cannot name a coder"):
        handcoding.session(study, "frames", coder=coder, size=3, seed=1)


def test_without_texts_hand_coding_says_what_it_needs(study):
    study.texts = {}
    with pytest.raises(Refused, match="put the texts in"):
        handcoding.session(study, "frames", coder="roe", size=3, seed=1)


def test_a_value_outside_the_codebook_is_refused(study):
    made = handcoding.session(study, "frames", coder="roe", size=3, seed=1)
    with pytest.raises(Refused, match="not a value"):
        made.answer(0, "voice", "king")


def test_a_broken_file_is_named_with_its_line(study):
    made = handcoding.session(study, "frames", coder="roe", size=3, seed=1)
    made.path.parent.mkdir(parents=True)
    made.path.write_text("article_id,start,coder,voice\na,x,roe,outlet\n")
    with pytest.raises(Refused, match="line 2"):
        handcoding.session(study, "frames", coder="roe", size=3, seed=1)
