"""Charts of who speaks the frame, and how far anybody stands behind it. Every mark is one mention and leads to it."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
from matplotlib.lines import Line2D

from .. import markup, statistics
from . import style

STANCES = ("asserted", "quoted_claim", "hedged", "questioned", "distanced", "negated")
NOT_OWNED = ("questioned", "distanced", "negated")  # what the speaker of the clause does not stand behind
VOICES = ("outlet", "official", "expert", "other")
DISPLAY = ("headline", "kicker", "standfirst", "crosshead", "caption")  # type set apart; other stories are not counted
COUNTER = "counter"
FRAME, RIVAL = style.OUTLET_COLOURS[1], style.OUTLET_COLOURS[0]
SHADES = {"asserted": "#08306b", "quoted_claim": "#4292c6", "hedged": "#9ecae1",
          "questioned": "#fdae6b", "distanced": "#e6550d", "negated": "#7f2704"}  # fmt: skip


_WORD = re.compile(r"\w+(?:'\w+)*")


# tables ---------------------------------------------------------------------------------------------------------------


def counted(study, *, tier: str = "core") -> pd.DataFrame:
    """Mentions of the study's own frames (not the counter family), one row each.

    Body and display type alike (`display` says which); headlines of other stories and navigation are left out. Adds
    outlet, place ("¶ 7, sentence 2"), position (0 to 1 through the body) and owned (0 or 1).
    """
    table = study.frames[(study.frames.family != COUNTER) & (study.frames.tier == tier)]
    return _placed(study, table)


def against(study) -> pd.DataFrame:
    """Mentions of the counter frames, like `counted`."""
    return _placed(study, study.frames[study.frames.family == COUNTER])


def _placed(study, table: pd.DataFrame) -> pd.DataFrame:
    table = table[(table.zone == "body") | table.zone.isin(DISPLAY)].reset_index(drop=True).copy()
    body = study.lines[study.lines.zone == "body"].groupby("article_id").agg(start=("start", "min"), end=("end", "max"))
    spans = [body.loc[a] for a in table.article_id]
    inside = [(int(s) - b.start) / (b.end - b.start) for s, b in zip(table.start, spans, strict=True)]
    table["outlet"] = table.article_id.map(study.outlets)
    table["label"] = table.frame.map(labels(study))
    table["place"] = [study.place(r.article_id, r.sentence, r.zone) for r in table.itertuples()]
    table["display"] = (table.zone != "body").astype(int)
    table["position"] = [min(1.0, max(0.0, float(x))) for x in inside]
    table["owned"] = (~table.stance.isin(NOT_OWNED)).astype(int)
    return table


def labels(study) -> dict[str, str]:
    """The codebook's name for each frame."""
    return {f.id: f.label for f in study.codebook.frames}


def rates(study) -> pd.DataFrame:
    """Per article: mentions in the body per 1,000 words with exact Poisson intervals, for each frame and all together.

    Adds where the first stands (`first`, share of the body) and how unevenly they spread over the paragraphs
    (`dp`, Gries 2008: 0 even, towards 1 clumped).
    """
    body = counted(study)
    body = body[body.display == 0]
    rows = []
    for article in study.outlets:
        own = body[body.article_id == article]
        sentences = study.sentences[study.sentences.article_id == article]
        sizes = sentences.groupby("paragraph").n_words.sum()
        words = int(sizes.sum())
        for frame in ("all", *sorted(set(body.frame))):
            some = own if frame == "all" else own[own.frame == frame]
            rate = statistics.garwood(len(some), words / 1000)
            spread = some.groupby("paragraph").size().reindex(sizes.index, fill_value=0)
            rows.append(
                {"article_id": article, "outlet": study.outlets[article], "frame": frame,
                 "label": labels(study).get(frame, frame), "mentions": len(some),
                 "words": words, "per_1000": rate.value, "low": rate.low, "high": rate.high,
                 "first": some.position.min() if len(some) else None,
                 "dp": statistics.dispersion(spread, sizes) if len(some) else None, "rows": row_ids(some)}
            )  # fmt: skip
    return pd.DataFrame(rows)


