"""Charts of what cleaning kept and set aside."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from . import style

KINDS = {
    "body": ("body", "#0072b2"),
    "headline": ("headlines and crossheads", "#1a1a1a"),
    "kicker": ("headlines and crossheads", "#1a1a1a"),
    "standfirst": ("headlines and crossheads", "#1a1a1a"),
    "crosshead": ("headlines and crossheads", "#1a1a1a"),
    "byline": ("byline, date, caption", "#56b4e9"),
    "dateline": ("byline, date, caption", "#56b4e9"),
    "date": ("byline, date, caption", "#56b4e9"),
    "caption": ("byline, date, caption", "#56b4e9"),
    "related": ("other stories, menus, footers", "#d55e00"),
    "navigation": ("other stories, menus, footers", "#d55e00"),
    "footer": ("other stories, menus, footers", "#d55e00"),
    "audio": ("other stories, menus, footers", "#d55e00"),
}


def kept(study) -> pd.DataFrame:
    """Per article and zone: lines and words, and the zone's share of the page's words in per cent."""
    lines = study.lines[study.lines.zone != "blank"]
    counts = lines.groupby(["article_id", "zone"], sort=True).agg(lines=("line", "size"), words=("n_words", "sum"))
    counts = counts.reset_index()
    counts["share"] = (counts.words / counts.groupby("article_id").words.transform("sum") * 100).astype(float)
    counts.insert(0, "outlet", counts.article_id.map(study.outlets))
    return counts


def set_aside(study) -> pd.DataFrame:
    """Per article: words of the whole page, words of its body, share not of the body in per cent."""
    lines = study.lines
    page = lines.groupby("article_id").n_words.sum()
    body = lines[lines.zone == "body"].groupby("article_id").n_words.sum()
    share = ((1 - body / page) * 100).astype(float)
    return pd.DataFrame(
        {"outlet": page.index.map(study.outlets), "page": page, "body": body, "set_aside_percent": share}
    ).reset_index()


def barcode(study) -> tuple[Figure, pd.DataFrame]:
    """One stripe a line, its height the words in it, its colour what it is."""
    lines = study.lines[study.lines.zone != "blank"]
    articles = list(study.outlets)
    share = set_aside(study)
    low, high = share.set_aside_percent.min(), share.set_aside_percent.max()
    fig, axes = style.figure(
        f"Between {low:.0f} and {high:.0f} per cent of each page is not the article",
        "Every line of the saved pages from top to bottom; the longer the bar, the more words",
        height=0.9 + 1.05 * len(articles),
        rows=len(articles),
        squeeze=False,
    )
    for ax, article in zip(axes[:, 0], articles, strict=True):
        own = lines[lines.article_id == article].reset_index(drop=True)
        ax.bar(own.index, own.n_words.astype(int), width=0.86, color=[KINDS[z][1] for z in own.zone])
        ax.set_title(study.outlets[article], loc="left", fontsize=10, fontweight="bold", pad=2)
        ax.set(xticks=[], xlim=(-1, len(own)))
        ax.set_ylabel("words")
        ax.tick_params(axis="y", labelsize=8)
    legend = dict(KINDS.values())
    fig.legend(
        handles=[Patch(color=c, label=label) for label, c in legend.items()],
        loc="outside lower center",
        ncols=len(legend),
        fontsize=8.5,
    )
    table = lines[["article_id", "line", "start", "zone", "n_words", "rule"]].copy()
    table.insert(1, "outlet", table.article_id.map(study.outlets))
    return fig, table


def coverage(study) -> tuple[Figure, pd.DataFrame]:
    """When each article appeared, as far as its text or the catalogue says; a bar from the earliest possible day."""
    table = study.articles[["article_id", "outlet", "published", "published_kind", "not_before"]].copy()
    fig, ax = style.figure(
        "When the articles appeared, as far as anybody states it",
        "Dot: stated date. Bar: not before this day. No date is guessed.",
        height=0.95 + 0.42 * len(table),
    )
    colour, marker = style.colours(table.article_id), style.markers(table.article_id)
    for y, row in enumerate(table[::-1].itertuples()):
        stated = pd.to_datetime(row.published, errors="coerce")
        earliest = pd.to_datetime(row.not_before, errors="coerce")
        if pd.notna(earliest):
            end = stated if pd.notna(stated) else earliest + pd.Timedelta(days=2)
            ax.plot([earliest, end], [y, y], color=colour[row.article_id], linewidth=5, alpha=0.35)
        if pd.notna(stated):
            ax.plot([stated], [y], marker[row.article_id], color=colour[row.article_id], markersize=9)
            note = f"{row.published} ({row.published_kind or 'stated'})"
            ax.annotate(note, (stated, y), (9, 0), textcoords="offset points", va="center", fontsize=8.5)
        elif pd.notna(earliest):
            ax.annotate("no date stated", (end, y), (9, 0), textcoords="offset points", va="center", fontsize=8.5)
        else:
            ax.annotate("no date stated", (0.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=8.5)
    ax.set_yticks(range(len(table)), list(table[::-1].outlet))
    ax.margins(x=0.25, y=0.3)
    ax.xaxis.set_major_locator(style.mpl.dates.AutoDateLocator(maxticks=7))
    ax.xaxis.set_major_formatter(style.mpl.dates.DateFormatter("%-d %b %Y"))
    return fig, table


def whole_page(study) -> pd.DataFrame:
    """Per article, words and frame mentions: counted on the whole page and in its running text."""
    aside = set_aside(study)
    frames = study.frames
    page = frames.groupby("article_id").size()
    body = frames[frames.zone == "body"].groupby("article_id").size()
    table = aside[["article_id", "outlet"]].assign(words_page=aside.page, words_body=aside.body)
    table["mentions_page"] = table.article_id.map(page).fillna(0).astype(int)
    table["mentions_body"] = table.article_id.map(body).fillna(0).astype(int)
    outside = frames[frames.zone != "body"]
    table["rows"] = [style.row_ids("frames", outside[outside.article_id == a]) for a in table.article_id]
    return table


def uncleaned(study) -> tuple[Figure, pd.DataFrame]:
    """What a count of the whole page would have claimed beside that of the running text: paired dots."""
    table = whole_page(study)
    extra = int((table.mentions_page - table.mentions_body).sum())
    fig, axes = style.figure(
        f"The whole pages hold {extra} frame words more than their running text",
        "Filled: the running text. Hollow: with headings, captions, menus and other stories.",
        height=1.1 + 0.45 * len(table),
        columns=2,
        squeeze=False,
    )
    colour = style.colours(table.article_id)
    for ax, measure, label in zip(axes[0], ("words", "mentions"), ("words", "frame words"), strict=True):
        for y, row in enumerate(table[::-1].itertuples()):
            page, body = getattr(row, f"{measure}_page"), getattr(row, f"{measure}_body")
            ax.plot([body, page], [y, y], color=colour[row.article_id], linewidth=2, alpha=0.5, zorder=1)
            ax.plot([page], [y], "o", color=colour[row.article_id], markerfacecolor="white", markersize=9)
            ax.plot([body], [y], "o", color=colour[row.article_id], markersize=6)
            ax.annotate(f"+{page - body:,}", (page, y), (9, 0), textcoords="offset points", va="center", fontsize=8.5)
        ax.set_yticks(range(len(table)), list(table[::-1].outlet) if ax is axes[0][0] else [""] * len(table))
        ax.set_xlabel(label)
        ax.set_xlim(left=0)
        ax.margins(x=0.2, y=0.3)
    return fig, table


def describe_uncleaned(study) -> str:
    """The paired dots in words."""
    parts = [
        f"{r.outlet} {r.mentions_page} on the page, {r.mentions_body} in the running text"
        for r in whole_page(study).itertuples()
    ]
    return f"Paired dots of words and frame words, whole page against running text. Frame words: {'; '.join(parts)}."


def describe_kept(study) -> str:
    """The barcode in words, for readers who cannot see it."""
    parts = [f"{r.outlet} {r.set_aside_percent:.0f} per cent" for r in set_aside(study).itertuples()]
    return f"Bars, one a line, of {len(parts)} saved pages. Words that are not the article: {', '.join(parts)}."


def describe_dates(study) -> str:
    """The time line in words."""
    parts = [f"{r.outlet} {r.published or 'no date stated'}" for r in study.articles.itertuples()]
    return f"Time line of publication dates: {', '.join(parts)}."


CHARTS = {"lines of each page": barcode, "publication dates": coverage}
