"""Charts of the figures: which there are, where they stand, what they leave unsaid, how they meet the references."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .. import markup, references, verdicts
from . import style

GROUPS = {"trade figures": "#d55e00", "other quantities": "#0072b2", "dates and ranks": "#56b4e9", "names": "#d9d9d9"}
DATES = ("date", "year", "decade", "ordinal", "age")
VERDICTS = {
    "exact": ("agrees exactly", "o"),
    "rounds_to": ("agrees when rounded", "s"),
    "inside": ("agrees, within its bound", "^"),
    "contradicts": ("contradicts", "X"),
    "disputed": ("disputed", "D"),
    "not_checkable": ("not checkable", "_"),
}
SLOTS = {"commodity": "goods", "exporter": "exporter", "importer": "importer", "period": "period",
         "base_period": "base year", "basis": "basis"}  # fmt: skip
STATES = {"stated": "s", "from context": "D", "left out": "x", "does not apply": ""}


# tables ---------------------------------------------------------------------------------------------------------------


def figures(study) -> pd.DataFrame:
    """The body's numeric expressions with their group (GROUPS) and outlet."""
    rows = study.quantities[study.quantities.sentence.notna()].copy()
    group = rows.kind.map(
        lambda k: "names" if k == "identifier" else "dates and ranks" if k in DATES else "other quantities"
    )
    rows["group"] = group.where(rows.is_trade != 1, "trade figures")
    rows.insert(0, "outlet", rows.article_id.map(study.outlets))
    return rows


def inventory(study) -> pd.DataFrame:
    """Per article and group: how many expressions; an outlet without a trade figure has a row with 0."""
    counts = figures(study).groupby(["article_id", "group"]).size()
    index = pd.MultiIndex.from_product([list(study.outlets), list(GROUPS)], names=["article_id", "group"])
    table = counts.reindex(index, fill_value=0).rename("figures").reset_index()
    table.insert(0, "outlet", table.article_id.map(study.outlets))
    return table


def claims(study) -> pd.DataFrame:
    """Trade figures and claims of rank, each with its overall verdict, the comparable references counted, its place."""
    rows = study.quantities[study.quantities.measure != ""].copy()
    checks = study.quantity_checks
    own = [checks[(checks.article_id == r.article_id) & (checks.start == r.start)] for r in rows.itertuples()]
    rows["verdict"] = [verdicts.overall(c.to_dict("records")) for c in own]
    rows["compared"] = [int((c.comparable == 1).sum()) for c in own]
    rows.insert(0, "outlet", rows.article_id.map(study.outlets))
    rows["label"] = [f"{r.surface}: {_about(r)}" for r in rows.itertuples()]
    rows["place"] = [study.place(r.article_id, r.sentence) for r in rows.itertuples()]
    return rows.reset_index(drop=True)


def _about(r) -> str:
    """What a claim is about, in a few words."""
    if r.measure == "rank":
        return f"rank of {r.importer.replace(';', ' and ')}"
    if r.change == "share":
        return f"share of {r.importer.partition('<->')[0]}’s trade"
    goods = "" if r.commodity in ("", verdicts.ALL) else f" of {r.commodity}"
    way = r.exporter.replace("<->", "–") if r.exporter == r.importer else f"{r.exporter} to {r.importer}"
    return f"{r.measure}{goods}, {way}"


def comparisons(study) -> pd.DataFrame:
    """The rows of quantity_checks with the outlet and the figure each is about."""
    own = claims(study).set_index(["article_id", "start"])
    rows = study.quantity_checks.copy()
    keys = list(zip(rows.article_id, rows.start, strict=True))
    rows.insert(0, "outlet", [own.outlet.get(k, "") for k in keys])
    rows.insert(1, "figure", [own.surface.get(k, "") for k in keys])
    return rows


