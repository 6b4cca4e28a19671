"""A notebook as a page: what nbconvert's template needs of a notebook, in our process and under plain nbconvert alike.

`Page` runs as a preprocessor: it lifts the title, the finding and the limits, lists the contents, names the neighbours
and states where everything comes from. `prose`, `inert` and `figure` are the template's only ways from text to HTML.
"""

from __future__ import annotations

import csv
import os
import platform
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import mistune
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from traitlets.config import Config

from . import drawings, markup
from .corpus import Refused, digest
from .markup import escape

TEMPLATE = Path(__file__).parent / "template"
SHOWN_ROWS = 40  # of a figure's table; the rest stands in the CSV
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_FINDING = re.compile(r'<p class="finding">.*?</p>', re.DOTALL)
_LIMITS = re.compile(r'<ul class="limits">.*?</ul>', re.DOTALL)
_NAMES = re.compile(r'<span class="(?:n|nn|nc|nf|p|o|w|bp|fm)">([^<]*)</span>')
_VERSIONS = ("matplotlib", "nbclient", "nbconvert", "nltk", "numpy", "pandas", "vaderSentiment")


def slug(text: str) -> str:
    """An id made of a heading's words."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "part"


# prose ----------------------------------------------------------------------------------------------------------------


class _Prose(mistune.HTMLRenderer):
    """Markdown without raw HTML, images or odd links; headings carry ids, tables scroll."""

    def __init__(self):
        super().__init__(escape=True)

    def text(self, text: str) -> str:
        return escape(text)

    def heading(self, text: str, level: int, **attrs) -> str:
        return f'<h{level} id="{slug(_plain(text))}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return f'<a href="{escape(url, attribute=True)}">{text}</a>' if drawings.PLACE.match(url) else text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text


def _plain(html: str) -> str:
    import html as entities

    return entities.unescape(re.sub(r"<[^>]+>", "", html))


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_Prose(), plugins=["table", "strikethrough"])


def prose(source: str) -> str:
    """Markdown as HTML: no raw HTML, no image, no mathematics; a dollar stays a dollar."""
    return _markdown()(source.replace("\\$", "$"))


def inert(text: str) -> str:
    """Printed text as HTML: escaped, without terminal escapes and memory addresses."""
    return escape(_ADDRESS.sub("", _ANSI.sub("", text)))


def lean(html: str) -> str:
    """Highlighted code without the marks that no style sheet here uses."""
    return _NAMES.sub(r"\1", html)


def attribute(value: object) -> str:
    """A value inside an attribute or a plain element of the template."""
    return escape(value, attribute=True)


# figures --------------------------------------------------------------------------------------------------------------


def figure(output: Mapping, resources: Mapping) -> str:
    """A chart with its alternative text, its caption and the table of its numbers."""
    kind = next(k for k in ("image/svg+xml", "image/png") if k in output["data"])
    described = output.get("metadata", {}).get(kind, {})
    name, alt, caption = (described.get(k, "") for k in ("name", "alt", "caption"))
    if not (name and alt and caption):
        raise Refused("a figure without name, alternative text or caption; show it with helpers.charts.show")
    if kind == "image/svg+xml":
        drawn = f'<p class="sr">{escape(alt)}</p>{drawings.inline(output["data"][kind], name=name)}'
    else:
        data = re.sub(r"[^A-Za-z0-9+/=]", "", output["data"][kind])
        drawn = f'<img src="data:image/png;base64,{data}" alt="{escape(alt, attribute=True)}">'
    twin = Path(resources["page"]["figures"]) / f"{name}.csv"
    rows = list(csv.DictReader(twin.read_text(encoding="utf-8").splitlines())) if twin.is_file() else []
    label = escape(f"Figure: {name.replace('-', ' ')}", attribute=True)
    return (
        f'<figure id="figure-{slug(name)}">'
        f'<div class="chart" role="group" aria-label="{label}" tabindex="0">{drawn}</div>'
        f"<figcaption>{escape(caption)}</figcaption>{numbers(rows, name=name)}</figure>"
    )


def numbers(rows: list[dict[str, str]], *, name: str) -> str:
    """The plotted numbers as a folded table, each row linked to the rows behind it where the CSV names them."""
    if not rows:
        return ""
    columns = [c for c in rows[0] if c != "rows"]
    shown = [{**r, **({"rows": places(r["rows"])} if "rows" in r else {})} for r in rows[:SHOWN_ROWS]]
    head = "".join(
        f'<th scope="col"{" class=n" if i and _is_number(rows[0][c]) else ""}>{escape(c.replace("_", " "))}</th>'
        for i, c in enumerate(columns)
    )
    head += '<th scope="col">rows</th>' if "rows" in rows[0] else ""
    body = "".join(
        "<tr>"
        + "".join(_cell(r[c], first=i == 0) for i, c in enumerate(columns))
        + (f"<td>{r['rows']}</td>" if "rows" in r else "")
        + "</tr>"
        for r in shown
    )
    more = f"<p>{len(rows) - SHOWN_ROWS} more rows stand in the CSV.</p>" if len(rows) > SHOWN_ROWS else ""
    label = escape(f"Numbers of the figure {name}", attribute=True)
    return (
        f"<details><summary>The numbers behind this figure ({len(rows)})</summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<caption>{escape(name)}.csv</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"{more}</details>"
    )


def _cell(value: str, *, first: bool) -> str:
    if first:
        return f'<th scope="row">{escape(value)}</th>'
    if not _is_number(value):
        return f"<td>{escape(value)}</td>"
    shown = markup.number(int(value) if value.lstrip("-").isdigit() else float(value))
    return f'<td class="n">{escape(shown)}</td>'


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", value))


def places(row_ids: str, *, limit: int = 6) -> str:
    """Links to the rows (ids table:article_id:start, set apart by blanks), numbered."""
    ids = row_ids.split()
    links = []
    for i, row_id in enumerate(ids[:limit], 1):
        table, _, rest = row_id.partition(":")
        article_id, _, start = rest.rpartition(":")
        place = markup.href(table, article_id, start)
        links.append(f'<a href="{place}">{i}</a>')
    return " ".join(links) + (f" +{len(ids) - limit}" if len(ids) > limit else "")


# the page -------------------------------------------------------------------------------------------------------------


class Page(Preprocessor):
    """Adds `resources["page"]`: title, kicker, lead, contents, navigation, provenance; takes the title out."""

    def preprocess(self, nb, resources):
        here = Path(resources.get("metadata", {}).get("path") or ".")
        name = resources.get("metadata", {}).get("name", "notebook")
        study = Path(resources.get("study") or os.environ.get("HELPERS_STUDY") or here / "../seeds")
        figures = resources.get("figures") or os.environ.get("HELPERS_FIGURES") or str(here / "../figures")
        first = next((c for c in nb.cells if c.cell_type == "markdown"), None)
        title = name
        if first is not None and (m := re.match(r"#\s+(.+)\n*", first.source)):
            title = _plain(prose(m.group(1))).strip()
            first.source = first.source[m.end() :]
        nb.metadata.pop("language_info", None)
        resources["page"] = {
            "kind": "notebook",
            "title": title,
            "kicker": study_title(study),
            "lead": lead(nb),
            "limits": lift_limits(nb),
            "contents": contents(c.source for c in nb.cells if c.cell_type == "markdown"),
            "nav": navigation(here, study, current=f"{name}.html"),
            "figures": figures,
            "provenance": provenance(study),
        }
        return nb, resources


def lead(nb) -> str:
    """The finding that stands first: of the cell tagged "lead" if there is one, else the first in the notebook."""
    tagged = [c for c in nb.cells if "lead" in c.metadata.get("tags", [])]
    outputs = [o for c in [*tagged, *nb.cells] for o in c.get("outputs", [])]
    found = (_FINDING.search(o.get("data", {}).get("text/html", "")) for o in outputs)
    return next((m.group() for m in found if m), "")


def lift_limits(nb) -> str:
    """Takes the limits, and a heading that stands above nothing else, out of the notebook: they come before results."""
    lifted, kept = "", []
    for cell in nb.cells:
        found = [o for o in cell.get("outputs", []) if _LIMITS.search(o.get("data", {}).get("text/html", ""))]
        if not found:
            kept.append(cell)
            continue
        lifted += "".join(_LIMITS.search(o["data"]["text/html"]).group() for o in found)
        if kept and kept[-1].cell_type == "markdown" and re.fullmatch(r"##\s[^\n]*\s*", kept[-1].source):
            kept.pop()
    nb.cells = kept
    return lifted


def contents(sources: Iterable[str]) -> list[dict[str, str]]:
    """The headings of the second level with their ids."""
    headings = [m for s in sources for m in re.findall(r"<h2 id=\"([^\"]*)\">(.*?)</h2>", prose(s))]
    return [{"id": i, "text": _plain(text)} for i, text in headings]


@cache
def study_title(study: Path) -> str:
    """The study's title, as its codebook states it."""
    from . import codebook

    return codebook.read(study / "codebook.toml").title if (study / "codebook.toml").is_file() else ""


