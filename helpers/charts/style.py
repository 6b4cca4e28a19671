"""The house style of all charts, and the one way out: `show` writes .svg, .png and the twin .csv."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import matplotlib.dates
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..corpus import write_aside

INK, GREY, FAINT, PAPER = "#1a1a1a", "#5c5c5c", "#d9d9d9", "#ffffff"
# Okabe and Ito (2008): told apart with any colour vision; a marker of its own goes with every colour.
OUTLET_COLOURS = ("#d55e00", "#0072b2", "#008060", "#cc79a7", "#e69f00", "#56b4e9", "#1a1a1a")
OUTLET_MARKERS = ("o", "s", "D", "^", "v", "P", "X")
WIDTH = 7.2  # inches: the text column of a page

mpl.rcParams.update(
    {
        "axes.axisbelow": True,
        "axes.edgecolor": GREY,
        "axes.grid": False,
        "axes.labelcolor": GREY,
        "axes.labelsize": 9,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.dpi": 100,
        "figure.facecolor": PAPER,
        "font.family": "DejaVu Sans",
        "font.size": 9.5,
        "grid.color": FAINT,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "savefig.facecolor": PAPER,
        "svg.fonttype": "none",  # text stays text: small files, the page's own type, found by a search
        "svg.hashsalt": "outlets-compared",
        "text.color": INK,
        "text.parse_math": False,  # money: "$190bn ... $147bn" is no formula
        "xtick.color": GREY,
        "xtick.labelsize": 9,
        "ytick.color": INK,
        "ytick.labelsize": 9.5,
        "ytick.major.size": 0,
    }
)


def colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each outlet (or article), in the order given."""
    return {name: OUTLET_COLOURS[i % len(OUTLET_COLOURS)] for i, name in enumerate(names)}


def markers(names: Sequence[str]) -> dict[str, str]:
    """A marker for each outlet (or article), in the order given."""
    return {name: OUTLET_MARKERS[i % len(OUTLET_MARKERS)] for i, name in enumerate(names)}


def figure(title: str, subtitle: str = "", *, height: float = 3.2, rows: int = 1, columns: int = 1, **options):
    """A figure with its point as the title, at the left as in a newspaper. Returns (figure, axes)."""
    fig, axes = plt.subplots(rows, columns, figsize=(WIDTH, height), layout="constrained", **options)
    plt.close(fig)  # `show` alone displays it: a notebook would show an open figure again, without its words
    lines = 1 + title.count("\n")
    top = 1 - (0.34 + 0.2 * (lines - 1) + 0.2 * bool(subtitle)) / height
    fig.get_layout_engine().set(rect=(0, 0, 1, top), w_pad=0.08, h_pad=0.06)
    fig.text(0.012, 1 - 0.05 / height, title, fontsize=12.5, fontweight="bold", va="top", linespacing=1.15)
    if subtitle:
        fig.text(0.012, 1 - (0.07 + 0.22 * lines) / height, subtitle, fontsize=9.5, color=GREY, va="top")
    return fig, axes


def zero(axes: Axes, *, x: float | None = None, y: float | None = None) -> None:
    """A line of reference that the eye finds at once."""
    if x is not None:
        axes.axvline(x, color=INK, linewidth=0.9, zorder=1)
    if y is not None:
        axes.axhline(y, color=INK, linewidth=0.9, zorder=1)


def row_ids(table: str, rows) -> str:
    """The ids of coded rows (a data frame with article_id and start) as one cell: "frames:cna:324 frames:cna:510"."""
    start = "start" if "start" in rows else "first_start"
    return " ".join(f"{table}:{a}:{int(s)}" for a, s in zip(rows.article_id, rows[start], strict=True) if s == s)


def show(fig: Figure, *, name: str, table, alt: str, caption: str) -> None:
    """Write figures/NAME.svg, .png and .csv (exactly the plotted numbers) and display the chart.

    `table` is a data frame or a list of dicts; `alt` says the point and the main values in words. A column `rows`
    (see `row_ids`) leads from each plotted number to the coded rows behind it; artists with an address
    (`artist.set_url(markup.href(table, article_id, start))`) are links in the page.
    """
    import pandas as pd
    from IPython.display import display

    folder = Path(os.environ.get("HELPERS_FIGURES", "../figures"))
    folder.mkdir(parents=True, exist_ok=True)
    frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame(table)
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    drawn = {}
    for kind, options in (("svg", {"metadata": {"Date": None, "Creator": None}}), ("png", {"dpi": 150})):
        out = io.BytesIO()
        if kind == "png":
            options["metadata"] = {"Software": None}
        fig.savefig(out, format=kind, **options)
        drawn[kind] = out.getvalue()
        write_aside(folder / f"{name}.{kind}", drawn[kind])
    write_aside(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
    plt.close(fig)
    described = {"alt": alt, "caption": caption, "name": name}
    display(
        {"image/svg+xml": drawn["svg"].decode(), "text/plain": alt},
        metadata={"image/svg+xml": described},
        raw=True,
    )
