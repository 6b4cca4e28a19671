"""Charts of tone: plain beside masked, the words behind it, its course, voices, targets."""

from __future__ import annotations

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .. import tone
from . import style

PLAIN, MASKED = "all words", "without topic words and parts of names"
UP, DOWN = style.OUTLET_COLOURS[1], style.OUTLET_COLOURS[0]


def _paired(ax, table: pd.DataFrame, keys: list[str], study, *, headed: bool = False) -> dict[tuple, float]:
    """One line per key: plain as a hollow, masked as a full point, each with its interval. Returns key -> height.

    `headed` leaves a line free above every new value of the first key.
    """
    colour, marker = style.colours(list(study.outlets)), style.markers(list(study.outlets))
    groups = list(table.groupby(keys, sort=False))
    heights, y = {}, 0
    for i, (key, _) in enumerate(groups):
        y -= headed and (not i or key[0] != groups[i - 1][0][0])
        heights[key] = y
        y -= 1
    for key, own in groups:
        for r in own.itertuples():
            at = heights[key] + (0.15 if r.score == "plain" else -0.15)
            if pd.isna(r.value):
                continue
            ink = colour[r.article_id]
            if pd.notna(r.low):
                ax.plot([r.low, r.high], [at, at], color=ink, linewidth=2, alpha=0.45)
            face = style.PAPER if r.score == "plain" else ink
            ax.plot([r.value], [at], marker[r.article_id], color=ink, markerfacecolor=face, markersize=7)
    ax.set_ylim(y + 0.4, 0.6)
    style.zero(ax, x=0)
    ax.grid(axis="x")
    return heights


def _legend(fig) -> None:
    points = [
        Line2D([], [], marker="o", color=style.GREY, markerfacecolor=face, linewidth=2, markersize=7, label=label)
        for label, face in ((PLAIN, style.PAPER), (MASKED, style.GREY))
    ]
    fig.legend(handles=points, loc="outside lower center", ncols=2, fontsize=8.5)


