"""Widgets for JupyterLab over the same tables and charts as the reports: read, filter, code by hand.

Outside a live notebook (nbconvert, a script) the same calls give a static table or chart. Set HELPERS_WIDGETS to 1 or
0 to have it one way or the other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib.resources import files
from inspect import signature
from pathlib import Path

from . import charts, handcoding, markup
from .corpus import Refused
from .study import Study

ALL = "all"
WINDOW = 60  # characters of context on either side, as in a printed concordance


def live() -> bool:
    """Whether somebody can click: a kernel that a notebook server started, or as HELPERS_WIDGETS says."""
    wish = os.environ.get("HELPERS_WIDGETS")
    return wish == "1" if wish else "JPY_SESSION_NAME" in os.environ


def _part(name: str) -> str:
    return files(__package__).joinpath("widgets", name).read_text(encoding="utf-8")


def _grid(label: str, columns: list[str], align: list[str]):
    """A table of text whose rows can be chosen: traits rows, note, chosen."""
    import anywidget
    import traitlets

    class Grid(anywidget.AnyWidget):
        _esm, _css = _part("rows.js"), _part("explore.css")
        label = traitlets.Unicode().tag(sync=True)
        columns = traitlets.List().tag(sync=True)
        align = traitlets.List().tag(sync=True)
        rows = traitlets.List().tag(sync=True)
        note = traitlets.Unicode().tag(sync=True)
        chosen = traitlets.Int(-1).tag(sync=True)

    return Grid(label=label, columns=columns, align=align)


def _browser(
    records: list[dict], *, label: str, columns: Mapping[str, str], filters: Mapping[str, str], detail: Callable,
    sorts: Mapping[str, Callable] | None = None, align: Mapping[str, str] | None = None,
):  # fmt: skip
    """Filters above, rows in the middle, the chosen row's detail below."""
    import ipywidgets as w

    grid = _grid(label, list(columns.values()), [(align or {}).get(c, "") for c in columns])
    menus = {
        key: w.Dropdown(options=[ALL, *sorted({str(r.get(key) or "") for r in records} - {""})], description=name)
        for key, name in filters.items()
    }
    order = w.Dropdown(options=list(sorts or {"place": None}), description="sort by")
    below = w.HTML()
    shown: list[dict] = []

    def refresh(_=None) -> None:
        shown[:] = [r for r in records if all(m.value in (ALL, str(r.get(k) or "")) for k, m in menus.items())]
        if sorts and sorts[order.value]:
            shown.sort(key=sorts[order.value])
        grid.chosen, below.value = -1, ""
        grid.rows = [[markup.number(r.get(c)) for c in columns] for r in shown]
        grid.note = f"{len(shown)} of {len(records)} rows"

    def choose(change) -> None:
        if 0 <= change["new"] < len(shown):
            below.value = detail(shown[change["new"]]).markup

    for menu in (*menus.values(), order):
        menu.observe(refresh, "value")
    grid.observe(choose, "chosen")
    refresh()
    controls = [*menus.values(), *([order] if sorts else [])]
    return w.VBox([w.HBox(controls, layout=w.Layout(flex_flow="row wrap")), grid, below])


# concordance ----------------------------------------------------------------------------------------------------------


def contexts(study: Study) -> list[dict]:
    """Every frame mention with what stands left and right of it (empty without the text), its voice and its stance."""
    sources = {(r.article_id, r.source_id): r.name for r in study.sources.itertuples()}
    records = []
    for r in study.frames.to_dict("records"):
        text = study.texts.get(r["article_id"], "")
        line_start = text.rfind("\n", 0, r["start"]) + 1
        line_end = text.find("\n", r["end"])
        left = text[max(line_start, r["start"] - WINDOW) : r["start"]]
        right = text[r["end"] : min(line_end if line_end >= 0 else len(text), r["end"] + WINDOW)]
        records.append(
            r
            | {
                "outlet": study.outlets[r["article_id"]],
                "place": study.place(r["article_id"], r["sentence"], r["zone"]),
                "source": sources.get((r["article_id"], r["source_id"]), ""),
                "left": left,
                "right": right,
            }
        )
    return records


