"""Do the trade figures agree with published statistics, and with each other? quantities, references -> checks.

One row per claim and reference: first whether the two can be compared at all (same goods, flow, basis, currency,
period, level or change or share), then the verdict. exact: as printed. rounds_to: it rounds to the claim as written.
inside: it meets the claim's bound or interval. contradicts: the intervals are disjoint. disputed: comparable references
fall on both sides. not_checkable: nothing comparable; the reason is in `calculation`. Besides the published rows there
are worked-out ones: both ways added up, a part of a whole, one year over the year before, goods added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .references import REVISED, Interval, Reference

ONE_WAY = frozenset(("exports", "imports", "purchases", "sales", "shipments"))
AGREES = ("exact", "rounds_to", "inside")
ALL = "all goods"
NO_END = float("inf")


class Claim(NamedTuple):
    """A figure in an article as the check sees it: its row and the interval of values it may stand for."""

    row: Mapping
    span: Interval
    value: float | None
    unit: str
    half: float

    @property
    def id(self) -> str:
        return f"quantities:{self.row['article_id']}:{self.row['start']}"


class Item(NamedTuple):
    """Something to check against: one reference, or several worked into one figure."""

    ids: tuple[str, ...]
    measure: str
    goods: frozenset[str]
    exporter: str
    importer: str
    period: str
    basis: str
    unit: str  # of the level the figure rests on
    change: str
    value: float
    span: Interval
    words: str
    derived: bool = False
    note: str = ""


def check(quantities: Iterable[Mapping], references: Sequence[Reference]) -> list[dict]:
    """Rows of `quantity_checks`: every trade figure against the references and the other figures.

    `quantities` are rows of that table with article_id, cells as text or values; a claim without any reference for its
    goods and flow gets one row that says so.
    """
    rows = [r for r in quantities if r.get("measure")]
    if not rows:
        return []
    claims = [claim(r) for r in rows if _number(r.get("is_trade"))]
    found = _items(tuple(references))
    made = []
    for c in claims:
        checked = [_compare(c, i) for i in found if _is_about(c, i)]
        checked += implied(c, claims, found) + _record(c, references) + among(c, claims)
        made += _settled(checked) or [
            _row(c, "", 0, None, None, "not_checkable", "no reference for these goods and sides")
        ]
    for r in rows:
        if r["measure"] == "rank":
            made.append(_rank(r, references))
    return sorted(made, key=lambda r: (r["article_id"], int(r["start"])))


def _number(cell: object) -> float | None:
    """A cell as a number; None where it is empty (or not a number, as data frames have it)."""
    number = None if cell in (None, "") else float(cell)  # type: ignore[arg-type]
    return number if number == number else None


def claim(row: Mapping) -> Claim:
    """A row as a claim; a multiple counts as growth: doubled is +100%."""
    value, low, high, half = (_number(row.get(c)) for c in ("value", "low", "high", "rounding"))
    unit = row.get("unit") or ""
    if unit == "x":
        value, low, high = (None if v is None else (v - 1) * 100 for v in (value, low, high))
        half, unit = (half or 0.0) * 100, "%"
    if row.get("direction") == "down" and row.get("change") == "change":
        value, low, high = (None if v is None else -abs(v) for v in (value, high, low))
    if value is not None:
        span = Interval(value - (half or 0.0), value + (half or 0.0))
    else:
        span = Interval(-NO_END if low is None else low, NO_END if high is None else high)
    return Claim(row, span, value, unit, half or 0.0)


# what there is to check against ---------------------------------------------------------------------------------------


def items(references: Sequence[Reference]) -> list[Item]:
    """The references as levels, shares and growth rates, and what can be worked out from them."""
    found: list[Item] = []
    for r in references:
        is_share = r.unit == "%"
        found.append(
            _item((r,), "share" if is_share else "level", r.value, r.level, f"{_say(r.value, r.unit)} ({_who(r)})")
        )
        if r.growth is not None and not is_share:
            bound = {">": "more than ", ">=": "at least ", "<": "less than ", "~": "about "}.get(
                r.growth_comparator, ""
            )
            words = f"{bound}{r.growth:+g}% ({_who(r)})"
            found.append(_item((r,), "change", r.growth, r.growing, words))
    usable = [r for r in references if not r.doubt and not r.is_derived]
    found += _both_ways(usable) + _growths(usable) + _shares(usable) + _goods_together(usable)
    return found


_items = lru_cache(maxsize=8)(items)


def _item(rows: Sequence[Reference], change: str, value: float, span: Interval, words: str, **other) -> Item:
    r = rows[0]
    goods = frozenset(filter(None, (r.commodity, r.compare_with)))
    fields = {
        "measure": r.measure, "goods": goods, "exporter": r.exporter, "importer": r.importer, "period": r.period,
        "basis": r.basis, "unit": r.unit, "note": r.doubt or "", **other,
    }  # fmt: skip
    return Item(tuple(x.id for x in rows), change=change, value=value, span=span, words=words, **fields)


def _who(r: Reference) -> str:
    return f"as reported by {r.source_title}" if r.source_title else "derived"


def _say(value: float, unit: str) -> str:
    """A figure for a reader: 190.3bn USD, 3%, 86.2m tonne."""
    if unit == "%":
        return f"{value:g}%"
    for size, name in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if abs(value) >= size:
            return f"{value / size:.4g}{name} {unit}"
    return f"{value:,g} {unit}"


def _twins(r: Reference, s: Reference, *but: str) -> bool:
    fields = ("commodity", "basis", "unit", "period", "measured_by", "exporter", "importer")
    return all(getattr(r, f) == getattr(s, f) for f in fields if f not in but)


def _both_ways(rows: Sequence[Reference]) -> list[Item]:
    """Exports there + exports back = trade between the two."""
    found = []
    for i, r in enumerate(rows):
        for s in rows[i + 1 :]:
            back = {r.measure, s.measure} <= ONE_WAY and (r.exporter, r.importer) == (s.importer, s.exporter)
            if back and _twins(r, s, "exporter", "importer"):
                both, total = f"{r.exporter}<->{r.importer}", r.value + s.value
                words = f"{_say(r.value, r.unit)} + {_say(s.value, s.unit)} = {_say(total, r.unit)}"
                found.append(_item((r, s), "level", total, r.level + s.level, words, measure="trade", exporter=both,
                                       importer=both, derived=True))  # fmt: skip
    return found


def _growths(rows: Sequence[Reference]) -> list[Item]:
    """This year / last year, both by one hand; the same months of both years."""
    found = []
    for r in rows:
        for s in rows:
            if _twins(r, s, "period") and _year_before(r.period) == s.period and r.unit != "%":
                ratio = r.level / s.level
                span = Interval((ratio.low - 1) * 100, (ratio.high - 1) * 100)
                growth = (r.value / s.value - 1) * 100
                words = (
                    f"{_say(r.value, r.unit)} / {_say(s.value, s.unit)} = {r.value / s.value:.3g} times, {growth:+.1f}%"
                )
                found.append(_item((r, s), "change", growth, span, words, derived=True))
    return found


def _year_before(period: str) -> str:
    parts = [f"{int(p[:4]) - 1}{p[4:]}" for p in period.split("/") if p[:4].isdigit()]
    return "/".join(parts)


def _shares(rows: Sequence[Reference]) -> list[Item]:
    """Trade of the pair / all trade of one side, the first pair of rows in each unit."""
    found: dict[tuple, Item] = {}
    for r in rows:
        for s in rows:
            side, _, world = s.exporter.partition("<->")
            whole = r.measure == s.measure == "trade" and world == "World" and r.exporter != s.exporter
            alike = (r.unit, r.period, r.basis) == (s.unit, s.period, s.basis)
            if whole and alike and side in r.exporter.split("<->"):
                share, value = r.level / s.level * Interval(100, 100), r.value / s.value * 100
                words = f"{_say(r.value, r.unit)} / {_say(s.value, s.unit)} = {value:.2f}%"
                made = _item((r, s), "share", value, share, words, importer=s.exporter, unit="%", derived=True)
                found.setdefault((r.exporter, s.exporter, r.period, r.unit), made)
    return list(found.values())


def _goods_together(rows: Sequence[Reference]) -> list[Item]:
    """Growth of several goods that a claim counts as one: their sum over the sum of their levels a year before."""
    groups: dict[tuple, dict[str, Reference]] = {}
    for r in rows:
        if r.compare_with and r.growth is not None and r.growth > -100:
            key = (r.compare_with, r.exporter, r.importer, r.period, r.unit, r.basis)
            groups.setdefault(key, {}).setdefault(r.commodity, r)
    found = []
    for key in sorted(groups):
        parts = list(groups[key].values())
        if len(parts) > 1 and len({r.measured_by for r in parts}) == 1:
            now = sum(r.value for r in parts)
            before = sum(r.value / (1 + (r.growth or 0) / 100) for r in parts)
            growth = (now / before - 1) * 100
            names = " + ".join(r.commodity for r in parts)
            words = f"{names}: {_say(now, key[4])} / {_say(before, key[4])} = {now / before:.2f} times"
            found.append(_item(parts, "change", growth, Interval(growth - 5, growth + 5), words, derived=True,
                               goods=frozenset((key[0],))))  # fmt: skip
    return found


# comparing ------------------------------------------------------------------------------------------------------------


def _class(measure: str) -> str:
    return "flow" if measure in ONE_WAY else measure


def _is_about(c: Claim, item: Item) -> bool:
    """Whether an item is of the claim's goods and sides at all; only then is it worth a row."""
    goods = (c.row.get("commodity") or ALL).split(" and ")
    return (
        _class(c.row["measure"]) == _class(item.measure)
        and bool(item.goods & set(goods) or (not item.goods and goods == [ALL]))
        and all(_same_side(c.row.get(s) or "", getattr(item, s)) for s in ("exporter", "importer"))
        and (c.row.get("change") == item.change or (c.row.get("change"), item.change) == ("level", "level"))
    )


