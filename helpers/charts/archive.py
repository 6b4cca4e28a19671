"""Charts of a whole archive: outlets, frames and years, from its sums alone."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from ..archive import FEWEST, Archive
from . import style

MOST = 40  # outlets that one chart holds


def tone(archive: Archive) -> tuple[Figure, pd.DataFrame]:
    """Mean tone of the outlets with most articles, with its interval, beside the mean without topic words and names.

    Outlets with too few articles for an interval are shown only if no outlet has more.
    """
    means = archive.means("tone", "tone_masked")
    wide = means[means.measure == "tone"].merge(
        means.loc[means.measure == "tone_masked", ["outlet", "mean"]].rename(columns={"mean": "masked"}), on="outlet"
    )
    firm = wide.dropna(subset=["low"])
    table = (wide if firm.empty else firm).nlargest(MOST, "n").sort_values(["mean", "outlet"]).drop(columns="measure")
    table = table.reset_index(drop=True)
    [whole] = archive.means("tone", by=[])["mean"]
    apart = int(((table.low > whole) | (table.high < whole)).sum())
    fig, ax = style.figure(
        f"Too few articles to compare outlets (fewer than {FEWEST} each)"
        if firm.empty
        else f"{apart} of {len(table)} outlets differ from the mean of all articles",
        "Mean VADER compound of articles, 95 % interval; hollow: without topic words and names; line: all articles",
        height=1.4 + 0.21 * len(table),
    )
    places, colour = range(len(table)), style.OUTLET_COLOURS[1]
    ax.errorbar(table["mean"], places, xerr=(table.high - table["mean"]).fillna(0), fmt="o", color=colour)
    ax.plot(table.masked, places, "o", color=colour, markerfacecolor=style.PAPER, zorder=1)
    ax.set_yticks(places, [_named(o) for o in table.outlet])
    style.zero(ax, x=whole)
    return fig, table


def describe_tone(table: pd.DataFrame) -> str:
    said = [
        f"{_named(r.outlet)} {r.mean:.2f} (n {r.n})" for r in table[["outlet", "mean", "n"]].itertuples(index=False)
    ]
    return f"Mean tone of {len(table)} outlets: {'; '.join(said)}."


def frames(archive: Archive) -> tuple[Figure, pd.DataFrame]:
    """Share of articles that hold each frame: all outlets together, and each outlet with articles enough."""
    labels = {frame.id: frame.label for frame in archive.codebook.frames}
    whole = archive.frames(by=[]).sort_values(["share", "frame"])
    each = archive.frames(by=["outlet"])
    n = archive.means("words").set_index("outlet").n
    grid = pd.MultiIndex.from_product([n.index[n >= FEWEST], whole.frame], names=["outlet", "frame"])
    each = each.set_index(["outlet", "frame"]).reindex(grid, fill_value=0).reset_index()  # an outlet without it has 0
    each["of"] = each.outlet.map(n)
    whole.insert(0, "outlet", "all outlets")
    table = pd.concat([whole, each], ignore_index=True)
    table["label"] = table.frame.map(lambda frame: labels.get(frame, frame))
    top = whole.frame.iloc[-1] if len(whole) else ""
    title = f"The commonest frame: {labels.get(top, top)}" if top else "No frame was found"
    fig, ax = style.figure(
        title,
        f"Share of articles that hold a frame, per cent; grey: single outlets of {FEWEST} articles and more",
        height=1.4 + 0.32 * len(whole),
    )
    place = {frame: i for i, frame in enumerate(whole.frame)}
    ax.plot(100 * each.share, each.frame.map(place), "|", color=style.GREY, markersize=11)
    ax.plot(100 * whole.share, whole.frame.map(place), "o", color=style.OUTLET_COLOURS[0])
    ax.set_yticks(range(len(place)), [labels.get(frame, frame) for frame in place])
    ax.set_xlim(left=0)
    return fig, table


def describe_frames(table: pd.DataFrame) -> str:
    whole = table[table.outlet == "all outlets"].sort_values("share", ascending=False)
    said = [f"{r.label} {100 * r.share:.1f} per cent" for r in whole.itertuples()]
    return f"Share of articles that hold a frame: {'; '.join(said) or 'none'}."


def years(archive: Archive) -> tuple[Figure, pd.DataFrame]:
    """Tone and frame terms by year, with intervals; articles without a date are left out."""
    named = {"tone": "tone (VADER)", "frame_terms_per_1000_words": "frame terms per 1,000 words"}
    found = archive.means(*named, by=["year"])
    table = found[found.year != ""].reset_index(drop=True)
    span = f"{table.year.min()} to {table.year.max()}" if len(table) else "no dates stated"
    fig, axes = style.figure(
        f"Tone and frames over the years, {span}", "Means over articles, with 95 % interval", height=3, columns=2
    )
    for ax, (measure, heading) in zip(axes, named.items(), strict=True):
        own = table[table.measure == measure]
        ax.errorbar(
            range(len(own)),
            own["mean"],
            yerr=(own.high - own["mean"]).fillna(0),
            fmt="o-",
            color=style.OUTLET_COLOURS[1],
        )
        ax.set_xticks(range(len(own)), own.year, rotation=60 if len(own) > 6 else 0)
        ax.set_title(heading, loc="left", fontsize=9.5, color=style.GREY)
    return fig, table


def describe_years(table: pd.DataFrame) -> str:
    said = [f"{r.year} {r.mean:.2f}" for r in table[table.measure == "tone"][["year", "mean"]].itertuples(index=False)]
    return f"Mean tone by year: {'; '.join(said) or 'no dates stated'}."


def _named(outlet: str) -> str:
    return outlet or "not stated"