def _label(ax, y: float, text: str) -> None:
    ax.annotate(text, (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=8.5, color=style.GREY)


def means(study):
    """Mean tone of every article, plain and masked."""
    table = tone.means(study)
    wide = table.pivot(index="outlet", columns="score", values="value")
    turned = [outlet for outlet in wide.index if wide.plain[outlet] * wide.masked[outlet] < 0]
    title = "Mean tone of each article, with and without the words of the topic"
    if turned:
        title = f"Without the words of the topic,\nthe mean of {' and '.join(turned)} changes sign"
    articles = list(study.outlets)
    fig, ax = style.figure(
        title, "Mean VADER score of the sentences, 95 % interval over paragraphs", height=1.7 + 0.55 * len(articles)
    )
    heights = _paired(ax, table, ["article_id"], study)
    ax.set_yticks(list(heights.values()), [study.outlets[article] for (article,) in heights])
    counts = table.drop_duplicates("article_id").set_index("article_id")
    for (article,), y in heights.items():
        _label(ax, y, f"{counts.sentences[article]} sentences\n{counts.paragraphs[article]} paragraphs")
    ax.set_xlabel("negative  ←  tone of the wording  →  positive")
    _legend(fig)
    return fig, table


def words(study, *, most: int = 7):
    """The words whose removal moves an article's mean most."""
    table = tone.without(study)
    table["size"] = table.change.abs()
    table = table.sort_values(["article_id", "size", "word"], ascending=[True, False, True], kind="stable")
    table = table.groupby("article_id", sort=False).head(most).drop(columns="size").reset_index(drop=True)
    articles = list(study.outlets)
    first = set(table.drop_duplicates("article_id").word)
    fig, axes = style.figure(
        f"No word moves the means as far as “{first.pop()}”" if len(first) == 1 else "The words behind each mean",
        "How far an article's mean would move if all occurrences of the word were left out (times it occurs)",
        height=1.4 + 0.24 * most,
        columns=len(articles),
        squeeze=False,
        sharex=True,
    )
    for ax, article in zip(axes[0], articles, strict=True):
        own = table[table.article_id == article][::-1]
        colours = [style.FAINT if aside else UP for aside in own.set_aside]
        ax.barh(range(len(own)), own.change, color=colours, edgecolor=style.GREY, linewidth=0.6)
        ax.set_yticks(range(len(own)), [f"{r.word} ({r.n})" for r in own.itertuples()])
        ax.set_title(study.outlets[article], loc="right", fontsize=10, fontweight="bold")
        ax.tick_params(axis="x", labelsize=8)
        style.zero(ax, x=0)
    handles = [
        Patch(facecolor=style.FAINT, edgecolor=style.GREY, label="topic word or part of a name"),
        Patch(color=UP, label="other word"),
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8.5)
    return fig, table


def shifts(study, *, most: int = 10):
    """Word shift between every two articles."""
    pairs = list(combinations(study.outlets, 2))
    tables = []
    fig, axes = style.figure(
        "Which words make one article sound brighter than the other",
        "Difference in a word's share, times its distance from the mean valence of both articles",
        height=1.3 + 0.24 * most,
        columns=max(1, len(pairs)),
        squeeze=False,
    )
    for ax, (one, other) in zip(axes[0], pairs, strict=False):
        own = tone.shift(study, one, other).head(most)
        own.insert(0, "one", study.outlets[one])
        own.insert(1, "other", study.outlets[other])
        tables.append(own)
        drawn = own[::-1]
        ax.barh(range(len(drawn)), drawn["shift"], color=[UP if v > 0 else DOWN for v in drawn["shift"]])
        ax.set_yticks(range(len(drawn)), [f"{r.word} {r.n_one}:{r.n_other}" for r in drawn.itertuples()], fontsize=8.5)
        ax.set_title(f"{study.outlets[one]} : {study.outlets[other]}", loc="right", fontsize=9.5, fontweight="bold")
        ax.set_xticks([])
        style.zero(ax, x=0)
    handles = [Patch(color=UP, label="first article brighter"), Patch(color=DOWN, label="second article brighter")]
    fig.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8.5)
    return fig, pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def strip(study):
    """Masked tone of every sentence in the order of the article, quoted sentences hatched."""
    articles = list(study.outlets)
    fig, axes = style.figure(
        "How the tone runs through each article",
        "One bar a sentence, as wide as it has words; topic words and parts of names left out",
        height=0.9 + 0.95 * len(articles),
        rows=len(articles),
        squeeze=False,
        sharey=True,
    )
    plt.rcParams["hatch.linewidth"] = 0.7
    table = study.sentences[
        ["article_id", "sentence", "start", "paragraph", "n_words", "n_quoted_words", "vader_masked"]
    ]
    table = table.assign(
        outlet=table.article_id.map(study.outlets), mostly_quoted=table.n_quoted_words * 2 > table.n_words
    )
    for ax, article in zip(axes[:, 0], articles, strict=True):
        own = table[table.article_id == article]
        width = own.n_words.to_numpy(dtype=float)
        left = np.concatenate([[0.0], np.cumsum(width)[:-1]]) / width.sum() * 100
        for r, x, w in zip(own.itertuples(), left, width / width.sum() * 100, strict=True):
            options = {"hatch": "//////", "edgecolor": style.INK} if r.mostly_quoted else {"edgecolor": style.PAPER}
            colour = UP if r.vader_masked > 0 else DOWN
            ax.bar(x, r.vader_masked, width=w, align="edge", color=colour, linewidth=0.3, **options)
            if r.mostly_quoted:
                ax.plot([x, x + w], [-1, -1], color=style.INK, linewidth=3, solid_capstyle="butt", clip_on=False)
        ax.set_title(study.outlets[article], loc="left", fontsize=10, fontweight="bold", pad=2)
        ax.set(xlim=(0, 100), ylim=(-1, 1), yticks=[-1, 0, 1])
        ax.tick_params(axis="y", labelsize=8)
        style.zero(ax, y=0)
        if ax is not axes[-1, 0]:
            ax.set_xticks([])
    axes[-1, 0].set_xlabel("per cent of the article's words")
    handles = [
        Patch(color=UP, label="positive"),
        Patch(color=DOWN, label="negative"),
        Patch(facecolor=style.PAPER, edgecolor=style.INK, hatch="//////", label="mostly inside quotation marks"),
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=8.5)
    return fig, table.reset_index(drop=True)