def compared(study) -> pd.DataFrame:
    """Every comparable check of a single figure: the reference as a multiple of the claim (1 = the same number)."""
    own = claims(study).set_index(["article_id", "start"])
    rows = []
    for c in study.quantity_checks.itertuples():
        key = (c.article_id, c.start)
        if c.comparable != 1 or key not in own.index or pd.isna(c.reference_value) or "implied" in c.calculation:
            continue
        q = own.loc[key]
        claim = verdicts.claim({**q.to_dict(), "article_id": c.article_id, "start": c.start})
        stated = claim.value if claim.value is not None else claim.span.low
        if c.calculation.startswith("called a record") or not stated or stated in (float("inf"), -float("inf")):
            continue
        rows.append({
            "article_id": c.article_id, "start": c.start, "outlet": q.outlet, "claim": q.label,
            "comparator": q.comparator, "reference_id": c.reference_id, "ratio": c.reference_value / stated,
            "low": claim.span.low / stated, "high": claim.span.high / stated, "verdict": c.verdict,
            "calculation": c.calculation,
        })  # fmt: skip
    return pd.DataFrame(rows)


def unsaid(study) -> pd.DataFrame:
    """Per trade figure and slot: stated, from context, left out, or does not apply (a level has no base period)."""
    rows = []
    for r in claims(study).itertuples():
        if r.is_trade != 1:
            continue
        inherited = r.inherited.split()
        for slot in SLOTS:
            value = getattr(r, slot)
            if slot == "base_period" and r.change != "change":
                state = "does not apply"
            elif value in ("", "unstated"):
                state = "left out"
            elif slot in inherited:
                state = "from context"
            else:
                state = "stated"
            rows.append({"outlet": r.outlet, "article_id": r.article_id, "start": r.start, "figure": r.label,
                         "slot": slot, "value": value, "state": state})  # fmt: skip
    return pd.DataFrame(rows, columns=["outlet", "article_id", "start", "figure", "slot", "value", "state"])


def same_flow(study) -> pd.DataFrame:
    """One flow and year in several units: growth as published in dollars, yuan, tonnes."""
    groups: dict[tuple, dict[str, references.Reference]] = {}
    for r in references.read(study.folder / "references.csv"):
        if r.growth is not None and not r.doubt:
            key = (r.commodity, r.exporter, r.importer, r.period)
            groups.setdefault(key, {}).setdefault(r.unit, r)
    rows = []
    for (goods, exporter, importer, period), by_unit in groups.items():
        if len(by_unit) < 2:
            continue
        way = exporter.replace("<->", "–") if exporter == importer else f"{exporter} to {importer}"
        for unit, r in by_unit.items():
            rows.append({"flow": f"{goods}, {way}, {period}", "unit": unit, "growth": r.growth, "reference_id": r.id})
    return pd.DataFrame(rows, columns=["flow", "unit", "growth", "reference_id"])


def implied(study) -> pd.DataFrame:
    """The whole that a share and a level imply together, with rounding, and what is published of it."""
    rows = []
    for c in study.quantity_checks.itertuples():
        if c.calculation.startswith("implied whole"):
            rows.append({"article_id": c.article_id, "start": c.start, "reference_id": c.reference_id,
                         "published": c.reference_value, "implied": c.reference_value + c.difference,
                         "verdict": c.verdict, "calculation": c.calculation})  # fmt: skip
    return pd.DataFrame(rows)


# charts ---------------------------------------------------------------------------------------------------------------


def counts(study) -> tuple[Figure, pd.DataFrame]:
    """How many figures of which kind each article holds."""
    table = inventory(study)
    trade = table[table.group == "trade figures"].set_index("outlet").figures
    title = ", ".join(f"{o} {n or 'none'}" for o, n in trade.items())
    fig, ax = style.figure(f"Trade figures: {title}", "All numeric expressions of each article’s body", height=2.9)
    names = list(study.outlets)
    for y, article in enumerate(names):
        own = table[table.article_id == article].set_index("group").figures
        left = 0
        for group, colour in GROUPS.items():
            n = int(own[group])
            ax.barh(y, n, left=left, color=colour, height=0.62)
            if n > 1 or (n and group == "trade figures"):
                dark = group in ("trade figures", "other quantities")
                ax.text(
                    left + n / 2, y, n, ha="center", va="center", fontsize=8.5, color="white" if dark else style.INK
                )
            left += n
        if not own["trade figures"]:
            ax.text(left + 0.8, y, "no trade figure", va="center", fontsize=9, color=style.GREY)
    ax.set_yticks(range(len(names)), [study.outlets[a] for a in names])
    ax.invert_yaxis()
    ax.set_xlabel("numeric expressions")
    handles = [Line2D([], [], marker="s", linestyle="", color=c, markersize=8, label=g) for g, c in GROUPS.items()]
    fig.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=9)
    return fig, table