def navigation(notebooks: Path, study: Path, *, current: str) -> list[dict]:
    """The pages of a report: front page, notebooks, articles are linked from there."""
    items = [("index.html", "Overview")]
    for path in sorted(notebooks.glob("[0-9]*.ipynb")):
        items.append((f"{path.stem}.html", path.stem.partition("_")[2].replace("_", " ").capitalize() or path.stem))
    return [{"href": h, "label": label, "here": h == current} for h, label in items]


@cache
def provenance(study: Path) -> list[tuple[str, str]]:
    """SHA-256 of the study's files, of the shipped tables and of the code, and the versions of what ran."""
    package = Path(__file__).parent
    listed = [p for pattern in ("*.toml", "*.csv", "coded/*.csv", "gold/*.csv") for p in sorted(study.glob(pattern))]
    made = [(p.relative_to(study).as_posix(), digest(p.read_bytes())[:16]) for p in listed]
    sources = sorted(p for p in package.rglob("*") if p.suffix in (".py", ".txt", ".toml", ".csv", ".j2", ".css"))
    code = digest(b"".join(digest(p.read_bytes()).encode() for p in sources))[:16]
    versions = [("Python", platform.python_version())] + [(n, metadata.version(n)) for n in _VERSIONS]
    return [*made, ("the package helpers", code), *versions]


# what the template may call; under plain nbconvert etc/jupyter/jupyter_nbconvert_config.json names the same
FILTERS = {"prose": prose, "inert": inert, "figure": figure, "attribute": attribute, "lean": lean}


def exporter(*, config: Config | None = None) -> HTMLExporter:
    """The HTML exporter of `report`: the package's template, whatever configuration the machine has."""
    return HTMLExporter(
        template_name="template",
        extra_template_basedirs=[str(TEMPLATE.parent)],
        preprocessors=[Page],
        filters=FILTERS,
        config=config or Config(),
    )
