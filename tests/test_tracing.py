"""From a figure or a row id to rows, places and sentences."""

import pytest
from invented import TEXT, study_of, tables_of

from helpers import tracing
from helpers.corpus import Refused

START = TEXT.index("peacemaker")


def lines(what, *, texts=True, figures=None):
    return list(tracing.trace(study_of((TEXT, tables_of(TEXT)), texts=texts), what, figures=figures or tracing.FIGURES))


def test_a_row_id_leads_to_its_place_and_sentence():
    place, cells, sentence = lines(f"frames:orin:{START}")
    assert place == f"frames:orin:{START}  orin, ¶ 2, sentence 1"
    assert "rule so_called" in cells
    assert sentence.startswith("  | Trade rose to $4.2 billion")


def test_without_the_text_the_place_alone():
    assert len(lines(f"frames:orin:{START}", texts=False)) == 2


def test_a_figure_and_a_line_of_it(tmp_path):
    (tmp_path / "voices.csv").write_text(f"voice,n,rows\noutlet,1,frames:orin:{START}\nexpert,0,\n", encoding="utf-8")
    found = lines("voices", figures=tmp_path)
    assert found[0] == "voices.csv, line 2: voice outlet, n 1"
    assert found[1] == f"  frames:orin:{START}  orin, ¶ 2, sentence 1"
    assert found[-1] == "voices.csv, line 3: voice expert, n 0"
    assert lines("voices:3", figures=tmp_path) == [found[-1]]


@pytest.mark.parametrize("what", ["frames:orin:1", "nothing", "frames:nobody:3"])
def test_what_is_not_there_is_refused(what, tmp_path):
    with pytest.raises(Refused):
        lines(what, figures=tmp_path)


def test_terminal_escapes_are_shown_not_obeyed(capsys, monkeypatch):
    text = TEXT.replace("nobody", "\x1b[31m\u202e")
    data = study_of((text, tables_of(TEXT)))
    monkeypatch.setattr(tracing.study, "read", lambda folder: data)
    tracing.command(type("Options", (), {"study": None, "what": f"quotes:orin:{TEXT.index('“')}"}))
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "\ufffd[31m\ufffd" in printed
