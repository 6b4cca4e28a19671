"""An article at a glance: one strip from its first to its last word, with quotes, frame, figures and tone.

Each mark of a strip leads to its place in the annotated article. Strips are drawn as SVG without text, so that they
stretch to any width; the same facts stand beside them in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .annotation import Row, bare, signed, start_of, whole
from .markup import escape

Tables = Mapping[str, Sequence[Row]]

UNCOUNTED = frozenset({"date", "year", "decade", "age", "ordinal", "identifier"})
ROWS = ("Quotes", "Frame", "Figures", "Tone")
KEY = (
    ("q state", "official speaks"),
    ("q expert", "expert speaks"),
    ("q other", "others speak"),
    ("f", "peace term, asserted (up)"),
    ("f counter", "counter term (down)"),
    ("f held", "quoted, hedged, negated or questioned"),
    ("n trade", "trade figure"),
    ("up", "positive sentence (up)"),
    ("down", "negative sentence (down)"),
)
EDGE = 24  # of 1000: what stands outside the body is drawn left of it
TONE = 105, 22  # the axis of the tone row, and the height of a full score


class Scale:
    """Offsets of the text -> 0 to 1000 over the body; what stands outside the body goes to the left edge."""

    def __init__(self, lines: Iterable[Row]):
        self.spans, self.total = [], 0
        for r in lines:
            if r["zone"] == "body":
                self.spans.append((whole(r["start"]), whole(r["end"]), self.total))
                self.total += whole(r["end"]) - whole(r["start"]) + 1

    def __call__(self, offset: int) -> float:
        for a, b, before in self.spans:
            if a <= offset <= b:
                return round(EDGE + (1000 - EDGE) * (before + offset - a) / max(self.total, 1), 1)
        return EDGE / 3


def strip(article_id: str, tables: Tables, *, here: bool = False) -> str:
    """The strip of one article; its links stay on the page if it stands on the article's own (`here`)."""
    page = "" if here else f"article-{article_id}.html"
    x = Scale(tables["lines"])
    drawn = ""
    for layer in (_quotes, _frames, _figures, _tone):
        for table, row, tip, shape in layer(tables, x):
            target = bare(f"{page}#{table}-{start_of(table, row)}")
            drawn += f"<a href={target} tabindex=-1><title>{escape(tip, attribute=True)}</title>{shape}</a>"
    labels = "".join(f"<span>{label}</span>" for label in ROWS)
    return (
        f'<div class="strip"><p class="sr">{escape(describe(tables))}</p><div class="rows" aria-hidden="true">{labels}'
        '</div><svg viewBox="0 0 1000 130" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<path class="axis" d="M0 40.5H1000M0 70H1000M0 {TONE[0]}H1000"/>{drawn}</svg></div>'
    )


def _box(at: float, y: float, wide: float, high: float, look: str) -> str:
    return f'<path class={bare(look)} d="M{at:g} {y:g}h{wide:g}v{high:g}h{-wide:g}z"/>'


def _tick(at: float, y: float, high: float, look: str) -> str:
    return _box(round(at - 2.5, 1), y, 5, high, look)


def _quotes(tables: Tables, x: Scale):
    sources = {r["source_id"]: r for r in tables["sources"]}
    for r in tables["quotes"]:
        source = sources.get(r["source_id"], {})
        official = source.get("affiliation_type") in ("government", "military")
        who = "expert" if source.get("is_expert") == "1" else "state" if official else "other"
        shape = ""
        for span in filter(None, r["spans"].split(";")):
            a, b = (x(int(n)) for n in span.split("-"))
            shape += _box(a, 3, round(max(b - a, 4), 1), 16, f"q {who}")
        yield "quotes", r, f"{r['speaker'] or 'unnamed'}, {r['kind']}", shape


def _frames(tables: Tables, x: Scale):
    for r in tables["frames"]:
        look = "f" + " counter" * (r["family"] != "peace") + " held" * (r["stance"] != "asserted")
        shape = _tick(x(whole(r["start"])), 26 if r["family"] == "peace" else 41, 14, look)
        yield "frames", r, f"{r['term']}: {r['stance'].replace('_', ' ')}", shape


def _figures(tables: Tables, x: Scale):
    for r in tables["quantities"]:
        if r["kind"] not in UNCOUNTED:
            at = x(whole(r["start"]))
            shape = _tick(at, 62, 16, "n trade") if r["is_trade"] == "1" else _tick(at, 67, 6, "n")
            yield "quantities", r, r["surface"], shape


def _tone(tables: Tables, x: Scale):
    axis, full = TONE
    for r in tables["sentences"]:
        if r["vader_compound"]:
            score = float(r["vader_masked"] or r["vader_compound"])
            a, b = x(whole(r["start"])), x(whole(r["end"]) - 1)
            high, wide = max(round(abs(score) * full, 1), 0.7), round(max(b - a - 1.5, 1), 1)
            look = "up" if score > 0 else "down" if score < 0 else "even"
            shape = _box(a, round(axis - high, 1) if score > 0 else axis, wide, high, look)
            yield "sentences", r, f"sentence {r['sentence']}: {signed(score)}", shape


def describe(tables: Tables) -> str:
    """A strip in words."""
    peace = [r for r in tables["frames"] if r["family"] == "peace"]
    own = sum(r["stance"] == "asserted" for r in peace)
    trade = sum(r["is_trade"] == "1" for r in tables["quantities"])
    speakers = {r["source_id"] for r in tables["quotes"] if r["source_id"]}
    return (
        f"{count(len(tables['sentences']), 'sentence')}; {count(len(tables['quotes']), 'quotation')} by "
        f"{count(len(speakers), 'source')}; {count(len(peace), 'peace term')}, {own} of them asserted; "
        f"{count(trade, 'trade figure')}."
    )


def count(n: int, noun: str) -> str:
    """A number with its noun: no quotations, 1 quotation, 2 quotations."""
    return f"{n or 'no'} {noun}{'' if n == 1 else 's'}"


def key() -> str:
    """What the shapes of the strips mean."""
    items = "".join(
        f'<li><svg viewBox="0 0 14 14" aria-hidden="true"><path class={bare(look)} d="M2 1h10v12h-10z"/></svg>'
        f"{label}</li>"
        for look, label in KEY
    )
    return f'<ul class="key">{items}</ul>'
