"""The runner, the page of a notebook, and drawings made safe."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE, TEXT, tables_of

from helpers import coding, drawings, publishing, reports
from helpers.corpus import Refused

CODEBOOK = '[study]\ntitle = "The river deal"\nevent = "A visit"\n'
CHART = """
import matplotlib.pyplot as plt
from helpers.charts import show
fig, axes = plt.subplots()
axes.plot([1, 2], [3, 4], marker="o")[0].set_url("article-orin.html#frames-1")
show(fig, name="line", table=[{"x": 1, "y": 3, "rows": "frames:orin:1"}, {"x": 2, "y": 4, "rows": ""}],
     alt="A line that rises from 3 to 4.", caption="Invented numbers.")
"""


def notebook(*cells: tuple[str, str]) -> str:
    made = [
        {"cell_type": kind, "id": f"c-{i:02}", "metadata": {}, "source": source}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for i, (kind, source) in enumerate(cells)
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


NOTEBOOKS = {
    "00_first.ipynb": notebook(
        (
            "markdown",
            "# Who pays?\n\nIt cost \\$4bn, then \\$5bn.\n\n<script>a(1)</script> [x](javascript:a(1))",
        ),
        ("code", "from helpers import markup\nmarkup.finding('It rose to {n}.', n='$5bn')"),
        ("markdown", "## How much?"),
        ("code", CHART),
        ("code", "print('\\x1b[31m$1 and $2 <b>', object())"),
        ("markdown", "## What this cannot tell you"),
        ("code", "markup.limits('Two numbers are two numbers.')"),
    ),
    "01_second.ipynb": notebook(("markdown", "# Does it stop?"), ("code", "1 / 0"), ("code", "print('never')")),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder with two notebooks and a study of one article without its text."""
    folder = tmp_path_factory.mktemp("project")
    for name, text in NOTEBOOKS.items():
        (folder / "notebooks").mkdir(exist_ok=True)
        (folder / "notebooks" / name).write_text(text, encoding="utf-8")
    (folder / "study").mkdir()
    (folder / "study" / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    coding.write([tables_of(TEXT, outlet="The Bank")], folder / "study" / "coded")
    return folder


def run(project: Path, out: str, *, jobs: int, fast: bool = False) -> tuple[reports.Report, Path]:
    chosen = sorted((project / "notebooks").glob("*.ipynb"))
    done = reports.report(chosen, folder=project / "study", out=project / out, jobs=jobs, fast=fast)
    return done, project / out


@pytest.fixture(scope="module")
def built(project) -> tuple[reports.Report, Path]:
    return run(project, "out", jobs=2)


def test_a_failing_notebook_is_named_and_the_others_are_written(built):
    done, _ = built
    assert [f.split(";")[0] for f in done.failures] == [
        "01_second.ipynb, cell c-01: ZeroDivisionError: division by zero"
    ]
    assert [p.name for p in done.written] == ["00_first.html", "00_first.ipynb", "01_second.html", "01_second.ipynb"]
    assert all(p.is_file() for p in done.written)


def test_finding_and_limits_stand_before_the_story(built):
    page = (built[1] / "00_first.html").read_text(encoding="utf-8")
    story = page.index('<article class="story">')
    assert page.index("<h1>Who pays?</h1>") < page.index("It rose to") < story
    assert page.index("Two numbers are two numbers.") < story
    assert page.count("Two numbers are two numbers.") == 1
    assert page.count("What this cannot tell you") == 1


def test_page_keeps_to_its_policy(built):
    page = (built[1] / "00_first.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert "\x1b" not in page
    assert " at 0x" not in page
    assert len(page) < 100_000


def test_money_stays_money(built):
    page = (built[1] / "00_first.html").read_text(encoding="utf-8")
    assert "It cost <span>$</span>4bn, then <span>$</span>5bn." in page
    assert "<span>$</span>1 and <span>$</span>2 &lt;b&gt;" in page


def test_figure_has_words_caption_table_and_links(built):
    page = (built[1] / "00_first.html").read_text(encoding="utf-8")
    assert '<p class="sr">A line that rises from 3 to 4.</p>' in page
    assert "<figcaption>Invented numbers.</figcaption>" in page
    assert "The numbers behind this figure (2)" in page
    assert page.count('href="article-orin.html#frames-1"') >= 2


def test_no_trace_of_the_machine(built, project):
    for path in built[0].written:
        text = path.read_text(encoding="utf-8")
        assert str(project) not in text
        assert str(Path.home()) not in text or str(Path.home()) == "/"


def test_one_kernel_or_two_the_same_bytes(built, project):
    done, _ = run(project, "again", jobs=1)
    for path in done.written:
        assert path.read_bytes() == (built[1] / path.name).read_bytes()


def test_fast_reuses_one_kernel(project):
    done, out = run(project, "fast", jobs=2, fast=True)
    assert len(done.failures) == 1
    assert (out / "00_first.html").is_file()


def test_plain_nbconvert_gives_the_same_page(built, project):
    installed = Path(sys.prefix) / "etc/jupyter/jupyter_nbconvert_config.json"
    if not installed.is_file():
        pytest.skip("the package's shared data are not installed (pip install -e .)")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", "--output-dir", str(project / "plain")]
    environment = {**reports.environment(project), "HELPERS_STUDY": str(project / "study")}
    environment["HELPERS_FIGURES"] = str(project / "out" / "figures")
    subprocess.run([*command, str(project / "notebooks/00_first.ipynb")], check=True, env=environment, timeout=120)
    plain = (project / "plain" / "00_first.html").read_text(encoding="utf-8")
    ours = (built[1] / "00_first.html").read_text(encoding="utf-8")
    assert plain == ours


def test_a_folder_without_codebook_is_refused(tmp_path):
    with pytest.raises(Refused, match="no study"):
        reports.report([], folder=tmp_path, out=tmp_path / "out")


# prose and figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a *b* `c`", "<p>a <em>b</em> <code>c</code></p>\n"),
        ("## How much?", '<h2 id="how-much">How much?</h2>\n'),
        ("[a](https://example.org/x)", '<p><a href="https://example.org/x">a</a></p>\n'),
        ("[a](01_sentiment.html#x)", '<p><a href="01_sentiment.html#x">a</a></p>\n'),
        ("[a](javascript:alert(1))", "<p>a</p>\n"),
        ("![a](https://example.org/x.png)", "<p>a</p>\n"),
        ("\\$1 and $2", "<p><span>$</span>1 and <span>$</span>2</p>\n"),
        ("<b onclick=x>", "<p>&lt;b onclick=x&gt;</p>\n"),
    ],
)
def test_prose(source, html):
    assert publishing.prose(source) == html