def ownership(study, *, frame: str | None = None, display: bool = True) -> pd.DataFrame:
    """Per article: mentions, how many nobody owns (questioned, distanced, negated), their share with its interval.

    `lowest` and `highest`: the number if every coding that the gold's coders disputed went one way or the other.
    """
    table = counted(study)
    table = table[(table.frame == frame) if frame else table.frame.notna()]
    table = table if display else table[table.display == 0]
    doubtful = disputed(study)
    rows = []
    for article, own in _by_article(study, table):
        held = own[own.owned == 0]
        open_ = [(article, int(s)) in doubtful for s in own.start]
        firm = sum(not o and not w for o, w in zip(open_, own.owned, strict=True))
        share = statistics.wilson(len(held), len(own))
        rows.append(
            {"article_id": article, "outlet": study.outlets[article], "not_owned": len(held), "mentions": len(own),
             "share": share.value, "low": share.low, "high": share.high, "disputed": sum(open_), "lowest": firm,
             "highest": firm + sum(open_), "rows": row_ids(held)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def disputed(study) -> set[tuple[str, int]]:
    """(article_id, start) of the mentions on which the coders of the gold did not agree."""
    gold = study.gold("frames")
    if gold.empty or "disputed" not in gold:
        return set()
    return {(r.article_id, int(r.start)) for r in gold.itertuples() if r.disputed == "1"}


def row_ids(table: pd.DataFrame) -> str:
    """The rows of a table of mentions, as ids that lead to their places."""
    return " ".join(f"frames:{a}:{s}" for a, s in zip(table.article_id, table.start, strict=True))


def _by_article(study, table: pd.DataFrame):
    return [(a, table[table.article_id == a]) for a in study.outlets]


# charts ---------------------------------------------------------------------------------------------------------------


def strips(study):
    """Where in each article the frame stands: peace above the line, what speaks against it below."""
    pro, contra = counted(study), against(study)
    fig, axes = style.figure(
        "Where the frame stands in each article",
        "From first to last word of the body; left of the line: display type. Hollow: nobody stands behind it.",
        height=1.2 + 1.0 * len(study.outlets),
        rows=len(study.outlets),
        squeeze=False,
    )
    shapes = dict(zip(sorted(set(pro.frame)), style.OUTLET_MARKERS, strict=False))
    for ax, article in zip(axes[:, 0], study.outlets, strict=True):
        ax.axhline(0, color=style.GREY, linewidth=0.8, zorder=0)
        ax.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
        seen: Counter = Counter()
        for table, side in ((pro, 1), (contra, -1)):
            for r in table[table.article_id == article].itertuples():
                x = -0.02 - 0.022 * seen["display", side] if r.display else r.position
                spot = round(r.position * 45)
                y = side * (0.4 + (0 if r.display else 0.42 * seen[spot, side]))
                seen["display" if r.display else spot, side] += 1
                _dot(ax, r, x, y, shapes.get(r.frame, "v"))
        ax.set(xlim=(-0.16, 1.02), ylim=(-1.9, 1.9), yticks=[], xticks=[])
        ax.set_title(study.outlets[article], loc="left", fontsize=10, fontweight="bold", pad=2)
        ax.spines["bottom"].set_visible(False)
    marks = [*((labels(study).get(k, k), m) for k, m in shapes.items()), ("counter frame (below)", "v")]
    handles = [Line2D([], [], marker=m, color="w", markeredgecolor=style.INK, label=n) for n, m in marks]
    for stance in STANCES:
        inside = style.PAPER if stance in NOT_OWNED else SHADES[stance]
        handles.append(Line2D([], [], marker="s", color="w", markerfacecolor=inside, markeredgecolor=SHADES[stance],
                              markeredgewidth=1.6, label=_plain(stance)))  # fmt: skip
    fig.legend(handles=handles, loc="outside lower center", ncols=5, fontsize=8.5)
    both = pd.concat([pro, contra])
    both["rows"] = [row_ids(both[i : i + 1]) for i in range(len(both))]
    shown = ["article_id", "outlet", "place", "zone", "position", "term", "frame", "family", "voice", "stance", "rows"]
    return fig, both[shown].sort_values(["article_id", "position", "term"])


def _dot(ax, row, x: float, y: float, marker: str, colour: str = "") -> None:
    """One mention, a link to its place; hollow if the stance is told by shade and nobody owns it."""
    shade = colour or SHADES[row.stance]
    inside = style.PAPER if not colour and not row.owned else shade
    edge = style.PAPER if inside == shade else shade
    (point,) = ax.plot([x], [y], marker, color=inside, markeredgecolor=edge, clip_on=False,
                       markersize=7, markeredgewidth=0.6 if inside == shade else 1.6)  # fmt: skip
    point.set_url(markup.href("frames", row.article_id, row.start))


def _plain(stance: str) -> str:
    return stance.replace("_", " ")


def lead(study) -> str:
    """The label of the frame that the study opens with."""
    return labels(study).get(study.codebook.study.get("lead_frame"), "frame")


def grid(study, *, frame: str | None = None):
    """Who says it, and does anybody own it: voice by stance, one dot a mention."""
    table = counted(study)
    table = table[table.frame == frame] if frame else table
    flat = table[(table.voice == "outlet") & (table.stance == "asserted")]
    label = labels(study).get(frame, "frame")
    fig, ax = style.figure(
        f"{len(flat)} of {len(table)} {label} mentions are flat statements of an outlet",
        "Rows: who makes the statement. Columns: how far it commits the speaker. Right of the line: not owned.",
        height=3.9,
    )
    colour, marker = style.colours(list(study.outlets)), style.markers(list(study.outlets))
    voices = [v for v in VOICES if (table.voice == v).any()]
    for i, voice in enumerate(voices[::-1]):
        for j, stance in enumerate(STANCES):
            cell = table[(table.voice == voice) & (table.stance == stance)]
            for k, r in enumerate(cell.itertuples()):
                x, y = j - 0.36 + 0.145 * (k % 6), i + 0.26 - 0.2 * (k // 6)
                _dot(ax, r, x, y, marker[r.article_id], colour[r.article_id])
            if len(cell):
                ax.annotate(len(cell), (j + 0.44, i - 0.44), ha="right", va="bottom", fontsize=8.5, color=style.GREY)
    for j in range(1, len(STANCES)):
        ax.axvline(j - 0.5, color=style.FAINT, linewidth=0.7)
    for i in range(1, len(voices)):
        ax.axhline(i - 0.5, color=style.FAINT, linewidth=0.7)
    ax.axvline(2.5, color=style.INK, linewidth=1.1)
    ax.set(xlim=(-0.5, len(STANCES) - 0.5), ylim=(-0.5, max(1, len(voices)) - 0.5))
    ax.set_xticks(range(len(STANCES)), [_plain(s) for s in STANCES])
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.set_yticks(range(len(voices)), voices[::-1])
    ax.spines["bottom"].set_visible(False)
    handles = [
        Line2D([], [], marker=marker[a], color="w", markerfacecolor=colour[a], markersize=8, label=o)
        for a, o in study.outlets.items()
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=len(handles), fontsize=8.5)
    counts = table.groupby(["voice", "stance", "article_id"]).size().rename("mentions").reset_index()
    counts["rows"] = [
        row_ids(table[(table.voice == r.voice) & (table.stance == r.stance) & (table.article_id == r.article_id)])
        for r in counts.itertuples()
    ]
    counts.insert(2, "outlet", counts.article_id.map(study.outlets))
    return fig, counts


def commitment(study, *, frame: str | None = None):
    """How far each outlet's article stands off: bars to the left owned, to the right not."""
    table = counted(study)
    table = table[table.frame == frame] if frame else table
    shares = ownership(study, frame=frame)
    fig, ax = style.figure(
        f"Nobody stands behind {shares.not_owned.sum()} of {shares.mentions.sum()} mentions of the frame",
        "Mentions in body and display type. Left of the line: somebody stands behind it. Right: nobody does.",
        height=1.5 + 0.55 * len(study.outlets),
    )
    rows = []
    for y, (article, own) in enumerate(_by_article(study, table)[::-1]):
        counts = Counter(own.stance)
        left = right = 0
        for stance in (*STANCES[2::-1], *STANCES[3:]):  # both sides grow from the line
            n, owned = counts[stance], stance not in NOT_OWNED
            start = -left - n if owned else right
            ax.barh(y, n, left=start, color=SHADES[stance], height=0.62, edgecolor=style.PAPER, linewidth=0.8)
            if n:
                dark = stance not in ("hedged", "questioned")
                ax.text(start + n / 2, y, n, ha="center", va="center", fontsize=9, color="w" if dark else style.INK)
            left, right = (left + n, right) if owned else (left, right + n)
            some = own[own.stance == stance]
            rows.append(
                {"article_id": article, "outlet": study.outlets[article], "stance": stance, "mentions": n,
                 "of": len(own), "rows": row_ids(some)}
            )  # fmt: skip
        share = shares[shares.article_id == article].iloc[0]
        ax.annotate(f"{share.not_owned} of {share.mentions}", (1.01, y), xycoords=("axes fraction", "data"),
                    va="center", fontsize=9.5, fontweight="bold", annotation_clip=False)  # fmt: skip
    style.zero(ax, x=0)
    ax.set_yticks(range(len(study.outlets)), list(study.outlets.values())[::-1])
    ax.annotate("not owned", (1.01, 1.0), xycoords="axes fraction", fontsize=8.5, color=style.GREY)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    handles = [Line2D([], [], marker="s", color="w", markerfacecolor=SHADES[s], markersize=9, label=_plain(s))
               for s in (*STANCES[:3], *STANCES[3:])]  # fmt: skip
    fig.legend(handles=handles, loc="outside lower center", ncols=6, fontsize=8.5)
    return fig, pd.DataFrame(rows[::-1])


def balance(study):
    """The frame against the frames that speak against it: rates with intervals; counter: at least."""
    pro, contra = counted(study), against(study)
    sizes = study.sentences.groupby("article_id").n_words.sum()
    rows = []
    for article in study.outlets:
        words = int(sizes.get(article, 0))
        for side, table in (("frame", pro), ("counter frame", contra)):
            own = table[(table.article_id == article) & (table.display == 0)]
            rate = statistics.garwood(len(own), words / 1000)
            rows.append(
                {"article_id": article, "outlet": study.outlets[article], "side": side, "mentions": len(own),
                 "at_least": int(side != "frame"), "words": words, "per_1000": rate.value, "low": rate.low,
                 "high": rate.high, "rows": row_ids(own)}
            )  # fmt: skip
    table = pd.DataFrame(rows)
    sides = table.pivot(index="article_id", columns="side", values="mentions")
    more = int((sides["counter frame"] >= sides["frame"]).sum()) if len(sides) else 0
    fig, ax = style.figure(
        f"In {more} of {len(sides)} articles the counter frames are at least as frequent",
        "Mentions per 1,000 words of body, exact Poisson interval: how little text this is. Counter frames: at least.",
        height=1.3 + 0.6 * len(study.outlets),
    )
    for y, (_, own) in enumerate(list(table.groupby("article_id", sort=False))[::-1]):
        for side, dy, colour, mark in (("frame", 0.13, FRAME, "o"), ("counter frame", -0.13, RIVAL, ">")):
            r = own[own.side == side].iloc[0]
            ax.plot([r.low, r.high], [y + dy] * 2, color=colour, linewidth=3, alpha=0.35, solid_capstyle="butt")
            ax.plot([r.per_1000], [y + dy], mark, color=colour, markersize=8, label=side if not y else None)
            least = "≥ " if r.at_least else ""
            ax.annotate(f"{least}{r.mentions}", (r.high, y + dy), (5, 0), textcoords="offset points", va="center",
                        fontsize=8.5, color=style.GREY)  # fmt: skip
    ax.set_yticks(range(len(study.outlets)), list(study.outlets.values())[::-1])
    ax.set_ylim(-0.5, len(study.outlets) - 0.5)
    ax.set_xlim(0)
    ax.set_xlabel("per 1,000 words")
    ax.grid(axis="x")
    fig.legend(loc="outside lower center", ncols=2, fontsize=8.5)
    return fig, table


def sensitivity(study, *, frame: str | None = None):
    """How the count of mentions nobody owns moves if every disputed coding of the gold went the other way."""
    table = ownership(study, frame=frame)
    fig, ax = style.figure(
        "What the disputed codings could change",
        "Mentions that nobody owns. Dot: as coded. Band: every disputed coding the one way, and the other.",
        height=1.2 + 0.45 * len(table),
    )
    for y, r in enumerate(table[::-1].itertuples()):
        ax.barh(y, r.mentions, height=0.5, color=style.FAINT, zorder=0)
        ax.plot([r.lowest, r.highest], [y, y], color=FRAME, linewidth=7, alpha=0.35, solid_capstyle="butt")
        ax.plot([r.not_owned], [y], "o", color=FRAME, markersize=9)
        note = f"{r.lowest} to {r.highest} of {r.mentions}, {r.disputed} disputed"
        ax.annotate(note, (r.mentions, y), (6, 0), textcoords="offset points", va="center", fontsize=8.5)
    ax.set_yticks(range(len(table)), list(table[::-1].outlet))
    ax.set_xlim(0, max([1, *table.mentions]) * 1.45)
    ax.set_xlabel("mentions (grey: all)")
    return fig, table


# display type, collocations -------------------------------------------------------------------------------------------


def headlines(study) -> pd.DataFrame:
    """Every mention in display type, beside how often the body of the same article owns the frame or does not."""
    pro = counted(study)
    body = pro[pro.display == 0].groupby("article_id")
    owned, all_ = body.owned.sum(), body.size()
    shown = pro[pro.display == 1].copy()
    shown["body_owned"] = [
        f"{int(owned.get(a, 0))} of {int(all_.get(a, 0))}" for a in shown.article_id
    ]  # a ratio of counts, not a number
    columns = ["article_id", "start", "outlet", "zone", "term", "voice", "stance", "evaluation", "body_owned"]
    return shown[columns]


def collocations(study, *, window: int = 5, least: int = 2) -> pd.DataFrame:
    """Words that keep company with the frame's terms, by log-likelihood (NLTK; Dunning 1993). Needs the texts.

    Pairs within `window` words that occur at least `least` times; empty where no text is present. With a handful of
    articles this describes these texts and nothing else.
    """
    from nltk.collocations import BigramCollocationFinder
    from nltk.metrics import BigramAssocMeasures

    from .. import language

    found = []
    for article, text in sorted(study.texts.items()):
        low = language.lower(language.fold(text))
        mine = counted(study)
        mine = mine[mine.article_id == article]
        for r in mine.sort_values("start", ascending=False).itertuples():
            low = f"{low[: r.start]}{_joined(low[r.start : r.end])}{low[r.end :]}"
        spans = study.sentences[study.sentences.article_id == article]
        pad: list[str | None] = [None] * window  # no pair reaches over the end of a sentence
        words = [w for a, b in zip(spans.start, spans.end, strict=True) for w in [*_WORD.findall(low[a:b]), *pad]]
        terms = {_joined(language.lower(language.fold(t))) for t in mine.term}
        finder = BigramCollocationFinder.from_words(words, window_size=window)
        finder.apply_freq_filter(least)
        finder.apply_ngram_filter(lambda a, b, terms=terms: (a in terms) == (b in terms))
        finder.apply_word_filter(lambda w, terms=terms: len(w) < 4 and w not in terms)
        for pair, score in finder.score_ngrams(BigramAssocMeasures.likelihood_ratio):
            term, word = sorted(pair, key=lambda w, terms=terms: w not in terms)
            found.append(
                {"outlet": study.outlets[article], "term": term.replace("_", " "), "word": word,
                 "together": int(finder.ngram_fd[pair]), "log_likelihood": float(score)}
            )  # fmt: skip
    return pd.DataFrame(found, columns=["outlet", "term", "word", "together", "log_likelihood"])


def _joined(term: str) -> str:
    """A term as one word of the same length, so that offsets hold."""
    return "".join(c if c.isalnum() else "_" for c in term)


# in words -------------------------------------------------------------------------------------------------------------


def describe_grid(table: pd.DataFrame) -> str:
    """The ownership grid in words."""
    cells = table.groupby(["voice", "stance"]).mentions.sum()
    parts = [f"{voice} {_plain(stance)} {n}" for (voice, stance), n in cells.items()]
    return f"Mentions by voice and stance: {', '.join(parts) or 'none'}."


def describe_strips(table: pd.DataFrame) -> str:
    """The strips in words."""
    parts = [
        f"{outlet}: {int((own.family != COUNTER).sum())} of the frame, {int((own.family == COUNTER).sum())} counter"
        for outlet, own in table.groupby("outlet", sort=False)
    ]
    return f"Marks along each article. {'; '.join(parts)}."


def describe_commitment(table: pd.DataFrame) -> str:
    """The commitment bars in words."""
    parts = []
    for outlet, own in table.groupby("outlet", sort=False):
        counts = ", ".join(f"{_plain(r.stance)} {r.mentions}" for r in own.itertuples() if r.mentions)
        parts.append(f"{outlet}: {counts or 'no mention'}")
    return f"Mentions by stance. {'; '.join(parts)}."


def describe_balance(table: pd.DataFrame) -> str:
    """Frame against counter frame in words."""
    parts = [f"{r.outlet} {r.side} {'at least ' * r.at_least}{r.mentions}" for r in table.itertuples()]
    return f"Mentions in the body: {', '.join(parts)}."


def describe_sensitivity(table: pd.DataFrame) -> str:
    """The bands in words."""
    parts = [
        f"{r.outlet} {r.not_owned}, between {r.lowest} and {r.highest}, of {r.mentions}" for r in table.itertuples()
    ]
    return f"Mentions nobody owns: {'; '.join(parts)}."


CHARTS = {"where the frame stands": strips, "voice by stance": grid, "how far articles stand off": commitment,
          "frame against counter frame": balance, "disputed codings": sensitivity}  # fmt: skip
