"""The front page and one page per article: tables (and texts, where present) -> HTML, no notebook in between."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from . import annotation, markup, publishing, strips
from .annotation import Annotator, Cards, Row, marks_of, whole
from .corpus import write_aside
from .markup import escape
from .study import Study

SET_ASIDE = frozenset({"navigation", "footer", "related", "audio"})
LAYERS = (
    ("frames", "Frame", "a term opens its coding"),
    ("quotes", "Quotes", "a name opens its quotation"),
    ("quantities", "Figures", "of trade on a tint"),
    ("tone", "Tone", "words, and each sentence"),
)


ABSENT = (
    '<p class="note">The text of this article is not here: it belongs to its publisher. Every bar is a word, as long '
    "as the word is; what was coded stands in its place. Put the text into the study folder and run the report again "
    "to read it.</p>"
)


def write(study: Study, *, out: Path, findings: Sequence[tuple[str, str, str]] = (), notebooks: Path) -> list[Path]:
    """The front page and the article pages, written into `out`; `findings` are (page, title, HTML) of the notebooks."""
    written = []
    articles = split(study)
    for article_id, tables in articles.items():
        path = out / f"article-{article_id}.html"
        write_aside(path, article_page(study, article_id, tables, notebooks=notebooks))
        written.append(path)
    path = out / "index.html"
    write_aside(path, front_page(study, articles, findings=findings, notebooks=notebooks))
    return [*written, path]


def split(study: Study) -> dict[str, dict[str, list[Row]]]:
    """article_id -> table -> its rows, cells as text."""
    rows = {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in study.tables.items()}
    return {
        r["article_id"]: {t: [x for x in table if x["article_id"] == r["article_id"]] for t, table in rows.items()}
        for r in rows["articles"]
    }


@cache
def _environment():
    from jinja2 import Environment, FileSystemLoader

    made = Environment(loader=FileSystemLoader(publishing.TEMPLATE), keep_trailing_newline=True)
    made.filters |= publishing.FILTERS
    return made


def shell(body: str, *, kind: str, title: str, study: Path, notebooks: Path, current: str) -> str:
    """A whole page around `body`: head, navigation, provenance."""
    page = {
        "kind": kind,
        "title": title,
        "nav": publishing.navigation(notebooks, study, current=current),
        "provenance": publishing.provenance(study),
    }
    parts = [_environment().get_template(t).render(resources={"page": page}) for t in ("head.html.j2", "foot.html.j2")]
    return parts[0] + body + parts[1]


# one article ----------------------------------------------------------------------------------------------------------


def article_page(study: Study, article_id: str, tables: Mapping[str, Sequence[Row]], *, notebooks: Path) -> str:
    """The annotated article, or the redacted page where its text is absent."""
    row = tables["articles"][0]
    present = article_id in study.texts
    length = max((whole(r["end"]) for r in tables["lines"]), default=0)
    text = study.texts[article_id] if present else annotation.redacted(tables, length)
    cards = Cards(article_id, tables, study.codebook)
    annotator = Annotator(text, marks_of(tables), cards)
    title = row["headline"] or row["file"] or article_id
    stated = [row["outlet"], row["genre"], row["author"], row["published"]]
    facts = " · ".join(escape(s) for s in stated if s)
    if re.match(r"https?://", row["url"]):
        facts += f' · <a href="{escape(row["url"], attribute=True)}" rel="noreferrer">the original page</a>'
    body = (
        f'<header class="lead"><p class="kicker">{escape(row["outlet"] or article_id)}</p><h1>{escape(title)}</h1>'
        f'<p class="facts">{facts}</p>{"" if present else ABSENT}</header>'
        f"{strips.strip(article_id, tables, here=True)}{legend(tables)}"
        f'<article class="text{"" if present else " bars"}">{paragraphs(tables, annotator, cards)}</article>'
        f"{sources_table(article_id, tables)}"
    )
    here = f"article-{article_id}.html"
    return shell(body, kind="annotated", title=title, study=study.folder, notebooks=notebooks, current=here)


def legend(tables: Mapping[str, Sequence[Row]]) -> str:
    """What the marks mean; every layer can be switched off without script."""
    items = ""
    for layer, label, what in LAYERS:
        n = len(tables["sentiment_terms" if layer == "tone" else layer])
        checked = "" if layer == "tone" else " checked"
        items += (
            f'<li><input type="checkbox" id="show-{layer}" autocomplete="off"{checked}><label for="show-{layer}">'
            f'<span class="key {layer}">{label}</span> {n}<small>{what}</small></label></li>'
        )
    return f'<fieldset class="legend"><legend>Show</legend><ul>{items}</ul></fieldset>'


def paragraphs(tables: Mapping[str, Sequence[Row]], annotator: Annotator, cards: Cards) -> str:
    """The lines of the file in their order: body as paragraphs, what was set aside folded."""
    sentences = sorted(tables["sentences"], key=lambda r: whole(r["start"]))
    out, number = [], 0
    for aside, lines in groupby(
        (r for r in tables["lines"] if r["zone"] != "blank"), key=lambda r: r["zone"] in SET_ASIDE
    ):
        if aside:
            out.append(set_aside(list(lines), annotator))
            continue
        for line in lines:
            a, b = whole(line["start"]), whole(line["end"])
            inside = [s for s in sentences if a <= whole(s["start"]) < b]
            label = line["zone"]
            if inside and inside[0]["paragraph"]:
                label, number = f"¶ {inside[0]['paragraph']}", number + 1
            pieces, at = [], a
            for s in inside:
                c, d = whole(s["start"]), min(whole(s["end"]), b)
                pieces.append(annotator.passage(at, c))
                pieces.append(f"<div class=s id=sentences-{c}>{annotator.passage(c, d)}{cards.tone(s)}</div>")
                at = d
            pieces.append(annotator.passage(at, b))
            out.append(
                f'<div class="p {escape(line["zone"], attribute=True)}" id=lines-{a}>'
                f"<span class=no>{escape(label)}</span>{''.join(pieces)}</div>"
            )
    return "".join(out)


def set_aside(lines: Sequence[Row], annotator: Annotator) -> str:
    """Lines that are not the article, folded away, each with its zone; without the text only their length in words."""
    n_words = sum(whole(r["n_words"], 0) for r in lines)
    rows = ""
    for r in lines:
        a, b = whole(r["start"]), whole(r["end"])
        shown = annotator.passage(a, b)
        if annotation.BAR in annotator.text[a:b]:
            shown = strips.count(whole(r["n_words"], 0), "word")
        rows += f"<div class=p id=lines-{a}><span class=no>{escape(r['zone'])}</span>{shown}</div>"
    return (
        f'<details class="aside"><summary>Set aside: {strips.count(len(lines), "line")}, '
        f"{strips.count(n_words, 'word')}</summary>{rows}</details>"
    )


def sources_table(article_id: str, tables: Mapping[str, Sequence[Row]]) -> str:
    """Who speaks in the article."""
    columns = {"name": "source", "role": "role", "affiliation": "affiliation", "affiliation_country": "country"}
    counts = {"n_direct": "direct", "n_mixed": "mixed", "n_indirect": "indirect", "n_quoted_words": "quoted words"}
    rows = [
        {**r, "name": r["name"] or "unnamed", "start": r["first_start"], **{k: whole(r[k], 0) for k in counts}}
        for r in tables["sources"]
        if r["first_start"]
    ]
    if not rows:
        return ""
    caption = "Sources, in the order of the article"
    shown = markup.table(rows, caption=caption, columns=columns | counts, links="sources")
    return f'<h2 id="sources">Who speaks</h2>{shown.markup}'


# the front page -------------------------------------------------------------------------------------------------------


def front_page(
    study: Study, articles: Mapping[str, Mapping], *, findings: Sequence[tuple[str, str, str]], notebooks: Path
) -> str:
    """The study in one screen: the articles as strips, the findings as sentences, each linked."""
    cards = ""
    for article_id, tables in articles.items():
        page = escape(f"article-{article_id}.html", attribute=True)
        cards += (
            f'<section class="outlet"><h3><a href="{page}">{escape(study.outlets[article_id])}</a></h3>'
            f'<p class="headline">{escape(tables["articles"][0]["headline"])}</p>{strips.strip(article_id, tables)}'
            f'<p class="sum">{escape(strips.describe(tables))}</p></section>'
        )
    listed = "".join(
        f'<li>{html}<p class="more"><a href="{escape(page, attribute=True)}">{escape(title)}</a></p></li>'
        for page, title, html in sorted(findings, key=lambda f: f[0].startswith("00"))  # how it was made comes last
    )
    book = study.codebook
    opening = lede(articles, book.study.get("frame_question", ""))
    said = f'<section><h2 id="findings">What the tables say</h2><ol class="findings">{listed}</ol></section>'
    body = (
        f'<header class="lead"><p class="kicker">{escape(book.study.get("event", ""))}</p><h1>{escape(book.title)}</h1>'
        f'<p class="standfirst">{escape(opening)}</p></header><div class="twofold">'
        f'<section><h2 id="articles">From first to last word</h2>{strips.key()}{cards}</section>'
        f"{said if listed else ''}</div>"
    )
    return shell(body, kind="front", title=book.title, study=study.folder, notebooks=notebooks, current="index.html")


def lede(articles: Mapping[str, Mapping], question: str) -> str:
    """What this is, in a sentence."""
    words = sum(whole(t["articles"][0]["n_words"], 0) for t in articles.values())
    return (
        f"{strips.count(len(articles), 'article')} on one event, {markup.number(words)} words, coded sentence by "
        f"sentence: who speaks, in what tone, with which figures. {question} Every mark leads to its place."
    )
