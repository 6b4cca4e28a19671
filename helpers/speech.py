"""The attributions of a whole article: those of its units, and quotations that go on from one another."""

from __future__ import annotations

import re
from typing import Final

from .attribution import Grammar
from .cues import Attribution
from .language import Document
from .segments import units

MIN_WORDS: Final = 4  # a quotation without a speaker counts from this length; shorter ones are labels and scare quotes
_TURN: Final = re.compile(
    r'"?([A-ZÀ-Þ][A-ZÀ-Þ.\'-]+(?: [A-ZÀ-Þ][A-ZÀ-Þ.\'-]*){0,3}):\s+(?=\S)'
)  # NAME: in a transcript


def read(document: Document) -> list[Attribution]:
    """The attributions of the body, in order; a quotation of four words and more without a speaker is one of its own.

    A quotation without a cue goes on from the one before it in its paragraph, or from a cue that ended in a colon;
    a paragraph that is one quotation goes on from a quotation in the paragraph before. Any other has no speaker.
    """
    found: list[Attribution] = []
    carried: Attribution | None = None
    pending: Attribution | None = None
    paragraph, turns = 0, _turns(document)
    for unit in units(document):
        if unit.paragraph in turns:
            if unit.paragraph != paragraph:
                paragraph, turn = unit.paragraph, turns[unit.paragraph]
                carried = Attribution(unit, "turn", [], speaker=turn.span(1), how="colon")
                carried.add((turn.end(), document.paragraphs[paragraph - 1][1]))
                found.append(carried)
            continue
        made = Grammar(unit).read() if unit.cues or unit.marks else []
        if not made and not unit.marks:
            pending = None
            continue
        covered = [span for m in made for span in m.spans] if unit.marks else []
        for k, mark in unit.marks.items():
            at = unit.start(k), unit.end(k)
            if any(a <= at[0] and at[1] <= b for a, b in covered):
                continue
            near = unit.paragraph - carried.unit.paragraph if carried else 9
            if k == 0 and pending:
                pending.add(at)
                carried, pending = pending, None
            elif carried and (mark.continues or (k == 0 and near == 0 and carried.quoted)):
                carried.add(at)
            elif carried and near == 1 and k == 0 == len(unit.words) - 1 and carried.whole and carried.rule != "signed":
                carried = carried.continued(unit, at)
                made.append(carried)
            elif len(document.folded[slice(*at)].split()) >= MIN_WORDS:
                made.append(Attribution(unit, "unattributed", [(k, k + 1)]))
            else:
                continue
            covered.append(at)
        if made and made[0].rule == "signed" and not made[0].spans and found and found[-1].open(unit):
            made[0].add(found.pop().spans[0])
        pending = made[-1] if made and not made[-1].spans else None
        for m in made:
            if m.speaker and m.spans:
                carried = m
        found += made
    return [m for m in found if m.spans]


def _turns(document: Document) -> dict[int, re.Match]:
    """The paragraphs of a transcript: NAME: at the start of two at least (once is a dateline)."""
    if document.folded.count(":") < 2:
        return {}
    found: dict[int, re.Match] = {}
    for n, (start, _) in enumerate(document.paragraphs, 1):
        if m := _TURN.match(document.folded, start):
            found[n] = m
    return found if len(found) > 1 else {}