def _same_side(stated: str, known: str) -> bool:
    """The same country or pair, or a wider group that holds it (China+Hong Kong)."""
    return bool(stated) and (set(stated.split("<->")) == set(known.split("<->")) or stated in known.split("+"))


def _hindrance(c: Claim, item: Item) -> tuple[str, str]:
    """Why the two cannot be compared ("" if they can), and what to bear in mind if they can."""
    row, minds = c.row, []
    inherited = (row.get("inherited") or "").split()
    basis = row.get("basis") or "unstated"
    if basis in ("value", "volume") and item.basis and basis != item.basis:
        return f"{item.basis} is not {basis}", ""
    if basis == "unstated":
        if item.basis == "volume":
            return "the article states no basis; this is volume", ""
        minds.append("the article states no basis")
    currency = row.get("currency") or ""
    if item.change == "level" and c.unit != item.unit:
        return f"{item.unit} is not {c.unit}", ""
    if item.change == "change" and currency and item.basis == "value" and item.unit != currency:
        return f"growth in {item.unit} is not growth in {currency}", ""
    period = row.get("period") or ""
    if not period:
        return "the article states no period", ""
    if period != item.period:
        if "period" not in inherited or not _within(item.period, period):
            return f"{item.period} is not {period}", ""
        minds.append(f"{item.period} is part of {period}, which the article leaves to the context")
    if "+" in item.exporter + item.importer:
        minds.append(f"counts {item.exporter if '+' in item.exporter else item.importer}")
    return "", "; ".join(minds)


