from pathlib import Path

import pytest

from helpers import codebook
from helpers.corpus import Refused

GOOD = """
[study]
title = "T"

[framing]
near = ["war*"]

[[actors]]
id = "a"
name = "A"
kind = "state"
aliases = ["A"]

[[frames]]
id = "f"
label = "f"
family = "peace"
tier = "core"
definition = "d"
terms = ["truce*", "honest broker*"]
ambiguous = ["truce*"]
actors = ["a"]
"""

BROKEN = [
    ('title = "T"', "title = T", "mend the TOML"),
    ('kind = "state"', 'kind = "planet"', "kind of a must be one of"),
    ('id = "f"', 'id = ""', "needs an id of its own"),
    ('tier = "core"', 'tier = "kernel"', "tier of f must be one of"),
    ('label = "f"', 'lable = "f"', "lable"),
    ('ambiguous = ["truce*"]', 'ambiguous = ["truces"]', "truces"),
    ('terms = ["truce*", "honest broker*"]', 'terms = "truce"', "list"),
    ('terms = ["truce*", "honest broker*"]', 'terms = ["tr*uce"]', "end of a word"),
    ('terms = ["truce*", "honest broker*"]', 'terms = ["… arms"]', "begin and end a term with a word"),
    ('terms = ["truce*", "honest broker*"]', 'terms = ["lay/ arms"]', "between two words"),
    ('terms = ["truce*", "honest broker*"]', "terms = []", "no terms"),
    ('near = ["war*"]', 'nearby = ["war*"]', "nearby"),
    ('near = ["war*"]', "near = [1]", "list"),
    ('actors = ["a"]', 'actors = ["b"]', "b"),
    ('family = "peace"', 'family = ""', "family"),
]


def read(tmp_path, text):
    path = tmp_path / "codebook.toml"
    path.write_text(text, encoding="utf-8")
    return codebook.read(path)


def test_a_codebook_is_read(tmp_path):
    book = read(tmp_path, GOOD)
    assert book.title == "T"
    assert book.frames[0].terms == ("truce*", "honest broker*")
    assert book.framing.near == ("war*",)


@pytest.mark.parametrize(("good", "bad", "named"), BROKEN)
def test_a_broken_codebook_is_refused_with_file_line_and_remedy(tmp_path, good, bad, named):
    assert good in GOOD
    with pytest.raises(Refused, match=r"codebook\.toml") as caught:
        read(tmp_path, GOOD.replace(good, bad))
    assert named in str(caught.value)


def test_a_term_belongs_to_one_frame(tmp_path):
    again = GOOD + GOOD[GOOD.index("[[frames]]") :].replace('id = "f"', 'id = "g"')
    with pytest.raises(Refused, match="stands in f and g"):
        read(tmp_path, again)


@pytest.mark.parametrize("folder", ["seeds", "tests/study"])
def test_the_shipped_codebooks_are_sound(folder):
    book = codebook.read(Path(__file__).parents[1] / folder / "codebook.toml")
    assert book.frames
    assert book.actors
