"""A corpus nobody wrote: seeded articles with Zipf-distributed words, quotations, figures, names, frame and tone words.

Same size of article as in the press (about 580 words, 28 sentences), so that what is measured on it holds for real text
in order of magnitude; the real corpus stays the judge (HELPERS_BENCHMARK).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

SYLLABLES = (
    "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo za bren clor drin fral glem prat stin trov".split()
)
COMMON = (
    "the of to and a in that is was for on with as at by it from be are this an has have its he she but they not "
    "which said were had who would more than their been also one after new when there will over into up out "
    "last most could all years first people some other two what many may about government country state "
).split()
TONE = "good bad war peace attack hope fear win lose crisis support threat great terrible love hate calm angry".split()
FRAMES = "peacemaker mediator peace broker|honest broker|peace plan|ceasefire|war crimes|warmonger|neutral|talks".split(
    "|"
)
NAMES = "Mara Lindqvist|Tomas Orrel|Ana Velde|Jonas Brekk|Iris Calder|Pavel Dorn|Lena Hask|Omar Reyes-Falk".split("|")
ROLES = "foreign minister|analyst at the Calder Institute|spokesman|professor of history|chief economist".split("|")
VERBS = "said|told reporters|argued|warned|added|claimed|according to|insisted".split("|")
UNITS = "$%d billion|%d%%|%d million tonnes|€%d.4bn|%d people|%d per cent|%dm barrels a day|%d years".split("|")
OUTLETS = [f"Outlet {i}" for i in range(20)]


def vocabulary(size: int = 4000) -> list[str]:
    made = random.Random(7)
    words = sorted({"".join(made.choices(SYLLABLES, k=made.choice((1, 2, 2, 3, 3, 4)))) for _ in range(2 * size)})
    made.shuffle(words)
    return COMMON + words[:size]


def records(n: int, *, seed: int = 1, copies: float = 0.02, first: int = 0) -> Iterator[dict]:
    """`n` records with id, outlet, date, headline and text; the share `copies` is exact or near copies of others."""
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    texts: list[str] = []
    for i in range(first, first + n):
        draw = random.Random(f"{seed} {i}")
        if texts and draw.random() < copies:
            text = draw.choice(texts)
            if draw.random() < 0.5:
                text = "By our own staff. " + text.rpartition("\n\n")[0]
        else:
            text = article(draw, words, weights)
        if len(texts) < 200:
            texts.append(text)
        yield {
            "id": f"a{i:07d}",
            "outlet": draw.choice(OUTLETS),
            "date": f"20{draw.randint(10, 23)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
            "headline": sentence(draw, words, weights, 7).rstrip("."),
            "text": text,
        }


def article(draw: random.Random, words: list[str], weights: list[float]) -> str:
    paragraphs = []
    for _ in range(draw.randint(8, 14)):
        paragraphs.append(" ".join(any_sentence(draw, words, weights) for _ in range(draw.randint(1, 4))))
    return "\n\n".join(paragraphs)


def any_sentence(draw: random.Random, words: list[str], weights: list[float]) -> str:
    length = max(4, min(45, round(draw.gauss(21, 8))))
    kind = draw.random()
    if kind < 0.18:
        name, role, verb = draw.choice(NAMES), draw.choice(ROLES), draw.choice(VERBS[:6])
        marks = draw.choice(("“”", '""'))
        inner = sentence(draw, words, weights, length - 5).rstrip(".")
        return f"{marks[0]}{inner},{marks[1]} {verb} {name}, {role}."
    if kind < 0.26:
        return (
            f"{draw.choice(NAMES)} {draw.choice(('said', 'argued', 'warned'))} that "
            + sentence(draw, words, weights, length - 4).lower()
        )
    return sentence(draw, words, weights, length)


def sentence(draw: random.Random, words: list[str], weights: list[float], length: int) -> str:
    chosen = draw.choices(words, cum_weights=weights, k=max(length, 3))
    for extra, chance in ((TONE, 0.7), (FRAMES, 0.05), (UNITS, 0.25), (NAMES, 0.2)):
        if draw.random() < chance:
            piece = draw.choice(extra)
            chosen[draw.randrange(1, len(chosen))] = piece % draw.randint(2, 900) if extra is UNITS else piece
    text = " ".join(chosen)
    return text[:1].upper() + text[1:] + "."


def write(path: Path, n: int, **options) -> Path:
    """The records as JSON lines in `path`."""
    with path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records(n, **options))
    return path
