"""Charts of who speaks: words and places per source, standing, all voices and chosen ones, named and never heard."""

from __future__ import annotations

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .. import markup, sources, statistics
from . import style

# class of a source -> colour, marker, hatch: never colour alone
CLASSES = {
    "named expert": (style.OUTLET_COLOURS[1], "o", ""),
    "unnamed expert": (style.OUTLET_COLOURS[5], "o", "////"),
    "state or official": (style.OUTLET_COLOURS[0], "s", ""),
    "unnamed official": (style.OUTLET_COLOURS[4], "s", "////"),
    "other": ("#8c8c8c", "D", ".."),
    "author": (style.INK, "^", ""),
}
DIMENSIONS = {
    "source": "source_id",
    "kind": "source_kind",
    "institution": "affiliation_type",
    "country": "affiliation_country",
}
VIEWS = ("all voices", "chosen sources")
SHOWN = 9  # sources per article in the chart of words; the rest is summed


def speech(study) -> pd.DataFrame:
    """One row an attribution of the core: article, outlet, source and its standing, class, chosen, place and words."""
    quotes = study.quotes[(study.quotes.status == "core") & (study.quotes.source_id != "")].reset_index(drop=True)
    again = [flag for _, own in quotes.groupby("article_id") for flag in sources.repeated(own.to_dict("records"))]
    quotes = quotes.sort_values("article_id", kind="stable", ignore_index=True)
    quotes.loc[again, ["n_words", "n_quoted_words"]] = 0  # a source's words count once
    people = study.sources.drop(columns=["n_quoted_words"]).rename(columns={"kind": "source_kind"})
    rows = quotes.merge(people, on=["article_id", "source_id"])
    rows["start"] = rows.spans.str.partition("-")[0].astype(int)
    rows["outlet"] = rows.article_id.map(study.outlets)
    rows["group"] = [class_of(r | {"kind": r["source_kind"]}) for r in rows.to_dict("records")]
    rows["chosen"] = rows.central_actor == ""
    length = study.articles.set_index("article_id").n_chars
    rows["position"] = rows.start / rows.article_id.map(length).astype(float)
    return rows.sort_values(["article_id", "start"], kind="stable", ignore_index=True)


def class_of(row: dict) -> str:
    """The class of a source, from its voice and whether it is named."""
    voice = sources.voice(row)
    if voice == "outlet":
        return "author"
    if voice == "expert":
        return "named expert" if row["named"] == 1 else "unnamed expert"
    if voice == "official":
        return "state or official" if row["named"] == 1 else "unnamed official"
    return "other"


def words(study) -> pd.DataFrame:
    """Per article and source: name, class, role, institution, attributions, words attributed and quoted; most first."""
    rows = speech(study)
    keys = ["article_id", "outlet", "source_id", "name", "group", "role", "affiliation", "affiliation_country"]
    table = rows.groupby(keys, sort=False).agg(
        attributions=("spans", "size"), words=("n_words", "sum"), quoted=("n_quoted_words", "sum"),
        start=("first_start", "first"),
    )  # fmt: skip
    order = {a: i for i, a in enumerate(study.outlets)}
    table = table.reset_index()
    table["rank"] = table.article_id.map(order)
    table = table.sort_values(["rank", "words", "start"], ascending=[True, False, True], ignore_index=True)
    return table.drop(columns="rank")


def share(study, by: str = "group") -> pd.DataFrame:
    """Per outlet and class (or another column): attributions, quoted words and their shares in per cent."""
    rows = speech(study)
    rows[by] = rows[by].replace("", "not stated")
    table = rows.groupby(["outlet", by], sort=False).agg(
        sources=("source_id", "nunique"), attributions=("spans", "size"), quoted=("n_quoted_words", "sum")
    )
    table = table.reset_index()
    for column in ("attributions", "quoted"):
        whole = table.groupby("outlet")[column].transform("sum").astype(float)
        table[f"{column}_share"] = (table[column] / whole.where(whole > 0) * 100).astype(float)
    return table.sort_values(["outlet", "attributions"], ascending=[True, False], ignore_index=True)


