"""The front page and one page per article: tables (and texts, where present) -> HTML, no notebook in between."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from . import annotation, markup, publishing
from .annotation import Annotator, Cards, Row, bare, marks_of, start_of, whole
from .corpus import write_aside
from .markup import escape
from .study import Study

SET_ASIDE = frozenset({"navigation", "footer", "related", "audio"})
LAYERS = (
    ("frames", "Frame", "who is called what, in whose voice"),
    ("quotes", "Quotes", "the name before the tint opens the coding"),
    ("quantities", "Figures", "trade figures stand on a tint"),
    ("tone", "Tone", "scored words, and the score after each sentence"),
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

    return Environment(loader=FileSystemLoader(publishing.TEMPLATE), autoescape=False, keep_trailing_newline=True)


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
    note = (
        ""
        if present
        else '<p class="note">The text of this article is not here: it belongs to its publisher. Every bar is a word, as long as '
        "the word is; what was coded stands in its place. Put the text into the study folder and run the report again to read it.</p>"
    )
    body = (
        f'<header class="lead"><p class="kicker">{escape(row["outlet"] or article_id)}</p><h1>{escape(title)}</h1>'
        f'<p class="facts">{facts}</p>{note}</header>'
        f"{strip(article_id, tables, here=True)}{legend(tables)}"
        f'<article class="text{"" if present else " bars"}">{paragraphs(tables, annotator, cards)}</article>'
        f"{sources_table(article_id, tables)}"
    )
    return shell(
        body, kind="annotated", title=title, study=study.folder, notebooks=notebooks, current=f"article-{article_id}.html"
    )


def legend(tables: Mapping[str, Sequence[Row]]) -> str:
    """What the marks mean; every layer can be switched off without script."""
    counts = {"tone": len(tables["sentiment_terms"])}
    items = "".join(
        f'<li><input type="checkbox" id="show-{layer}" autocomplete="off"{" checked" * (layer != "tone")}><label for="show-{layer}">'
        f'<span class="key {layer}">{label}</span> {counts.get(layer, len(tables.get(layer, ())))}<small>{what}</small></label></li>'
        for layer, label, what in LAYERS
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
                pieces.append(f'<div class=s id=sentences-{c}>{annotator.passage(c, d)}{cards.tone(s)}</div>')
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
            shown = f"{r['n_words']} word{'s' * (r['n_words'] != '1')}"
        rows += f"<div class=p id=lines-{a}><span class=no>{escape(r['zone'])}</span>{shown}</div>"
    return (
        f'<details class="aside"><summary>Set aside: {len(lines)} line{"s" * (len(lines) != 1)}, {n_words} words</summary>{rows}</details>'
    )


def sources_table(article_id: str, tables: Mapping[str, Sequence[Row]]) -> str:
    """Who speaks in the article."""
    columns = {
        "name": "source",
        "role": "role",
        "affiliation": "affiliation",
        "affiliation_country": "country",
        "n_direct": "direct",
        "n_mixed": "mixed",
        "n_indirect": "indirect",
        "n_quoted_words": "quoted words",
    }
    rows = [
        {**r, "name": r["name"] or "unnamed", "start": r["first_start"], **{k: whole(r[k], 0) for k in columns if k[:2] == "n_"}}
        for r in tables["sources"]
        if r["first_start"]
    ]
    if not rows:
        return ""
    return '<h2 id="sources">Who speaks</h2>' + markup.table(rows, caption="Sources, in the order of the article", columns=columns, links="sources").markup


# strips ---------------------------------------------------------------------------------------------------------------


class Scale:
    """Offsets of the text -> 0 to 1000 over the body; what stands outside the body goes to the left edge."""

    def __init__(self, lines: Iterable[Row]):
        self.spans, self.total = [], 0
        for r in lines:
            if r["zone"] == "body":
                self.spans.append((whole(r["start"]), whole(r["end"]), self.total))
                self.total += whole(r["end"]) - whole(r["start"]) + 1

    def __call__(self, offset: int) -> float:
        for a, b, before in self.spans:
            if a <= offset <= b:
                return round(24 + 976 * (before + offset - a) / max(self.total, 1), 1)
        return 8.0


def strip(article_id: str, tables: Mapping[str, Sequence[Row]], *, here: bool = False) -> str:
    """One article from its first to its last word: where the frame, the quotes and the figures stand, how tone runs."""
    x = Scale(tables["lines"])
    page = "" if here else f"article-{article_id}.html"
    sources = {r["source_id"]: r for r in tables["sources"]}

    def link(table: str, row: Row, shape: str, tip: str) -> str:
        target = bare(f"{page}#{table}-{start_of(table, row)}")
        return f"<a href={target} tabindex=-1><title>{escape(tip)}</title>{shape}</a>"

    def box(at: float, y: float, wide: float, high: float, look: str) -> str:
        return f'<path class={bare(look)} d="M{at:g} {y:g}h{wide:g}v{high:g}h{-wide:g}z"/>'

    def tick(at: float, y: float, high: float, look: str) -> str:
        return box(round(at - 2.5, 1), y, 5, high, look)

    quotes = []
    for r in tables["quotes"]:
        source = sources.get(r["source_id"], {})
        who = "expert" if source.get("is_expert") == "1" else "state" if source.get("affiliation_type") in ("government", "military") else "other"
        spans = [tuple(map(int, s.split("-"))) for s in r["spans"].split(";") if s]
        shape = "".join(box(x(a), 3, round(max(x(b - 1) - x(a), 4), 1), 16, f"q {who}") for a, b in spans)
        quotes.append(link("quotes", r, shape, f"{r['speaker'] or 'unnamed'}, {r['kind']}"))
    frames = []
    for r in tables["frames"]:
        up = r["family"] == "peace"
        look = f"f {r['family']} {'own' if r['stance'] == 'asserted' else 'held'}"
        shape = tick(x(whole(r["start"])), 26 if up else 41, 14, look)
        frames.append(link("frames", r, shape, f"{r['term']}: {r['stance'].replace('_', ' ')}"))
    figures = []
    for r in tables["quantities"]:
        if r["kind"] in ("date", "year", "decade", "age", "ordinal", "identifier"):
            continue
        trade = r["is_trade"] == "1"
        shape = tick(x(whole(r["start"])), 62 if trade else 67, 16 if trade else 6, "n trade" if trade else "n")
        figures.append(link("quantities", r, shape, r["surface"]))
    tone = []
    for r in tables["sentences"]:
        if not r["vader_compound"]:
            continue
        score = float(r["vader_masked"] or r["vader_compound"])
        a, b = x(whole(r["start"])), x(whole(r["end"]) - 1)
        height = round(abs(score) * 22, 1)
        wide, look = round(max(b - a - 1.5, 1), 1), "up" if score > 0 else "down"
        shape = box(a, round(105 - height, 1) if score > 0 else 105, wide, max(height, 0.7), look)
        tone.append(link("sentences", r, shape, f"sentence {r['sentence']}: {annotation.signed(score)}"))
    axes = '<path class="axis" d="M0 40.5H1000M0 70H1000M0 105H1000"/>'
    svg = (
        f'<svg viewBox="0 0 1000 130" preserveAspectRatio="none" aria-hidden="true" focusable="false">{axes}'
        f"{''.join(quotes)}{''.join(frames)}{''.join(figures)}{''.join(tone)}</svg>"
    )
    return (
        f'<div class="strip"><p class="sr">{escape(describe(tables))}</p>'
        '<div class="rows" aria-hidden="true"><span>Quotes</span><span>Frame</span><span>Figures</span><span>Tone</span></div>'
        f"{svg}</div>"
    )


def describe(tables: Mapping[str, Sequence[Row]]) -> str:
    """A strip in words."""
    peace = [r for r in tables["frames"] if r["family"] == "peace"]
    own = sum(r["stance"] == "asserted" for r in peace)
    trade = sum(r["is_trade"] == "1" for r in tables["quantities"])
    speakers = {r["source_id"] for r in tables["quotes"] if r["source_id"]}
    return (
        f"{len(tables['sentences'])} sentences; {count(len(tables['quotes']), 'quotation')} by "
        f"{count(len(speakers), 'source')}; {count(len(peace), 'peace term')}, {own} of them asserted; "
        f"{count(trade, 'trade figure')}."
    )


def count(n: int, noun: str) -> str:
    return f"{n or 'no'} {noun}{'' if n == 1 else 's'}"


# the front page -------------------------------------------------------------------------------------------------------


def front_page(
    study: Study, articles: Mapping[str, Mapping], *, findings: Sequence[tuple[str, str, str]], notebooks: Path
) -> str:
    """The study in one screen: the articles as strips, the findings as sentences, each linked."""
    cards = "".join(
        f'<section class="outlet"><h3><a href="article-{escape(i, attribute=True)}.html">{escape(study.outlets[i])}</a></h3>'
        f'<p class="headline">{escape(t["articles"][0]["headline"])}</p>{strip(i, t)}'
        f'<p class="sum">{escape(describe(t))}</p></section>'
        for i, t in articles.items()
    )
    listed = "".join(
        f'<li>{html}<p class="more"><a href="{escape(page, attribute=True)}">{escape(title)}</a></p></li>'
        for page, title, html in findings
    )
    book = study.codebook
    body = (
        f'<header class="lead"><p class="kicker">{escape(book.study.get("event", ""))}</p><h1>{escape(book.title)}</h1>'
        f'<p class="standfirst">{escape(lede(articles))}</p></header>'
        f'<h2 id="articles">The articles, from first to last word</h2>{key()}<div class="outlets">{cards}</div>'
        + (f'<h2 id="findings">What the tables say</h2><ol class="findings">{listed}</ol>' if listed else "")
    )
    return shell(body, kind="front", title=book.title, study=study.folder, notebooks=notebooks, current="index.html")


def lede(articles: Mapping[str, Mapping]) -> str:
    words = sum(whole(t["articles"][0]["n_words"], 0) for t in articles.values())
    return (
        f"{count(len(articles), 'article')} on one event, {markup.number(words)} words, coded sentence by sentence: "
        "who speaks, in what tone, with which figures, and who is called a peacemaker by whom. Every mark leads to its place."
    )


def key() -> str:
    """What the shapes of the strips mean."""
    shapes = (
        ("q state", "official speaks"),
        ("q expert", "expert speaks"),
        ("q other", "others speak"),
        ("f peace own", "peace term, asserted (up)"),
        ("f counter own", "counter term (down)"),
        ("f peace held", "quoted, hedged, negated or questioned"),
        ("n trade", "trade figure"),
        ("up", "positive sentence (up)"),
        ("down", "negative sentence (down)"),
    )
    items = "".join(
        f'<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect x="2" y="1" width="10" height="12" class="{look}"/></svg>{label}</li>'
        for look, label in shapes
    )
    return f'<ul class="key">{items}</ul>'
