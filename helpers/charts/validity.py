"""Charts of how well the coders code: agreement and shares with intervals, confusions, benchmarks, power."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import markup, reliability, statistics, validity
from . import style

TENTATIVE, RELIABLE = 0.667, 0.8  # Krippendorff's marks for tentative and for firm conclusions
MACHINE, CEILING, TOOL = style.OUTLET_COLOURS[1], style.INK, style.OUTLET_COLOURS[0]
SIZES = (20, 32, 60, 100, 200, 400)
LEVELS = (0.85, 0.9, 0.95)

MISSES = {"place": "place", "article_id": "article", "error": "what", "gold": "gold", "coded": "coder"}

OURS = {
    "measure": "measure",
    "value": "coder",
    "low": "from",
    "high": "to",
    "n": "n",
    "human": "people",
    "target": "aim",
}
ANCHORS = {"task": "task", "measure": "measure", "who": "who", "value": "score", "n": "n", "measured_on": "measured on"}
ANCHORS |= {"source": "source"}


def missed(study, table: str, *, otherwise: str, absent: str) -> markup.Html:
    """Where coder and gold part: rows read `otherwise`, linked to the row, and rows `absent`, linked to the line."""
    rows, shown = validity.misses(study, table), markup.Html("")
    for found, caption, links in ((1, otherwise, table), (0, absent, "lines")):
        some = rows[rows.found == found]
        columns = {k: v for k, v in MISSES.items() if found or k != "coded"}
        head = markup.table(some, caption=caption, columns=columns, links=links)
        shown += head if len(some) else markup.finding("{caption}: none.", caption=caption)
    return shown


def ceilings(study) -> pd.DataFrame:
    """How far coders of the gold agreed with each other: table, measure, value, n, between."""
    path = study.folder / "gold" / "agreement.csv"
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=["table", "measure", "value", "n", "between"])


def scored(study, *, agreement: bool) -> pd.DataFrame:
    """The measured alphas (`agreement`) or shares, with the gold coders' own value as `ceiling` and the target."""
    table = validity.measures(study)
    is_alpha = table.measure.str.contains("alpha")
    table = table[is_alpha if agreement else ~is_alpha & table.low.notna()]
    table = table[table.value.notna() & ~table.measure.str.contains("articles")]
    known = ceilings(study)[["table", "measure", "value"]].rename(columns={"value": "ceiling"})
    marks = validity.gates(study)[["table", "measure", "target"]]
    return table.merge(known, how="left").merge(marks, how="left").reset_index(drop=True)


def _rows(ax, table: pd.DataFrame, labels: list[str]) -> None:
    """One line a row: interval and point, the ceiling as a hollow diamond, the target as a tick, n at the right."""
    for y, r in enumerate(table[::-1].itertuples()):
        if pd.notna(r.low):
            ax.plot([r.low, r.high], [y, y], color=MACHINE, linewidth=3, alpha=0.4, solid_capstyle="butt")
        ax.plot([r.value], [y], "o", color=MACHINE, markersize=7, label="coder, 95 % interval" if not y else None)
        if pd.notna(r.ceiling):
            ax.plot([r.ceiling], [y], "D", color=CEILING, markerfacecolor="none", markersize=7, zorder=4)
        if pd.notna(r.target):
            ax.plot([r.target] * 2, [y - 0.32, y + 0.32], color=TOOL, linewidth=1.8)
        ax.annotate(f"n {r.n}", (1.03, y), va="center", fontsize=8.5, color=style.GREY, annotation_clip=False)
    ax.set_yticks(range(len(table)), labels[::-1])
    ax.set_ylim(-0.6, len(table) - 0.4)