def strip(study):
    """Every attribution at its place in the article, one row a class; the larger, the more words; a link each."""
    rows = speech(study)
    articles, groups = list(study.outlets), [g for g in CLASSES if g in set(rows.group)]
    fig, axes = style.figure(
        "Who gets the word, and when",
        "A mark for each attribution; area: words attributed. Filled: named source, hollow: unnamed.",
        height=0.9 + (0.55 + 0.24 * max(1, len(groups))) * len(articles), rows=len(articles), squeeze=False,
        sharex=True,
    )  # fmt: skip
    for ax, article in zip(axes[:, 0], articles, strict=True):
        for y, group in enumerate(groups[::-1]):
            colour, marker, _ = CLASSES[group]
            ax.axhline(y, color=style.FAINT, linewidth=0.6, zorder=0)
            for r in rows[(rows.article_id == article) & (rows.group == group)].itertuples():
                face = colour if r.named == 1 else "none"
                dot = ax.scatter(
                    [r.position], [y], s=12 + 3 * int(r.n_words), marker=marker, facecolor=face, edgecolor=colour,
                    linewidth=1.2, alpha=0.85,
                )  # fmt: skip
                dot.set_urls([markup.href("quotes", r.article_id, r.start)])
        ax.set_yticks(range(len(groups)), groups[::-1])
        ax.set(xlim=(-0.01, 1.01), ylim=(-0.7, len(groups) - 0.3), xticks=[])
        ax.set_title(study.outlets[article], loc="left", fontsize=10, fontweight="bold", pad=2)
    ax.set_xticks([0, 1], ["first word", "last word"])
    columns = ["article_id", "outlet", "start", "position", "group", "source_id", "named", "source_kind", "n_words"]
    table = rows[columns].copy()
    table["rows"] = [f"quotes:{r.article_id}:{r.start}" for r in rows.itertuples()]
    return fig, table


def bars(study):
    """Words attributed to each source, the quoted ones dark; the class by colour and mark."""
    table, parts = words(study), []
    for article in study.outlets:
        own = table[table.article_id == article]
        parts.append(own.iloc[:SHOWN])
    shown = pd.concat(parts, ignore_index=True) if parts else table
    heights = [max(1, (shown.article_id == a).sum()) for a in study.outlets]
    fig, axes = style.figure(
        "How many words are whose",
        f"Words attributed to a source (pale: reported, dark: in quotation marks); at most {SHOWN} sources an article",
        height=1.0 + 0.42 * len(heights) + 0.24 * sum(heights), rows=len(heights), squeeze=False, sharex=True,
        gridspec_kw={"height_ratios": heights},
    )  # fmt: skip
    for ax, article in zip(axes[:, 0], study.outlets, strict=True):
        own = shown[shown.article_id == article][::-1].reset_index(drop=True)
        for y, r in enumerate(own.itertuples()):
            colour, marker, _ = CLASSES[r.group]
            ax.barh(y, int(r.words), color=colour, alpha=0.3, height=0.66)
            ax.barh(y, int(r.quoted), color=colour, height=0.66)
            ax.plot([int(r.words)], [y], marker, color=colour, markersize=4.5, zorder=3)
            label = f"{int(r.words)}, {int(r.quoted)} quoted"
            ax.annotate(label, (int(r.words), y), (7, 0), textcoords="offset points", va="center", fontsize=8)
        ax.set_yticks(range(len(own)), [_short(n) for n in own.name], fontsize=8.5)
        ax.set_title(study.outlets[article], loc="left", fontsize=10, fontweight="bold", pad=2)
        ax.margins(x=0.22)
        ax.set_ylim(-0.6, max(1, len(own)) - 0.4)
    _legend(fig, [g for g in CLASSES if g in set(shown.group)])
    shown = shown.assign(rows=[f"sources:{r.article_id}:{int(r.start)}" for r in shown.itertuples()])
    return fig, shown


def _short(name: str, length: int = 34) -> str:
    return name if len(name) <= length else name[: length - 1].rstrip() + "…"


def _legend(fig, groups) -> None:
    handles = [
        Line2D([], [], color=CLASSES[g][0], marker=CLASSES[g][1], linestyle="", markersize=7, label=g) for g in groups
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=min(6, len(handles) or 1), fontsize=8.5)


WEIGHTS = {"attributions": "attributions", "persons": "sources, each once an article", "words": "words attributed"}


