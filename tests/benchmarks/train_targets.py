"""Train helpers/data/target_weights.csv and print how well it does: python tests/benchmarks/train_targets.py FILE.jsonl

FILE.jsonl is NewsMTSC's training part with offsets (id, text, mentions, labelled_targets). Needs scipy, which comes
with scikit-bio. Folds keep all sentences on one event together; every score is of weights rounded as they are shipped.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from helpers import cleaning, language, learned, sentiment, statistics, targets
from helpers.codebook import Codebook
from helpers.corpus import Article

RIDGE, LEXICON_RIDGE, LEAST, FOLDS = 8.0, 1.0, 3, 5  # LEAST: a feature in fewer mentions is left out
HEADER = """# Weights of the model in helpers/learned.py, trained on NewsMTSC by tests/benchmarks/train_targets.py.
# A stem ends in *; < before the mention, > after it, << and >> directly beside it, = not a word.
"""


def examples(path: Path) -> tuple[list[dict], list[str], list[str]]:
    """Features, class and event of every labelled mention."""
    nears, labels, events = [], [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        article = Article(record["id"], record["text"], mentions=tuple(map(tuple, record["mentions"])))
        document = language.Document(article, cleaning.plain(article))
        sentences, terms, rows = sentiment.code(document, Codebook())
        starts = [term["start"] for term in terms]
        label_of = {(start, end): label for start, end, label in record["labelled_targets"]}
        source, _, event, *_ = record["id"].split("_")
        for row in rows:
            span = row["start"], row["end"]
            if span in label_of:
                nears.append(targets.near(document, row, sentences, terms, starts))
                labels.append(label_of[span])
                events.append(f"{source}_{event}")
    return nears, labels, events


def matrix(nears: list[dict], names: list[str]) -> csr_matrix:
    place = {name: j for j, name in enumerate(names)}
    cells = [(i, place[name], value) for i, near in enumerate(nears) for name, value in near.items() if name in place]
    rows, columns, values = zip(*cells, strict=True)
    return csr_matrix((values, (rows, columns)), shape=(len(nears), len(names)))


def fit(nears: list[dict], labels: list[str]) -> dict[str, tuple[float, ...]]:
    """Ridge-penalised multinomial logistic regression, classes weighted by the root of their rarity."""
    counts = Counter(name for near in nears for name in near)
    names = sorted(name for name, n in counts.items() if n >= LEAST)
    x, y = matrix(nears, names), np.array([learned.CLASSES.index(label) for label in labels])
    weight = np.sqrt(len(y) / 3 / np.bincount(y))[y]
    ridge = np.array([LEXICON_RIDGE if name[0] == "=" else RIDGE for name in names])[:, None]
    wanted = np.eye(3)[y]

    def loss(flat):
        w = flat.reshape(-1, 3)
        z = x @ w
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(axis=1, keepdims=True)
        value = -(weight * np.log(p[np.arange(len(y)), y] + 1e-12)).sum() + 0.5 * (ridge * w * w).sum()
        return value, (x.T @ ((p - wanted) * weight[:, None]) + ridge * w).ravel()

    found = minimize(loss, np.zeros(len(names) * 3), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    rounded = np.round(found.x.reshape(-1, 3), 2) + 0.0
    return {name: tuple(row) for name, row in zip(names, rounded.tolist(), strict=True) if any(row)}


def classes(nears: list[dict], known: dict) -> list[str]:
    return [sentiment.label(learned.signed(near, known)) for near in nears]


def out_of_fold(nears: list[dict], labels: list[str], events: list[str]) -> list[str]:
    """The class of each mention by weights that were trained without its event."""
    order = sorted(set(events))
    shuffled = np.random.Generator(np.random.PCG64(1)).permutation(len(order))
    fold_of = {event: int(i) % FOLDS for event, i in zip(order, shuffled, strict=True)}
    predicted = [""] * len(labels)
    for fold in range(FOLDS):
        inside = [i for i, event in enumerate(events) if fold_of[event] != fold]
        outside = [i for i, event in enumerate(events) if fold_of[event] == fold]
        known = fit([nears[i] for i in inside], [labels[i] for i in inside])
        for i, label in zip(outside, classes([nears[i] for i in outside], known), strict=True):
            predicted[i] = label
    return predicted


def main(path: Path) -> None:
    nears, labels, events = examples(path)
    order = sorted(set(events))
    predicted = out_of_fold(nears, labels, events)
    accuracy = sum(a == b for a, b in zip(labels, predicted, strict=True)) / len(labels)
    print(f"{FOLDS} folds by event: macro-F1 {statistics.macro_f1(labels, predicted):.3f}, accuracy {accuracy:.3f}")
    known = fit(nears, labels)
    lines = [f'"{name}",{",".join(f"{weight:g}" for weight in row)}\n' for name, row in sorted(known.items())]
    out = Path("helpers/data/target_weights.csv")
    out.write_text(HEADER + ",".join(("feature", *learned.CLASSES)) + "\n" + "".join(lines), encoding="utf-8")
    print(f"{len(labels)} mentions of {len(order)} events; {out}: {len(known)} features, {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