def test_a_figure_without_words_is_refused():
    output = {"data": {"image/png": "x"}, "metadata": {"image/png": {"name": "a", "alt": "", "caption": "c"}}}
    with pytest.raises(Refused, match="alternative text"):
        publishing.figure(output, {"page": {"figures": "."}})


# drawings -------------------------------------------------------------------------------------------------------------

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize(
    "piece",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p>x</p></foreignObject>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        "<style>@import url(https://example.org/x.css)</style>",
        '<image xlink:href="https://example.org/x.png"/>',
        '<use xlink:href="https://example.org/x.svg#a"/>',
        '<a xlink:href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<path d="M0 0" onload="alert(1)"/>',
        '<path d="M0 0" style="fill: url(https://example.org/x)"/>',
        '<path d="M0 0" clip-path="url(https://example.org/x)"/>',
    ],
)
def test_what_could_act_or_load_is_dropped(piece):
    kept = drawings.inline(SVG.format(piece), name="n")
    for bad in ("script", "foreignObject", "animate", "import", "example.org/x", "javascript", "onload", "<image/>"):
        assert bad not in kept.replace("<image/>", "")


def test_ids_are_the_figures_own_and_colours_follow_the_page():
    piece = '<defs><path id="m" d="M0 0"/></defs><use xlink:href="#m" style="fill: #1A1A1A; stroke-width: 2"/>'
    kept = drawings.inline(SVG.format(piece), name="tone")
    assert 'id="tone-m"' in kept
    assert 'href="#tone-m"' in kept
    assert 'style="fill:var(--c-1a1a1a,#1a1a1a);stroke-width:2"' in kept


def test_links_to_rows_stay_but_out_of_the_tab_order():
    kept = drawings.inline(SVG.format('<a xlink:href="article-x.html#frames-3"><path d="M0 0"/></a>'), name="n")
    assert '<a href="article-x.html#frames-3" tabindex="-1">' in kept


def test_entities_are_refused():
    with pytest.raises(Refused, match="entities"):
        drawings.inline('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"), name="n")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_any_text_in_a_drawing_stays_text(text):
    from xml.sax.saxutils import escape

    from helpers.markup import _UNSAFE

    inner = escape("".join(c for c in text if c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) < 0xFFFE))
    kept = drawings.inline(SVG.format(f"<text>{inner}</text>"), name="n")
    assert kept.count("<") in (3, 4)
    assert not _UNSAFE.search(kept)


def test_hostile_text_in_a_drawing():
    from xml.sax.saxutils import escape

    safe = escape(HOSTILE.replace("\x1b", ""))
    kept = drawings.inline(SVG.format(f"<text>{safe}</text>"), name="n")
    assert "<script" not in kept
    assert "<img" not in kept