def views(study, *, weight: str = "attributions") -> pd.DataFrame:
    """Per outlet, view (all voices, chosen sources) and class: the weight summed, share in per cent, n of the view.

    weight: attributions, persons (a source once an article) or words (attributed to it).
    """
    rows = speech(study)
    parts = []
    for view in VIEWS:
        own = rows if view == VIEWS[0] else rows[rows.chosen]
        if weight == "persons":
            own = own.drop_duplicates(["article_id", "source_id"])
        grouped = own.groupby(["outlet", "group"], sort=False)
        counts = (grouped.n_words.sum() if weight == "words" else grouped.size()).rename(weight).reset_index()
        counts.insert(1, "view", view)
        parts.append(counts)
    table = pd.concat(parts, ignore_index=True)
    table["n"] = table.groupby(["outlet", "view"])[weight].transform("sum")
    table["share"] = (table[weight] / table.n * 100).astype(float)
    return table


def balance(study, *, weight: str = "attributions"):
    """Shares of the classes per outlet, all voices above the chosen sources, by one of WEIGHTS."""
    table = views(study, weight=weight)
    outlets = list(dict.fromkeys(study.outlets.values()))
    fig, ax = style.figure(
        "Without the story's protagonists, who is left?",
        f"Share of {WEIGHTS[weight]}. Upper bar: all voices; lower bar: chosen sources, protagonists left out",
        height=1.2 + 0.8 * len(outlets),
    )
    ticks, names = [], []
    for i, outlet in enumerate(outlets[::-1]):
        for j, view in enumerate(VIEWS[::-1]):
            y, left = i * 1.2 + j * 0.5, 0.0
            own = table[(table.outlet == outlet) & (table["view"] == view)].set_index("group")
            for group, (colour, _, hatch) in CLASSES.items():
                if group not in own.index:
                    continue
                r = own.loc[group]
                ax.barh(y, r.share, left=left, height=0.42, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8)
                if r.share >= 6:
                    box = {"facecolor": colour, "edgecolor": "none", "pad": 1.5}
                    middle = left + r.share / 2, y, str(r[weight])
                    ax.text(*middle, ha="center", va="center", fontsize=8.5, color=style.PAPER, bbox=box)
                left += r.share
            ticks.append(y)
            names.append(f"{outlet}, {view} (n {own.n.iloc[0] if len(own) else 0})")
    ax.set_yticks(ticks, names, fontsize=8.5)
    ax.set(xlim=(0, 100), xlabel=f"per cent of {weight}")
    used = [g for g in CLASSES if g in set(table.group)]
    handles = [Patch(facecolor=CLASSES[g][0], hatch=CLASSES[g][2], edgecolor="white", label=g) for g in used]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=8.5)
    return fig, table


def heard(study) -> pd.DataFrame:
    """Per outlet and target of the codebook: times named, attributions as a source, jointly, and by its officials.

    `officials` counts, for a state, what its leaders and officials say.
    """
    named = study.targets.groupby(["article_id", "target"]).size().rename("named").reset_index()
    spoken = speech(study)
    counts = spoken.groupby(["article_id", "source_id"]).size()
    places = study.targets.groupby(["article_id", "target"]).start.min()
    named["heard"] = [int(counts.get((r.article_id, r.target), 0)) for r in named.itertuples()]
    together = {}
    for r in spoken[spoken.members != ""].itertuples():
        for member in r.members.split("; "):
            together[r.article_id, member] = together.get((r.article_id, member), 0) + 1
    named["jointly"] = [together.get((r.article_id, r.target), 0) for r in named.itertuples()]
    states = {a.id: a.country for a in study.codebook.actors if a.kind == "state"}
    official = spoken[spoken.group.isin(["state or official", "unnamed official"])]
    named["officials"] = [
        sum(
            (q.article_id, q.source_id) != (r.article_id, r.target)
            and states[r.target] in q.affiliation_country.split("; ")
            for q in official[official.article_id == r.article_id].itertuples()
        )
        if r.target in states
        else 0
        for r in named.itertuples()
    ]
    named["rows"] = [f"targets:{r.article_id}:{places[r.article_id, r.target]}" for r in named.itertuples()]
    named.insert(0, "outlet", named.article_id.map(study.outlets))
    labels = {actor.id: actor.name for actor in study.codebook.actors}
    named["actor"] = named.target.map(labels).fillna(named.target)
    return named.sort_values(["article_id", "named"], ascending=[True, False], ignore_index=True)