def _within(part: str, year: str) -> bool:
    return all(p[:4] == year for p in part.split("/"))


def _compare(c: Claim, item: Item) -> dict:
    hindrance, minds = _hindrance(c, item)
    if hindrance:
        return _row(
            c, "+".join(item.ids), 0, item.value, None, "not_checkable", f"{item.words}; not comparable: {hindrance}"
        )
    verdict = _verdict(c, item)
    difference = None if c.value is None else c.value - item.value
    said = f"{item.words}; claim {written(c)}: {verdict.replace('_', ' ')}"
    if item.note:
        minds = "; ".join(filter(None, (minds, item.note)))
    return _row(c, "+".join(item.ids), 1, item.value, difference, verdict, f"{said} ({minds})" if minds else said)


def written(c: Claim) -> str:
    """The claim with the rounding that its writing implies."""
    sign = c.row.get("comparator") or "="
    if c.value is not None and c.half:
        return f"{_say(c.value, c.unit)} ± {_say(c.half, c.unit)}"
    if c.span.high == NO_END:
        return f"{sign} {_say(c.span.low, c.unit)}"
    if c.span.low == -NO_END:
        return f"{sign} {_say(c.span.high, c.unit)}"
    return f"{_say(c.span.low, c.unit)} to {_say(c.span.high, c.unit)}"


def _verdict(c: Claim, item: Item) -> str:
    if c.value is None:
        return "inside" if c.span.meets(item.span) else "contradicts"
    if abs(c.value - item.value) <= 1e-9 * max(1.0, abs(item.value)):
        return "exact"
    slack = REVISED if item.derived and item.change == "change" else 0.0
    if abs(c.value - item.value) <= c.half + slack:
        return "rounds_to"
    return "rounds_to" if c.span.meets(item.span) else "contradicts"