def strip(study) -> tuple[Figure, pd.DataFrame]:
    """Where in each article the figures stand, from the first sentence to the last."""
    table = figures(study)[
        ["outlet", "article_id", "sentence", "start", "surface", "kind", "group", "trade_rule"]
    ].copy()
    last = study.sentences.groupby("article_id").sentence.max()
    table["position"] = (table.sentence / table.article_id.map(last)).astype(float)
    names = list(study.outlets)
    fig, ax = style.figure(
        "Where in the article the numbers stand",
        "Orange: trade figures. Grey: all other numeric expressions",
        height=2.7,
    )
    for y, article in enumerate(names):
        own = table[table.article_id == article]
        ax.plot([0, 1], [y, y], color=style.FAINT, linewidth=1, zorder=1)
        for is_trade, colour, size in ((False, style.GREY, 26), (True, "#d55e00", 90)):
            part = own[(own.group == "trade figures") == is_trade]
            dots = ax.scatter(
                part.position, [y] * len(part), s=size, color=colour, marker="D" if is_trade else "|", zorder=3
            )
            dots.set_urls([markup.href("quantities", r.article_id, r.start) for r in part.itertuples()])
        if not (own.group == "trade figures").any():
            ax.text(1.01, y, "no trade\nfigure", va="center", fontsize=8.5, color=style.GREY)
    ax.set_yticks(range(len(names)), [study.outlets[a] for a in names])
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["first sentence", "¼", "half", "¾", "last"])
    ax.set_ylim(len(names) - 0.5, -0.5)
    return fig, table


def against(study) -> tuple[Figure, pd.DataFrame]:
    """Each claim as 1, with its rounding or its open bound; the references as multiples of it."""
    table, own = compared(study), claims(study)
    own = own[own.is_trade == 1].reset_index(drop=True)
    n = len(own)
    agree, idle = int(own.verdict.isin(verdicts.AGREES).sum()), int((own.verdict == "not_checkable").sum())
    fig, ax = style.figure(
        f"{agree} of {n} trade figures agree with what is published" + (f", {idle} cannot be checked" if idle else ""),
        "Claim = 1: band its rounding, arrow its open side. Ticks: references as multiples of the claim",
        height=1.5 + 0.55 * max(n, 1),
    )
    top = max([2.0, *(table.ratio * 1.35 if len(table) else [])])
    for y, q in own.iterrows():
        refs = table[(table.article_id == q.article_id) & (table.start == q.start)] if len(table) else table
        word, shape = VERDICTS[q.verdict]
        colour = "#d55e00" if q.verdict in ("contradicts", "disputed") else style.INK
        if len(refs):
            low, high = refs.low.iloc[0], min(refs.high.iloc[0], top)
            if q.comparator in (">", ">="):
                _arrow(ax, 1, top, y)
            else:
                ax.plot([max(low, 0.5), high], [y, y], color="#0072b2", linewidth=9, alpha=0.3, solid_capstyle="butt")
            ax.plot(refs.ratio, [y] * len(refs), "|", color=style.INK, markersize=15, markeredgewidth=1.6, zorder=4)
        ax.plot([1], [y], shape, color=colour if len(refs) else style.GREY, markersize=8, zorder=5)
        ax.text(1.0, y - 0.36, q.label, fontsize=8.5, va="center")
        ax.text(top * 1.06, y, word, fontsize=9, va="center", color=colour)
    ax.axvline(1, color=style.FAINT, zorder=0)
    ax.set_xscale("log")
    ax.set_xlim(0.78, top * 1.04)
    ticks = [t for t in (0.8, 1, 1.5, 2, 3, 5, 10, 20) if 0.78 <= t <= top]
    ax.set_xticks(ticks, [f"{t:g}×" for t in ticks])
    ax.minorticks_off()
    ax.set_yticks(range(n), own.outlet)
    ax.set_ylim(n - 0.4, -0.75)
    ax.set_xlabel("reference as a multiple of the claim (logarithmic)")
    return fig, table