def forest(study):
    """Krippendorff's alpha of coder and gold for every variable that has a gold coding."""
    table = scored(study, agreement=True)
    fig, ax = style.figure(
        "Agreement of the coders with the gold",
        "Krippendorff's alpha. Dot: coder, with 95 % interval. Diamond: gold coders among each other. Tick: aim.",
        height=1.3 + 0.3 * max(1, len(table)),
    )
    lowest = min([0.4, *table.low.dropna()]) if len(table) else 0.4
    for mark in (TENTATIVE, RELIABLE):
        ax.axvline(mark, color=style.GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
        ax.annotate(f"{mark:g}"[1:], (mark, 1), (0, 2), xycoords=("data", "axes fraction"),
                    textcoords="offset points", ha="center", fontsize=8.5, color=style.GREY)  # fmt: skip
    _rows(ax, table, [f"{r.table}: {r.measure.removesuffix(' alpha')}" for r in table.itertuples()])
    ax.set_xlim(lowest - 0.02, 1.02)
    return fig, table


def shares(study):
    """What is found, and what of the found is right: shares with Wilson intervals and the aims."""
    table = scored(study, agreement=False)
    fig, ax = style.figure(
        "What the coders find, and how much of it is right",
        "Share of rows. Dot: coder, with 95 % interval. Diamond: a second gold coder. Tick: aim.",
        height=1.2 + 0.26 * max(1, len(table)),
    )
    _rows(ax, table, [f"{r.table}: {r.measure}" for r in table.itertuples()])
    ax.set_xlim(-0.02, 1.02)
    ax.grid(axis="x")
    return fig, table


def confusions(study, *, table: str = "frames", variables: tuple[str, ...] | None = None, tier: str = "core"):
    """What is taken for what: gold in rows, coder in columns, counts in the cells."""
    variables = variables or validity.VARIABLES[table]
    grids = {v: reliability.confusion(study, table, v, tier=tier) for v in variables}
    grids = {v: g for v, g in grids.items() if len(g)}
    fig, axes = style.figure(
        "What the coder takes for what",
        "Rows: gold. Columns: coder. Off the diagonal: errors.",
        height=3.4 if grids else 1.2,
        columns=max(2, len(grids)),
        squeeze=False,
    )
    rows = []
    for ax, (variable, grid) in zip(axes[0], grids.items(), strict=False):
        counts = grid.to_numpy()
        shade = counts / np.maximum(1, counts.sum(1, keepdims=True))
        ax.imshow(shade, cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
        for i, j in np.ndindex(counts.shape):
            if counts[i, j]:
                dark = shade[i, j] > 0.75
                weight = "normal" if i == j else "bold"
                colour = style.PAPER if dark else style.INK
                ax.text(j, i, counts[i, j], ha="center", va="center", color=colour, fontweight=weight, fontsize=9)
            rows.append({"variable": variable, "gold": grid.index[i], "coder": grid.columns[j], "n": counts[i, j]})
        names = [str(name).replace("_", " ") for name in grid.index]
        ax.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor", fontsize=8)
        ax.set_yticks(range(len(names)), names, fontsize=8)
        ax.set_title(f"{variable} (n {counts.sum()})", fontsize=9.5, loc="left")
        ax.spines["bottom"].set_visible(False)
    for ax in axes[0][len(grids) :]:
        ax.set_axis_off()
    return fig, pd.DataFrame(rows, columns=["variable", "gold", "coder", "n"])


def outside() -> pd.DataFrame:
    """Scores on public benchmarks by measure, with the anchors: label, value, low, high, n, human, target, tools."""
    scores = {(r["task"], r["measure"]): r for r in validity.data("benchmarks.csv")}
    anchors = pd.DataFrame(validity.data("anchors.csv"))
    rows = []
    for shown in validity.data("benchmark_measures.csv"):
        if (shown["task"], shown["measure"]) not in scores:
            continue
        own = anchors[(anchors.task == shown["task"]) & (anchors.measure == shown["anchor"])]
        known = {role: group.value.astype(float).tolist() for role, group in own.groupby("role")}
        target = known.get("target", []) if shown["aim"] == "1" else []
        tools = "; ".join(f"{r.who} {r.value}" for r in own[own.role == "tool"].itertuples())
        score = scores[shown["task"], shown["measure"]]
        numbers = {k: float(score[k]) if score[k] else None for k in ("value", "low", "high")}
        rows.append(
            {"task": shown["task"], "measure": shown["label"], "part": score["part"], **numbers, "n": int(score["n"])}
            | {"human": max(known.get("human", [None])), "target": target[0] if target else None, "tools": tools}
        )
    columns = ["task", "measure", "part", "value", "low", "high", "n", "human", "target", "tools"]
    return pd.DataFrame(rows, columns=columns)


def benchmarks(study=None):
    """Scores on public benchmarks of other news, beside other tools and people."""
    table = outside()
    anchors = pd.DataFrame(validity.data("anchors.csv"))
    fig, ax = style.figure(
        "On other people's news, with other people's gold",
        "Dot: this coder on the part its rules were tuned on. Cross: other tools. Diamond: people. Tick: aim.",
        height=1.3 + 0.3 * max(1, len(table)),
    )
    _rows(ax, table.rename(columns={"human": "ceiling"}), list(table.measure))
    labels = {r["label"]: (r["task"], r["anchor"]) for r in validity.data("benchmark_measures.csv")}
    for y, r in enumerate(table[::-1].itertuples()):
        task, anchor = labels[r.measure]
        tools = anchors[(anchors.task == task) & (anchors.measure == anchor) & (anchors.role == "tool")]
        ax.plot(tools.value.astype(float), [y] * len(tools), "x", color=style.GREY, markersize=6, zorder=1)
    ax.set_xlim(0, 1.02)
    ax.grid(axis="x")
    return fig, table


def powers(study, *, variable: str = "stance"):
    """How likely the lower bound of alpha reaches the reliable mark, by the number of coded mentions."""
    core = [r for r in validity.gold(study, "frames") if r["tier"] == "core"]
    held = pd.Series([r[variable] for r in core]).value_counts().to_numpy() if core else np.ones(4)
    rows = [
        {"alpha": level, "n": n, "probability": statistics.power(level, n, held, mark=RELIABLE)}
        for level in LEVELS
        for n in SIZES
    ]
    table = pd.DataFrame(rows)
    fig, ax = style.figure(
        "How many coded mentions it takes to be sure",
        f"Probability that the interval of alpha stays above {RELIABLE:g}, if the true alpha is …",
        height=3.2,
    )
    for (level, own), colour, mark in zip(
        table.groupby("alpha"), style.OUTLET_COLOURS, style.OUTLET_MARKERS, strict=False
    ):
        ax.plot(own.n, own.probability, color=colour, marker=mark, markersize=5)
        ax.annotate(f"{level:g}"[1:], (own.n.iloc[-3], own.probability.iloc[-3]), (0, 7),
                    textcoords="offset points", ha="right", color=colour, fontsize=9.5)  # fmt: skip
    if core:
        ax.axvline(len(core), color=style.GREY, linewidth=0.9, linestyle=(0, (4, 3)))
        ax.annotate(f"this gold: {len(core)}", (len(core), 1.02), (3, 0), textcoords="offset points", fontsize=8.5)
    ax.set_xscale("log")
    ax.set_xticks(SIZES, [str(n) for n in SIZES])
    ax.minorticks_off()
    ax.set_xlabel("mentions coded by two coders")
    ax.set_ylim(-0.03, 1.1)
    ax.grid(axis="y")
    return fig, table


def describe(table: pd.DataFrame, what: str) -> str:
    """A chart of measures in words, for readers who cannot see it."""
    name = table.table + " " + table.measure if "table" in table else table.measure
    parts = [f"{n} {v:.2f}" for n, v in zip(name, table.value, strict=True) if pd.notna(v)]
    return f"{what}: {', '.join(parts) or 'nothing measured yet'}."


def describe_powers(table: pd.DataFrame) -> str:
    """The power curves in words."""
    parts = [
        f"true alpha {level:g}: " + ", ".join(f"{r.probability:.2f} at {r.n}" for r in own.itertuples())
        for level, own in table.groupby("alpha")
    ]
    return f"Probability that the interval stays above {RELIABLE:g}, by number of mentions. {'; '.join(parts)}."


CHARTS = {"agreement with the gold": forest, "found and right": shares, "confusions": confusions,
          "benchmarks": benchmarks, "power": powers}  # fmt: skip
