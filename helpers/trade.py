"""Which of the numbers are trade figures, of what, from whom to whom, and when? Quantity -> rows of `quantities`."""

from __future__ import annotations

from . import quantities
from .codebook import Codebook
from .language import Document


def code(document: Document, codebook: Codebook) -> list[dict]:
    """Rows of the table `quantities`."""
    rows = []
    for number, q in quantities.read(document):
        rows.append(
            {
                "sentence": number, "start": q.start, "end": q.end, "surface": document.text[q.start : q.end],
                "kind": q.kind, "value": q.value, "low": q.low, "high": q.high, "comparator": q.comparator,
                "unit": q.unit or None, "unit_assumed": q.unit_assumed or None, "per": q.per or None,
                "direction": q.direction or None, "rounding": q.rounding,
                "inherited": " ".join(q.inherited) or None, "is_trade": 0, "rule": q.rule,
            }
        )  # fmt: skip
    return rows