def _settled(rows: list[dict]) -> list[dict]:
    """References on both sides make all comparable verdicts of a claim disputed."""
    verdicts = {r["verdict"] for r in rows if r["comparable"]}
    if "contradicts" in verdicts and verdicts & set(AGREES):
        for r in rows:
            if r["comparable"]:
                r["calculation"] += f" [{r['verdict']}]"
                r["verdict"] = "disputed"
    return rows


def _row(
    c: Claim | Mapping,
    ids: str,
    comparable: int,
    value: float | None,
    difference: float | None,
    verdict: str,
    text: str,
) -> dict:
    row = c.row if isinstance(c, Claim) else c
    return {
        "article_id": row["article_id"], "start": int(row["start"]), "reference_id": ids, "comparable": comparable,
        "reference_value": _short(value), "difference": _short(difference), "verdict": verdict, "calculation": text,
    }  # fmt: skip


def _short(value: float | None) -> float | None:
    """Ten digits are more than any of these figures carries; the noise of subtraction goes."""
    return None if value is None else float(f"{value:.10g}")


# claims among themselves ----------------------------------------------------------------------------------------------


def implied(c: Claim, claims: Sequence[Claim], found: Sequence[Item]) -> list[dict]:
    """A share and the level it is a share of, both claimed, imply the whole: is that what is published?"""
    if c.row.get("change") != "share" or not c.span.low > 0:
        return []
    rows = []
    for level in claims:
        if (
            level.row.get("change") == "level"
            and _same_story(c, level, "exporter")
            and level.row["measure"] == c.row["measure"]
        ):
            total = level.span / (c.span / Interval(100, 100))
            for item in found:
                whole = {item.exporter, item.importer} == {c.row.get("importer")} and item.change == "level"
                if (
                    whole
                    and item.unit == level.unit
                    and item.period == level.row.get("period")
                    and level.value
                    and c.value
                ):
                    middle = level.value / c.value * 100
                    verdict = "inside" if total.meets(item.span) else "contradicts"
                    text = f"{_say(level.value, level.unit)} / {_say(c.value, '%')} = {_say(middle, level.unit)} "
                    text += (
                        f"({_say(total.low, level.unit)} to {_say(total.high, level.unit)} with rounding); {item.words}"
                    )
                    rows.append(
                        _row(
                            c, "+".join(item.ids), 1, item.value, middle - item.value, verdict, f"implied whole: {text}"
                        )
                    )
    return rows


def _same_story(c: Claim, d: Claim, *sides: str) -> bool:
    return c.row["article_id"] == d.row["article_id"] and all(
        (c.row.get(s) or "") == (d.row.get(s) or "") for s in (*sides, "commodity", "period")
    )


def _record(c: Claim, references: Sequence[Reference]) -> list[dict]:
    """A figure called a record: is it above all earlier ones of the same flow and unit?"""
    if c.row.get("evaluative") != "record" or c.value is None or c.row.get("change") != "level":
        return []
    earlier = [
        r for r in references
        if r.period < (c.row.get("period") or "") and len(r.period) == 4 and r.unit == c.unit and not r.doubt
        and r.measure == c.row["measure"] and _same_side(c.row.get("exporter") or "", r.exporter)
        and _same_side(c.row.get("importer") or "", r.importer)
    ]  # fmt: skip
    if not earlier:
        return []
    top = max(earlier, key=lambda r: (r.value, r.id))
    verdict = "inside" if c.span.low > top.value else "contradicts"
    text = f"called a record: {written(c)} against {_say(top.value, top.unit)} in {top.period} ({_who(top)})"
    return [_row(c, top.id, 1, top.value, c.value - top.value, verdict, text)]


def among(c: Claim, claims: Sequence[Claim]) -> list[dict]:
    """The claim against other claims: the same figure elsewhere, parts against their total, growth against levels."""
    rows = []
    for d in claims:
        if d.id <= c.id or c.unit != d.unit or c.row.get("change") != d.row.get("change"):
            continue
        slots = ("exporter", "importer", "commodity", "period", "basis")
        same = all((c.row.get(s) or "") == (d.row.get(s) or "") for s in slots)
        if same and _class(c.row["measure"]) == _class(d.row["measure"]) and c.row.get("period"):
            verdict = "inside" if c.span.meets(d.span) else "contradicts"
            text = f"the same figure twice: {written(c)} and {written(d)}"
            rows.append(
                _row(c, d.id, 1, d.value, None if None in (c.value, d.value) else c.value - d.value, verdict, text)
            )
    return rows + _parts(c, claims) + _moves(c, claims)