def ladder(study) -> tuple[Figure, pd.DataFrame]:
    """The growth rates claimed, in order, with the growth published for the same goods and sides."""
    own = claims(study)
    own = own[(own.change == "change") & (own.is_trade == 1)].reset_index(drop=True)
    checks = study.quantity_checks[study.quantity_checks.comparable == 1]
    rows = []
    for q in own.itertuples():
        claim = verdicts.claim(q._asdict())
        stated = claim.span.low if claim.value is None else claim.value
        rows.append({"outlet": q.outlet, "article_id": q.article_id, "start": q.start, "figure": q.label,
                     "what": "claim", "comparator": q.comparator, "growth": stated})  # fmt: skip
        first = rows[-1]
        for c in checks[(checks.article_id == q.article_id) & (checks.start == q.start)].itertuples():
            if pd.notna(c.reference_value):
                rows.append({**first, "what": c.reference_id, "comparator": "=", "growth": c.reference_value})
    table = pd.DataFrame(rows, columns=["outlet", "article_id", "start", "figure", "what", "comparator", "growth"])
    order = table[table.what == "claim"].sort_values(["growth", "start"]).figure.tolist()
    edge = 200.0
    fig, ax = style.figure(
        "The growth rates claimed, from the smallest up",
        "Diamond: claim, an arrow where it says more than. Ticks: published for the same goods and sides",
        height=1.4 + 0.5 * max(len(order), 1),
    )
    for y, name in enumerate(order):
        part = table[table.figure == name]
        value = part[part.what == "claim"].iloc[0]
        if value.comparator in (">", ">="):
            _arrow(ax, value.growth, edge, y)
        ax.plot([value.growth], [y], "D", color="#d55e00", markersize=8, zorder=4)
        known = part[part.what != "claim"].growth
        inside = known[known <= edge]
        ax.plot(inside, [y] * len(inside), "|", color=style.INK, markersize=15, markeredgewidth=1.6, zorder=5)
        if len(known) > len(inside):
            ax.text(edge + 3, y, f"up to {known.max():+,.0f}%", fontsize=8.5, va="center")
        ax.text(2, y - 0.33, name, fontsize=8.5, va="center")
    ax.set_yticks(range(len(order)), ["" for _ in order])
    ax.set_ylim(-0.7, max(len(order), 1) - 0.3)
    ax.set_xlim(0, edge + 45)
    ax.set_xticks([0, 50, 100, 150, 200], ["0", "+50%", "+100%", "+150%", "+200%"])
    style.zero(ax, x=0)
    return fig, table


def slot_map(study) -> tuple[Figure, pd.DataFrame]:
    """What each figure states, what a reader must take from the context, and what is left out."""
    table = unsaid(study)
    names = table[["article_id", "start", "figure", "outlet"]].drop_duplicates().reset_index(drop=True)
    open_slots = int(table.state.isin(("from context", "left out")).sum())
    asked = int((table.state != "does not apply").sum())
    fig, ax = style.figure(
        f"{open_slots} of {asked} facts about the trade figures are not stated beside them",
        "What a reader needs to check a figure, and where it can be found",
        height=1.7 + 0.42 * max(len(names), 1),
    )
    colour = {"stated": style.INK, "from context": "#0072b2", "left out": "#d55e00"}
    for y, name in names.iterrows():
        for x, slot in enumerate(SLOTS):
            mine = (table.article_id == name.article_id) & (table.start == name.start) & (table.slot == slot)
            state = table[mine].state.iloc[0]
            if STATES[state]:
                filled = "none" if state == "from context" else colour[state]
                ax.plot(
                    x, y, STATES[state], color=colour[state], markersize=10, markerfacecolor=filled, markeredgewidth=1.8
                )
            else:
                ax.text(x, y, "–", ha="center", va="center", color=style.GREY)
    labels = [f"{n.outlet}  {n.figure.partition(':')[0]}" for n in names.itertuples()]
    ax.set_yticks(range(len(names)), labels)
    ax.set_ylim(max(len(names), 1) - 0.5, -0.5)
    ax.set_xticks(range(len(SLOTS)), list(SLOTS.values()))
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines["bottom"].set_visible(False)
    handles = [
        Line2D([], [], marker=STATES[s], linestyle="", color=c, markersize=9, label=s,
               markerfacecolor="none" if s == "from context" else c, markeredgewidth=1.8)
        for s, c in colour.items()
    ]  # fmt: skip
    fig.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=9)
    return fig, table


