"""The walk of the README: a second study on another event, from nothing to its report."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = """River Herald

Flood wall fails at Lannock

By Ines Morrow
3 May 2030

LANNOCK: The flood wall at Lannock failed on Thursday night and 2,300 people left their homes, the mayor said.

"We were told it would hold," said Tilda Brandt, the mayor of Lannock. She blamed the river board for the delay.

"A wall of this age is a gamble," said Oskar Lind, a professor of hydrology at the University of Kell.
"""
PAGE = """<html><head><title>After the flood, the blame</title></head><body><nav>Home Sport</nav><article>
<h1>After the flood, the blame</h1><p>Two days after the wall at Lannock broke, the river board rejected any blame for
the flood and pointed to the mayor.</p><p>"The board is a scapegoat," its chairman, Ruben Aas, said on Saturday. He
added that the town had refused to pay for a higher wall in 2027.</p><p>Residents see it otherwise. Many of them call
the board negligent and want it to resign before the summer.</p></article></body></html>"""
FRAMES = """
[[frames]]
id = "scapegoat"
label = "scapegoat"
family = "blame"
tier = "core"
definition = "somebody is blamed for what others did"
terms = ["scapegoat*", "blame*"]

[[actors]]
id = "board"
name = "river board"
kind = "organisation"
aliases = ["river board", "the board"]
"""


def helpers(*arguments, cwd):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "helpers", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("codebook", ["as laid out", "filled in"])
def test_a_second_study_from_nothing_to_its_report(tmp_path, codebook):
    (tmp_path / "a1.txt").write_text(TEXT)
    (tmp_path / "a2.html").write_text(PAGE)
    study, out = tmp_path / "flood", tmp_path / "report"
    assert helpers("new", study, cwd=ROOT).returncode == 0
    added = helpers("add", "--study", study, tmp_path / "a1.txt", tmp_path / "a2.html", cwd=ROOT)
    assert added.returncode == 0, added.stderr
    if codebook == "filled in":
        path = study / "codebook.toml"
        path.write_text(path.read_text() + FRAMES)
    made = helpers("report", "--study", study, "--out", out, cwd=ROOT)
    assert made.returncode == 0, made.stderr
    pages = {p.name for p in out.glob("*.html")}
    assert {"index.html", "00_corpus.html", "05_validity.html"} < pages
    assert len([p for p in pages if p.startswith("article-")]) == 2
    if codebook == "filled in":
        assert "scapegoat" in (out / "02_peacemaker_framing.html").read_text()
