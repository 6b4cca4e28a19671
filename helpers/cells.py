"""Sums small enough to read at any size: outlet, day and measure, from the rows of single articles.

The article is the unit: a cell counts articles and sums article values, never sentences, so that intervals can treat
articles as the clusters they are. All sums are of whole numbers (values in millionths), so that cells of many shards
add up to the same figure in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from statistics import fmean

BINS = 40  # of the histogram of each measure
MILLION = 1_000_000


def mean(rows: list[dict], column: str) -> float | None:
    values = [r[column] for r in rows if r.get(column) is not None]
    return fmean(values) if values else None


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def thousandths(n: int, coded: Mapping[str, list[dict]]) -> float | None:
    words = coded["articles"][0].get("n_words")
    return 1000 * n / words if words else None


# measure -> the range its histogram covers (values beyond fall into the outer bins), the value of one article
MEASURES: Mapping[str, tuple[float, float, Callable[[Mapping[str, list[dict]]], float | None]]] = {
    "tone": (-1, 1, lambda c: mean(c["sentences"], "vader_compound")),
    "tone_masked": (-1, 1, lambda c: mean(c["sentences"], "vader_masked")),
    "words": (0, 2000, lambda c: c["articles"][0].get("n_words")),
    "quoted_share": (
        0, 1, lambda c: share(sum(r.get("n_quoted_words") or 0 for r in c["sentences"]), c["articles"][0]["n_words"])
    ),
    "quotes": (0, 40, lambda c: len(c["quotes"])),
    "sources": (0, 40, lambda c: sum(r.get("kind") != "author" for r in c["sources"])),
    "experts": (0, 40, lambda c: sum(bool(r.get("is_expert")) for r in c["sources"])),
    "quantities_per_1000_words": (0, 80, lambda c: thousandths(len(c["quantities"]), c)),
    "trade_quantities": (0, 40, lambda c: sum(bool(r.get("is_trade")) for r in c["quantities"])),
    "frame_terms_per_1000_words": (0, 40, lambda c: thousandths(len(c["frames"]), c)),
}  # fmt: skip

# Cells: of articles without (copy 0) and with (1) an earlier copy; one row a bin that is not empty.
# Frame cells: articles that hold the frame and its mentions, in all (voice and stance empty) and by voice and stance.
TABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "cells": (
        ("outlet", "string"), ("day", "string"), ("copy", "int32"), ("measure", "string"), ("bin", "int32"),
        ("n", "int64"), ("total", "int64"), ("squares", "int64"),
    ),
    "frame_cells": (
        ("outlet", "string"), ("day", "string"), ("copy", "int32"), ("frame", "string"), ("voice", "string"),
        ("stance", "string"), ("articles", "int64"), ("mentions", "int64"),
    ),
}  # fmt: skip


class Summary:
    """The cells of one shard, filled article by article."""

    def __init__(self) -> None:
        self.cells: dict[tuple, list[int]] = {}
        self.frames: dict[tuple, list[int]] = {}

    def add(self, coded: Mapping[str, list[dict]]) -> None:
        """Count one article, given the rows of all its tables."""
        article = coded["articles"][0]
        copy = int(bool(article.get("duplicate_of") or article.get("near_duplicate_of")))
        place = (article.get("outlet") or "", (article.get("published") or "")[:10], copy)
        for measure, value in values(coded):
            low, high, _ = MEASURES[measure]
            bin_ = min(max(int((value - low) / (high - low) * BINS), 0), BINS - 1)
            cell = self.cells.setdefault((*place, measure, bin_), [0, 0, 0])
            whole = round(value * MILLION)
            cell[0] += 1
            cell[1] += whole
            cell[2] += whole * whole // MILLION
        mentions: dict[tuple, int] = {}
        for row in coded["frames"]:
            frame = row.get("frame") or ""
            for key in ((frame, "", ""), (frame, row.get("voice") or "unstated", row.get("stance") or "unstated")):
                mentions[key] = mentions.get(key, 0) + 1
        for key, n in mentions.items():
            cell = self.frames.setdefault((*place, *key), [0, 0])
            cell[0] += 1
            cell[1] += n

    def tables(self) -> dict[str, list[dict]]:
        """The cells as rows, sorted."""
        return {
            name: [dict(zip((c for c, _ in TABLES[name]), (*k, *v), strict=True)) for k, v in sorted(kept.items())]
            for name, kept in (("cells", self.cells), ("frame_cells", self.frames))
        }


def values(coded: Mapping[str, list[dict]]) -> Iterator[tuple[str, float]]:
    """(measure, value) of one article, for the measures that can be taken of it."""
    for measure, (_, _, value) in MEASURES.items():
        if (found := value(coded)) is not None:
            yield measure, found