def whole(study) -> tuple[Figure, pd.DataFrame]:
    """What a level and a share imply together, against the published whole."""
    table = implied(study)
    fig, ax = style.figure("What the two figures imply together", "Trillions of the unit", height=2.0)
    if len(table):
        own = claims(study).set_index(["article_id", "start"])
        share = verdicts.claim(
            {**own.loc[(table.article_id[0], table.start[0])].to_dict(), "article_id": "", "start": 0}
        )
        level = next(verdicts.claim({**q._asdict()}) for q in claims(study).itertuples()
                     if q.article_id == table.article_id[0] and q.change == "level" and q.is_trade == 1)  # fmt: skip
        span = level.span / (share.span / references.Interval(100, 100))
        middle = float(table.implied.iloc[0])
        fig.texts[0].set_text(f"Together the two figures imply a whole of {middle / 1e12:.2f} trillion dollars")
        fig.texts[1].set_text(
            f"Band: {span.low / 1e12:.1f} to {span.high / 1e12:.1f}, as both are rounded. Ticks: published"
        )
        ax.plot(
            [span.low / 1e12, span.high / 1e12], [0, 0], color="#0072b2", linewidth=16, alpha=0.3, solid_capstyle="butt"
        )
        ax.plot([middle / 1e12], [0], "D", color="#d55e00", markersize=9, zorder=4)
        ax.plot(
            table.published / 1e12, [0] * len(table), "|", color=style.INK, markersize=24, markeredgewidth=1.6, zorder=5
        )
        ends = f"{table.published.min() / 1e12:.2f} to {table.published.max() / 1e12:.2f} published"
        ax.annotate(
            ends, (table.published.mean() / 1e12, 0), (0, 18), textcoords="offset points", ha="center", fontsize=9
        )
        table = table.assign(low=span.low, high=span.high)
    ax.set_yticks([])
    ax.set_ylim(-1, 1.2)
    ax.set_xlabel("trillion dollars")
    return fig, table


def units(study) -> tuple[Figure, pd.DataFrame]:
    """The same flow and year, growth in each unit it is published in."""
    table = same_flow(study)
    flows = list(dict.fromkeys(table.flow))
    fig, ax = style.figure(
        "One flow, several growth rates: it depends on the unit",
        "Growth on the year before as published, by the unit it is counted in",
        height=1.3 + 0.75 * max(len(flows), 1),
    )
    y, marks = 0.0, []
    for flow in flows:
        part = table[table.flow == flow]
        ax.text(0, y - 0.55, flow, fontsize=9, fontweight="bold", va="center")
        for r in part.itertuples():
            ax.barh(y, r.growth, color="#56b4e9" if r.unit == "tonne" else "#0072b2", height=0.6)
            ax.text(r.growth + 1, y, f"{r.growth:+g}%", va="center", fontsize=9)
            marks.append((y, {"USD": "dollars", "CNY": "yuan", "tonne": "tonnes"}.get(r.unit, r.unit)))
            y += 0.75
        y += 0.7
    ax.set_yticks([m[0] for m in marks], [m[1] for m in marks])
    ax.set_ylim(max(y - 0.6, 1), -1)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    style.zero(ax, x=0)
    return fig, table


def _arrow(ax, start: float, end: float, y: float) -> None:
    """An open bound: from the claim to the edge of the chart."""
    ax.plot([start, end], [y, y], color="#0072b2", linewidth=1.6)
    ax.plot([end], [y], ">", color="#0072b2", markersize=7)


# in words -------------------------------------------------------------------------------------------------------------


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    names = list(names)
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "nobody"


def describe(table: pd.DataFrame, *columns: str) -> str:
    """A chart's table in words, for readers who cannot see it."""
    return "; ".join(" ".join(str(v) for v in row) for row in table[list(columns)].itertuples(index=False))


CHARTS = {
    "figures of each article": counts,
    "where the figures stand": strip,
    "claims against references": against,
    "growth ladder": ladder,
    "what is left unsaid": slot_map,
    "implied whole": whole,
    "one flow in several units": units,
}