def voices(study):
    """The outlet's words against the words it quotes."""
    table = tone.voices(study)
    articles = list(study.outlets)
    fig, ax = style.figure(
        "The outlet's own words and the words it quotes",
        "Valence per 100 words outside and inside quotation marks, 95 % interval over paragraphs",
        height=1.6 + 0.42 * 2 * len(articles),
    )
    heights = _paired(ax, table, ["article_id", "voice"], study)
    said = {"outlet": "outside quotation marks", "quoted": "quoted"}
    ax.set_yticks(list(heights.values()), [f"{study.outlets[a]}, {said[v]}" for a, v in heights])
    _counts(ax, table, ["article_id", "voice"], heights, "lexicon_words", "words of valence")
    ax.set_xlabel("negative  ←  valence per 100 words  →  positive")
    _legend(fig)
    return fig, table


def towards(study):
    """Tone of the clauses around each target."""
    table = tone.towards(study)
    articles = list(study.outlets)
    targets = list(dict.fromkeys(table.target))
    fig, ax = style.figure(
        "Tone of the clauses in which each is named",
        f"Mean over mentions, 95 % interval over paragraphs; below {tone.ENOUGH} mentions nothing is shown",
        height=1.5 + 0.33 * (len(articles) + 1) * max(1, len(targets)),
    )
    heights = _paired(ax, table, ["target", "article_id"], study, headed=True)
    ax.set_yticks(list(heights.values()), [study.outlets[a] for _, a in heights], fontsize=8.5)
    _counts(ax, table, ["target", "article_id"], heights, "n", "mentions")
    for target in targets:
        top = max(y for (t, _), y in heights.items() if t == target) + 1
        ax.annotate(
            target, (0.005, top), xycoords=("axes fraction", "data"), va="center", fontweight="bold", fontsize=9
        )
    ax.set_xlabel("negative  ←  tone of the clause  →  positive")
    _legend(fig)
    return fig, table


def _counts(ax, table: pd.DataFrame, keys: list[str], heights: dict[tuple, float], column: str, unit: str) -> None:
    first = table.drop_duplicates(keys).set_index(keys)
    for key, y in heights.items():
        few = pd.isna(first.value[key])
        _label(ax, y, f"{first[column][key]} {unit}{': too few' if few else ''}")


def describe(table: pd.DataFrame, what: str, *keys: str) -> str:
    """A chart of plain and masked means in words."""
    parts = []
    for key, own in table.groupby(list(keys), sort=False):
        scores = {r.score: r.value for r in own.itertuples() if pd.notna(r.value)}
        said = (
            f"{scores['plain']:.2f} with all words, {scores['masked']:.2f} without topic words" if scores else "too few"
        )
        parts.append(f"{', '.join(key)}: {said}")
    return f"{what}. {'; '.join(parts)}.".replace("-", "−")


def describe_words(table: pd.DataFrame) -> str:
    """The words that move each mean most, in words."""
    first = table.groupby("outlet", sort=False).head(3)
    parts = [
        f"{outlet}: {', '.join(f'{r.word} {r.change:+.2f}' for r in own.itertuples())}"
        for outlet, own in first.groupby("outlet", sort=False)
    ]
    return f"Bars: how far the mean moves without a word. {'; '.join(parts)}.".replace("-", "−")


def describe_shifts(table: pd.DataFrame) -> str:
    """The first words of each word shift, in words."""
    parts = [
        f"{one} against {other}: {', '.join(own.word.head(4))}"
        for (one, other), own in table.groupby(["one", "other"], sort=False)
    ]
    return f"Word shifts, the words that matter most. {'; '.join(parts)}."


def describe_strip(table: pd.DataFrame) -> str:
    """The strip in words."""
    parts = [
        f"{outlet}: {len(own)} sentences, {int((own.vader_masked > 0).sum())} positive, "
        f"{int((own.vader_masked < 0).sum())} negative, {int(own.mostly_quoted.sum())} mostly quoted"
        for outlet, own in table.groupby("outlet", sort=False)
    ]
    return f"Bars of the tone of every sentence in order. {'; '.join(parts)}."


CHARTS = {
    "mean tone": means, "words behind the tone": words, "word shifts": shifts, "tone through the article": strip,
    "outlet's and quoted words": voices, "tone towards": towards,
}  # fmt: skip
