"""What a small trained model makes of a mention: positive, neutral or negative towards its bearer.

Multinomial logistic regression on readable features: the lexicon scores of clause and sentence, lexicon words before
and after the mention, weighted by nearness, where the mention stands, and the words around it, cut to stems of six
letters, nearer ones weighing more. No names are features. Trained on NewsMTSC (Hamborg & Donnay 2021; US politics,
persons as targets: how it carries over to other countries and to states is unmeasured) by
tests/benchmarks/train_targets.py, which prints its score in grouped cross-validation. The weights are
data/target_weights.csv: feature, weight for each class. Prefixes: < a word before the mention, > after it, << and >>
directly beside it, = everything that is not a word.
"""

from __future__ import annotations

import csv
import math
import re
from functools import cache
from importlib.resources import files
from typing import Final

from .language import Remembered, n_words
from .rows import SentenceRow, TermRow
from .vader import rounded

CLASSES: Final = ("negative", "neutral", "positive")
STEM: Final = 6  # letters
_WORD: Final = re.compile(r"[A-Za-z](?:[A-Za-z'-]*[A-Za-z])?|[!?]")


def features(
    folded: str, within: tuple[int, int], target: dict, sentence: SentenceRow, terms: list[TermRow]
) -> dict[str, float]:
    """The features of a mention: rows of `targets` and `sentences`, and of the lexicon words in folded[within]."""
    start, end = target["start"], target["end"]
    a, b = within
    before, after = _stems(folded, a, start, _stems_before), _stems(folded, end, b, _stems_after)
    n = len(before) + len(after)
    near: dict[str, float] = {"=1": 1.0}
    for i, name in enumerate(before):
        near[name] = _nearness(len(before) - 1 - i)
    for i in range(len(after) - 1, -1, -1):
        near[after[i]] = _nearness(i)
    if before:
        near["<" + before[-1]] = 1.0
    if after:
        near[">" + after[0]] = 1.0
    for name in ("vader_clause", "vader_clause_masked", "combined"):
        near["=" + name] = target[name]
    near["=vader_compound"], near["=z_mean"], near["=afinn"] = sentence.vader_compound, sentence.z_mean, sentence.afinn
    for term in terms:
        if not term.is_name_part:
            _add_term(near, folded, start, end, target, term)
    near["=starts"] = float(len(before) < 3)
    near["=quoted"] = float(target["voice"] == "quoted")
    near["=possessive"] = float(folded.startswith("'s", end))
    near["=by"] = float(before[-1:] == ["<by"])
    near["=length"] = math.log(1 + n) / 4
    near["=place"] = len(before) / (n + 1)
    near["=marks"] = float('"' in folded[a:b])
    near["=question"] = float(folded[b - 1] == "?")
    return near


def _stems(folded: str, a: int, b: int, stems: Remembered) -> list[str]:
    """Features of the words in folded[a:b], capitalised ones left out, save "I" and the first word of a sentence."""
    found: list[str] = []
    for token in folded[a:b].split():
        found += stems[token]
    if stems is _stems_before and (first := _WORD.search(folded, a, b)) and _is_name(word := first.group()):
        found.insert(0, "<" + _stem(word))
    return found


def _is_name(word: str) -> bool:
    return word[0].isupper() and word != "I"


def _stem(word: str) -> str:
    return word.lower() if len(word) <= STEM else word[:STEM].lower() + "*"


def _of_words(sign: str) -> Remembered:
    """String without blanks -> the features of its words."""
    return Remembered(
        lambda token: [sign + _stem(word) for word in _WORD.findall(token) if not _is_name(word)], most=50_000
    )


_stems_before, _stems_after = _of_words("<"), _of_words(">")


def _nearness(i: int) -> float:
    """What the word weighs that has `i` words between itself and the mention."""
    return 1 / (1 + i / 4)


def _add_term(near: dict[str, float], folded: str, start: int, end: int, target: dict, term: TermRow) -> None:
    """Add a lexicon word: by sign, inside or outside the clause, before or after the mention."""
    at = term.start
    inside = "clause" if target["clause_start"] <= at < target["clause_end"] else "outside"
    side, gap = ("after", folded[end:at]) if at >= end else ("before", folded[term.end : start])
    nearness = _nearness(n_words(gap.strip()))
    for name, valence in (("valence_in_context", term.valence_in_context), ("afinn", term.afinn)):
        if valence:
            names = _NAMES[name, valence > 0]
            size = abs(valence) / 4
            near[names[inside]] = near.get(names[inside], 0.0) + size
            near[names[side]] = near.get(names[side], 0.0) + size * nearness


_NAMES: Final = {  # of the features of a lexicon word
    (name, sign == "+"): {place: f"={name} {sign} {place}" for place in ("clause", "outside", "before", "after")}
    for name in ("valence_in_context", "afinn")
    for sign in "+-"
}


Weights = tuple[float, float, float]  # for negative, neutral, positive


@cache
def weights() -> dict[str, Weights]:
    """Feature -> weight for negative, neutral, positive."""
    text = files(__package__).joinpath("data", "target_weights.csv").read_text(encoding="utf-8")
    rows = csv.reader(line for line in text.split("\n") if line and not line.startswith("#"))
    next(rows)
    return {name: (float(against), float(between), float(towards)) for name, against, between, towards in rows}


def signed(near: dict[str, float], known: dict[str, Weights] | None = None) -> float:
    """Probability of the likeliest class, with its sign; 0 where that is neutral."""
    if known is None:
        known = weights()
    negative = neutral = positive = 0.0
    for name, value in near.items():
        if (weight := known.get(name)) is not None:
            against, between, towards = weight
            negative += against * value
            neutral += between * value
            positive += towards * value
    best = max(negative, neutral, positive)
    if best == neutral:
        return 0.0
    share = 1 / (math.exp(negative - best) + math.exp(neutral - best) + math.exp(positive - best))
    return rounded(share if best == positive else -share, 3)
