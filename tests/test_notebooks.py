"""What every committed notebook keeps to."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("**/*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: p.parent.name + p.name)
def notebook(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def sources(notebook, kind):
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == kind]


def test_no_outputs_no_counts_fixed_ids(notebook):
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert re.fullmatch(r"[a-z]+-\d\d[a-z]?", cell["id"])
    assert len({c["id"] for c in notebook["cells"]}) == len(notebook["cells"])


def test_cells_are_short(notebook):
    lengths = [len(s.split("\n")) for s in sources(notebook, "code")]
    assert max(lengths) <= 9
    assert sorted(lengths)[len(lengths) // 2] <= 7


def test_notebooks_hold_no_logic_and_no_unescaped_output(notebook):
    code = "\n".join(sources(notebook, "code"))
    for banned in ("def ", "HTML(", "Markdown(", ".style", "escape=False", "import nltk", ".text[", "open("):
        assert banned not in code


def test_prose_types_no_results_and_no_bare_dollar(notebook):
    for prose in sources(notebook, "markdown"):
        assert "$" not in prose
        assert not re.search(r"\d+(\.\d+)? ?(%|per cent)|\b0?\.\d\d\b", prose)


def test_each_question_is_a_heading_and_the_limits_are_stated(notebook):
    prose = "\n".join(sources(notebook, "markdown"))
    assert prose.startswith("# ")
    assert "?" in prose.split("\n")[0] or "start" in prose.lower()