def silent(study):
    """Actors against outlets: the larger, the more often named; filled: has a voice of its own, hollow: none."""
    table = heard(study)
    outlets = list(dict.fromkeys(study.outlets.values()))
    actors = list(table.groupby("actor").named.sum().sort_values().index)
    fig, ax = style.figure(
        "Named, and heard?",
        "Area: times named. Filled: speaks at least once, itself or through its people. Hollow: named, never heard",
        height=1.1 + 0.44 * max(1, len(actors)),
    )
    for r in table.itertuples():
        x, y = outlets.index(r.outlet), actors.index(r.actor)
        voice = r.heard + r.officials > 0
        edge = style.OUTLET_COLOURS[1 - (not voice)]
        face = edge if voice else "none"
        dot = ax.scatter([x], [y], s=30 + 7 * r.named, facecolor=face, edgecolor=edge, linewidth=1.5)
        dot.set_urls([markup.href("targets", r.article_id, r.rows.rpartition(":")[2])])
        note = f"named {r.named}\nheard {r.heard}" + (f" + {r.jointly} jointly" if r.jointly else "")
        note += f" + {r.officials} by its people" if r.officials else ""
        ax.annotate(note, (x, y), (20, 0), textcoords="offset points", va="center", fontsize=8, linespacing=1.1)
    ax.set_xticks(range(len(outlets)), outlets)
    ax.set_yticks(range(len(actors)), actors)
    ax.set(xlim=(-0.4, len(outlets) - 0.1), ylim=(-0.6, len(actors) - 0.4))
    return fig, table


def diversity(study, *, draws: int = statistics.DRAWS) -> pd.DataFrame:
    """Per outlet, dimension and view: n, Hill numbers, interval, top share, coverage, verdict (enough or too_few)."""
    rows, parts = speech(study), []
    for outlet in dict.fromkeys(study.outlets.values()):
        articles = [a for a, name in study.outlets.items() if name == outlet]
        for view in VIEWS:
            own = rows[(rows.outlet == outlet) & (rows.chosen | (view == VIEWS[0]))]
            for name, column in DIMENSIONS.items():
                stated = own[own[column] != ""]
                counts = stated.groupby(["article_id", column]).size().unstack(fill_value=0).reindex(articles).fillna(0)
                made = (
                    statistics.diversity(counts.to_numpy(), draws=draws)
                    if len(stated)
                    else {"n": 0, "verdict": "too_few"}
                )
                parts.append({"outlet": outlet, "view": view, "dimension": name, **made})
    return pd.DataFrame(parts)


def extraction(study=None) -> pd.DataFrame:
    """What the coder's misses do to diversity: mean Hill number (order 1) coded and by people, and their ratio."""
    from .. import validity

    found = {r["measure"]: float(r["value"]) for r in validity.data("benchmarks.csv") if r["task"] == "quotes"}
    coded, gold = found.get("hill1.mean_coded"), found.get("hill1.mean_gold")
    ratio = gold / coded if coded and gold else None
    return pd.DataFrame([{"coded": coded, "human": gold, "correction": ratio, "r": found.get("hill1.r")}])


def unattributed(study) -> pd.DataFrame:
    """Per outlet: attributions of the core, borderline ones, quotations nobody is named for, rows of each tier."""
    quotes = study.quotes.assign(outlet=study.quotes.article_id.map(study.outlets))
    rows = []
    for outlet in dict.fromkeys(study.outlets.values()):
        own = quotes[quotes.outlet == outlet]
        rows.append({
            "outlet": outlet,
            "core": int(((own.status == "core") & (own.speaker != "")).sum()),
            "borderline": int((own.status == "borderline").sum()),
            "without_speaker": int((own.speaker == "").sum()),
            "ambiguous": int((own.resolution == "ambiguous").sum()),
            "nested": int((own.via != "").sum()),
            **{f"tier_{t}": int((own.tier == t).sum()) for t in "ABCD"},
        })  # fmt: skip
    return pd.DataFrame(rows)


def describe(table: pd.DataFrame, what: str, columns: tuple[str, ...]) -> str:
    """A chart in words: the first rows of its table."""
    parts = [" ".join(str(getattr(r, c)) for c in columns) for r in table.head(12).itertuples()]
    return f"{what}: {'; '.join(parts)}."


CHARTS = {
    "who speaks when": strip,
    "words per source": bars,
    "all and chosen voices": balance,
    "named and heard": silent,
}