def concordance(study: Study):
    """The frame's terms in context: filter by outlet, frame, voice, stance, source and zone; sort by either side."""
    records = contexts(study)
    columns = {"outlet": "outlet", "place": "place", "left": "left", "term": "term", "right": "right"}
    columns |= {"voice": "voice", "stance": "stance"}
    if not study.texts:
        columns = {k: v for k, v in columns.items() if k not in ("left", "right")}
    if not live():
        return markup.table(records, caption="Terms in context", columns={"term": "term", **columns}, links="frames")
    return _browser(
        records,
        label="Terms in context",
        columns=columns,
        align={"left": "left", "term": "term"},
        filters={k: k for k in ("outlet", "frame", "voice", "stance", "source", "zone")},
        sorts={
            "place": None,
            "left": lambda r: [w.strip("“”\"'’,.") for w in reversed(r["left"].lower().split())],
            "right": lambda r: r["right"].lower().split(),
            "term": lambda r: r["term"].lower(),
        },
        detail=lambda r: passage(study, r["article_id"], r["start"], r["end"], r),
    )


def passage(study: Study, article_id: str, start: int, end: int, row: Mapping) -> markup.Html:
    """The paragraph around a row, its words marked, with the row's codes; without the text its place alone."""
    text = study.texts.get(article_id, "")
    codes = {
        k: row[k] for k in ("frame", "actor", "voice", "source", "stance", "evaluation", "kind", "cue") if row.get(k)
    }
    said = "; ".join(f"{k}: {v}" for k, v in codes.items())
    head = f"{study.outlets[article_id]}, {row.get('place') or ''} ({article_id}, characters {start} to {end})"
    shown = f"<p><b>{markup.escape(head)}</b><br>{markup.escape(said)}</p>"
    if text:
        a, b = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        b = b if b >= 0 else len(text)
        shown += (
            f"<blockquote>{markup.escape(text[a:start])}<mark>{markup.escape(text[start:end])}</mark>"
            f"{markup.escape(text[end:b])}</blockquote>"
        )
    return markup.Html(shown, head)


# sources, charts, articles --------------------------------------------------------------------------------------------


def sources(study: Study):
    """Who speaks: filter by outlet, kind, institution and standing; a click shows what each is quoted with."""
    records = [r | {"outlet": study.outlets[r["article_id"]]} for r in study.sources.to_dict("records")]
    names = ("outlet", "name", "kind", "role", "affiliation", "affiliation_type", "affiliation_country", "is_expert")
    columns = {c: c.replace("_", " ") for c in (*names, "n_direct", "n_mixed", "n_indirect", "n_quoted_words")}
    if not live():
        return markup.table(records, caption="Who speaks", columns={"name": "name", **columns})

    def quotes(source: Mapping) -> markup.Html:
        q = study.quotes
        own = q[(q.article_id == source["article_id"]) & (q.source_id == source["source_id"])]
        shown = markup.Html("")
        for r in own.to_dict("records"):
            start = handcoding.start_of(r)
            end = int(r["spans"].rpartition("-")[2]) if r["spans"] else start
            place = study.place(r["article_id"], r["sentence"])
            shown += passage(study, r["article_id"], start, end, r | {"place": place})
        return shown

    filters = {c: columns[c] for c in ("outlet", "kind", "affiliation_type", "is_expert")}
    return _browser(records, label="Who speaks", columns=columns, filters=filters, detail=quotes)


def figures(study: Study):
    """The charts, with outlets switched on and off and, where a chart counts in several ways, its weights."""
    drawn = charts.catalogue()
    if not live():
        return next(iter(drawn.values()))(study)[0]
    import ipywidgets as w
    import matplotlib.pyplot as plt
    from IPython.display import display

    menu = w.Dropdown(options=list(drawn), description="chart")
    weights = w.Dropdown(options=list(charts.sources.WEIGHTS), description="weight")
    boxes = {a: w.Checkbox(value=True, description=name, indent=False) for a, name in study.outlets.items()}
    out = w.Output()

    def draw(_=None) -> None:
        chosen = [a for a, box in boxes.items() if box.value]
        with out:
            out.clear_output(wait=True)
            if not chosen:
                print("Switch on at least one outlet.")
                return
            weighted = "weight" in signature(drawn[menu.value]).parameters
            weights.layout.display = "" if weighted else "none"
            try:
                options = {"weight": weights.value} if weighted else {}
                fig, _table = drawn[menu.value](study.only(chosen), **options)
            except (ValueError, KeyError, IndexError) as error:
                print(f"This chart cannot be drawn for {', '.join(chosen)}: {error}")
                return
            display(fig)
            plt.close(fig)

    for control in (menu, weights, *boxes.values()):
        control.observe(draw, "value")
    draw()
    return w.VBox([w.HBox([menu, weights]), w.HBox(list(boxes.values())), out])


