"""Score the coders on the public benchmarks at hand and keep the scores: python -m tests.benchmarks.scores [FOLDER].

FOLDER holds the benchmark files and their score.py (default ../shared/benchmarks). Writes helpers/data/benchmarks.csv:
task, part, measure, value, the percentile interval over resampled articles, n. Scores only, never a text.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from helpers import statistics

ROOT = Path(__file__).parents[2]
PARTS = {
    "quotes": "polnear_dev",
    "quantities": "newsquant_dev",
    "targets": "newsmtsc_train",
    "tone": "nyt_tone_dev",
    "frames": "frames_dev",
}
TABLES = {"quotes": "quotes", "quantities": "quantities", "targets": "targets", "tone": "sentences", "frames": "frames"}
COLUMNS = ("task", "part", "measure", "value", "low", "high", "n")
COUNTS = ("n", "found", "mentions", "p", "r")


def scorer(folder: Path):
    """The benchmark's own scoring module."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flat(scores: dict, prefix: str = "") -> dict[str, float]:
    """{"voice": {"alpha": .8}} -> {"voice.alpha": .8}; counts left out."""
    found = {}
    for key, value in scores.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        elif value is not None and (prefix or key not in COUNTS):
            found[prefix + key] = value
    return {k: v for k, v in found.items() if k.rpartition(".")[2] != "n"}


def score(module, task: str, path: Path, coded: Path, *, draws: int) -> list[dict]:
    """The rows of one task: score.py's numbers, and the same over resampled articles."""
    records, rows = module.gold(path), module.rows(coded, TABLES[task])
    values = flat(module.TASKS[task](path, coded))
    if path.stem == "newsmtsc_train":  # the model was trained on it: train_targets.py scores it in folds
        values = {name: value for name, value in values.items() if not name.startswith("model.")}
    drawn: dict[str, list[float]] = {}
    for counts in statistics.resamples(len(records), draws=draws):
        for row in counts:
            sample = [(f"{i}-{k}", i) for i, times in enumerate(row) for k in range(times)]
            module.gold = lambda _, sample=sample: [{**records[i], "id": key} for key, i in sample]
            by_id = {key: rows[records[i]["id"]] for key, i in sample if records[i]["id"] in rows}
            module.rows = lambda *_, by_id=by_id: by_id
            for name, value in flat(module.TASKS[task](path, coded)).items():
                drawn.setdefault(name, []).append(value)
    made = []
    for name, value in values.items():
        low, high = np.quantile(drawn[name], [0.025, 0.975]).round(3) if drawn.get(name) else ("", "")
        made.append(dict(zip(COLUMNS, (task, path.stem, name, value, low, high, len(records)), strict=True)))
    return made


def cross_validated(path: Path) -> dict:
    """Macro-F1 of the trained model over events it was not trained on, with an interval over events."""
    from tests.benchmarks import train_targets

    nears, labels, events = train_targets.examples(path)
    predicted = train_targets.out_of_fold(nears, labels, events)
    names = sorted(set(labels))
    parts = np.zeros((len(labels), 3, len(names)))  # right, coded, wanted of each class
    for row, gold, coded in zip(parts, labels, predicted, strict=True):
        row[1, names.index(coded)] = row[2, names.index(gold)] = 1
        row[0, names.index(gold)] = gold == coded

    def macro(sums: np.ndarray) -> np.ndarray:
        right, coded, wanted = np.moveaxis(sums.reshape(*sums.shape[:-1], 3, len(names)), -2, 0)
        return (2 * right / (coded + wanted)).mean(-1)

    found = statistics.bootstrap(parts.reshape(len(parts), -1), macro, clusters=events)
    values = ("targets", f"{path.stem}, other events", "model.macro_f1", *np.round(found[:3], 3), found.n)
    return dict(zip(COLUMNS, values, strict=True))


def main(folder: str = "../shared/benchmarks", *, draws: int = 200) -> None:
    """Code every benchmark, score it, and rewrite the rows of the tasks that could be scored."""
    kept = ROOT / "helpers/data/benchmarks.csv"
    rows = list(csv.DictReader(kept.open(encoding="utf-8"))) if kept.exists() else []
    for task, part in PARTS.items():
        path = Path(folder).resolve() / f"{part}.jsonl"
        with tempfile.TemporaryDirectory() as out:
            command = [sys.executable, "-m", "helpers", "code", str(path), "--plain", "--format", "csv", "--out", out]
            subprocess.run(command, cwd=ROOT, check=True)
            with (Path(out) / f"{TABLES[task]}.csv").open(encoding="utf-8") as lines:
                if sum(1 for _ in lines) < 2:
                    print(f"{task}: nothing coded, old scores kept")
                    continue
            made = score(scorer(path.parent), task, path, Path(out), draws=draws)
        if part == "newsmtsc_train":  # the model was trained on it, so it is scored in folds
            made.append(cross_validated(path))
        rows = [row for row in rows if row["task"] != task] + made
        print(json.dumps({row["measure"]: [row["value"], row["low"], row["high"]] for row in made}))
    rows.sort(key=lambda row: list(PARTS).index(row["task"]))
    with kept.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:2])