def _parts(total: Claim, claims: Sequence[Claim]) -> list[dict]:
    """Exports there + exports back against trade between the two."""
    sides = (total.row.get("exporter") or "").split("<->")
    if total.row["measure"] != "trade" or total.row.get("change") != "level" or len(sides) != 2:
        return []
    rows = []
    ways = [
        [d for d in claims if d.row["measure"] in ONE_WAY and (d.row.get("exporter"), d.row.get("importer")) == way
         and d.unit == total.unit and d.row.get("change") == "level" and d.row.get("period") == total.row.get("period")
         and (d.row.get("commodity") or ALL) == (total.row.get("commodity") or ALL)]
        for way in ((sides[0], sides[1]), (sides[1], sides[0]))
    ]  # fmt: skip
    for a in ways[0]:
        for b in ways[1]:
            both = a.span + b.span
            verdict = "inside" if total.span.meets(both) else "contradicts"
            text = f"parts and total: {written(a)} + {written(b)} against {written(total)}"
            rows.append(_row(total, f"{a.id}+{b.id}", 1, None, None, verdict, text))
    return rows


def _moves(rate: Claim, claims: Sequence[Claim]) -> list[dict]:
    """Two levels against the growth claimed between them."""
    if rate.row.get("change") != "change" or rate.unit != "%":
        return []
    slots = ("article_id", "exporter", "importer", "commodity")
    levels = [
        d for d in claims
        if d.row.get("change") == "level" and d.span.low > 0
        and all((d.row.get(s) or "") == (rate.row.get(s) or "") for s in slots)
    ]  # fmt: skip
    rows = []
    for now in levels:
        for before in levels:
            years = (now.row.get("period"), before.row.get("period"))
            asked = (rate.row.get("period"), rate.row.get("base_period"))
            if years == asked and all(years) and now.unit == before.unit:
                grown = (now.span / before.span - Interval(1, 1)) * Interval(100, 100)
                verdict = "inside" if rate.span.meets(grown) else "contradicts"
                text = f"growth and levels: {written(now)} / {written(before)} = "
                text += f"{grown.low:+.1f} to {grown.high:+.1f}% against {written(rate)}"
                rows.append(_row(rate, f"{now.id}+{before.id}", 1, None, None, verdict, text))
    return rows


# ranks ----------------------------------------------------------------------------------------------------------------


def _rank(row: Mapping, references: Sequence[Reference]) -> dict:
    """ "Its two biggest partners": the largest references of one period, with and without rows in doubt."""
    named, owner = set((row.get("importer") or "").split(";")), row.get("exporter") or ""
    groups: dict[tuple, list[Reference]] = {}
    for r in references:
        sides = r.exporter.split("<->")
        if r.measure == "trade" and r.exporter == r.importer and sides[0] == owner and sides[-1] != "World":
            groups.setdefault((r.period, r.unit, r.measured_by), []).append(r)
    known = [g for g in groups.values() if named <= {r.exporter.split("<->")[1] for r in g} and len(g) > len(named)]
    if not known or not named or not owner:
        return _row(row, "", 0, None, None, "not_checkable", "no reference ranks these partners")
    group = sorted(known[0], key=lambda r: (-r.value, r.id))
    outcomes = {
        {r.exporter.split("<->")[1] for r in rows[: len(named)]} == named
        for rows in (group, [r for r in group if not r.doubt])
    }
    verdict = "disputed" if len(outcomes) > 1 else "inside" if True in outcomes else "contradicts"
    listed = " > ".join(f"{r.exporter.split('<->')[1]} {_say(r.value, r.unit)}" for r in group)
    doubts = "; ".join(r.doubt for r in group if r.doubt)
    text = f"{group[0].period}: {listed}" + (f" ({doubts})" if doubts else "")
    return _row(row, "+".join(r.id for r in group), 1, None, None, verdict, text)


def overall(rows: Iterable[Mapping]) -> str:
    """One verdict for a claim from its rows: disputed, contradicts, else the closest agreement, else not checkable."""
    verdicts = {r["verdict"] for r in rows}
    order = ("disputed", "contradicts", "exact", "rounds_to", "inside", "not_checkable")
    return next((v for v in order if v in verdicts), "not_checkable")