def article(study: Study, article_id: str) -> markup.Html:
    """The annotated article (redacted where its text is absent) inside the notebook, in a frame that runs no script."""
    from . import pages

    if article_id not in study.outlets:
        raise Refused(f"{article_id}: no such article in {study.folder}; there are {', '.join(study.outlets)}")
    page = pages.article_page(study, article_id, pages.split(study)[article_id], notebooks=Path())
    title = markup.escape(f"Annotated article: {study.outlets[article_id]}", attribute=True)
    source = markup.escape(page, attribute=True)
    frame = f'<iframe sandbox title="{title}" srcdoc="{source}" width="100%" height="640"></iframe>'
    return markup.Html(frame, f"The annotated article {article_id} needs a browser.")


# coding by hand -------------------------------------------------------------------------------------------------------


def code(study: Study, table: str = "frames", *, sample: int = 30, seed: int = 1, coder: str = "me"):
    """Code a blind sample by the codebook, with keys; saved to gold/ after every answer; ends with alpha.

    Raises corpus.Refused where texts are missing or `coder` cannot name a file.
    """
    if not live() and not study.texts:
        return markup.finding(
            "Hand coding needs the articles' texts; put them into {folder}.", folder=study.folder.name
        )
    session = handcoding.session(study, table, coder=coder, size=sample, seed=seed)
    if not live():
        caption = f"Agreement of {coder} with machine and gold (Krippendorff's alpha, 95 % interval)"
        return markup.table(handcoding.agreement(session), caption=caption)
    return _coding_widget(session)


def _coding_widget(session: handcoding.Session):
    import anywidget
    import ipywidgets as w
    import traitlets

    class Coder(anywidget.AnyWidget):
        _esm, _css = _part("coder.js"), _part("explore.css")
        unit = traitlets.Dict().tag(sync=True)

    coder, results = Coder(), w.HTML()
    questions = handcoding.variables(session.table)
    steps = [(i, v) for i in range(len(session.units)) for v in questions]
    at = session.open() * len(questions)

    def show(error: str = "") -> None:
        if at >= len(steps):
            coder.unit = {
                "progress": f"All {len(session.units)} units coded; saved in {session.path.name}.",
                "error": error,
            }
            results.value = _results(session)
            return
        index, variable = steps[at]
        results.value = ""
        coder.unit = _unit(session, index, variable) | {"error": error}

    def receive(_, message: Mapping, __) -> None:
        nonlocal at
        error = ""
        if message["kind"] == "answer" and at < len(steps):
            index, variable = steps[at]
            try:
                session.answer(index, variable["name"], message["value"])
                at += 1
            except (Refused, OSError) as problem:
                error = f"Not saved: {problem}"
        elif message["kind"] == "back":
            at = max(0, min(at, len(steps)) - 1)
        elif message["kind"] == "skip":
            at = min(len(steps), at + 1)
        show(error)

    coder.on_msg(receive)
    show()
    return w.VBox([coder, results])


def _unit(session: handcoding.Session, index: int, variable: Mapping) -> dict:
    """What the coder sees: the sentence with its term, the place, the question; never the machine's codes."""
    row, study = session.units[index], session.study
    article_id, start = session.unit(index)
    end = int(row["end"]) if row.get("end") else int(row["spans"].rpartition("-")[2])
    text = study.texts[article_id]
    own = study.sentences[(study.sentences.article_id == article_id) & (study.sentences.start <= start)]
    own = own[own.end > start]
    a = int(own.start.iloc[0]) if len(own) else text.rfind("\n", 0, start) + 1
    b = max(int(own.end.iloc[0]) if len(own) else (text.find("\n", end) + 1 or len(text) + 1) - 1, end)
    return {
        "progress": f"{index + 1} of {len(session.units)}: {variable['name']}",
        "before": text[a:start],
        "term": text[start:end],
        "after": text[end:b],
        "place": f"{study.outlets[article_id]}, {study.place(article_id, row.get('sentence'), row.get('zone', ''))}",
        "question": variable["question"],
        "choices": [dict(v) for v in variable["values"]],
        "answer": session.answers.get((article_id, start), {}).get(variable["name"], ""),
    }


def _results(session: handcoding.Session) -> str:
    caption = "Agreement with machine and gold (Krippendorff's alpha, 95 % bootstrap interval)"
    shown = markup.table(handcoding.agreement(session), caption=caption)
    if rows := handcoding.disagreements(session):
        shown += markup.table(rows, caption="Where you and the machine differ", links="")
    return shown.markup
