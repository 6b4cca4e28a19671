"""Score the coders on the public benchmarks and keep the scores: python -m tests.benchmarks.scores [FOLDER [TASK]].

FOLDER holds the benchmark files and their score.py (default ../shared/benchmarks). Writes helpers/data/benchmarks.csv:
task, part, measure, value, the percentile interval over resampled articles, n. Scores only, never a text.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from helpers import statistics, tiers, wordclasses

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


@cache
def speech_forms() -> frozenset[str]:
    """All forms of the verbs of saying in speech_verbs.txt."""
    verbs = (Path(__file__).parent / "speech_verbs.txt").read_text(encoding="utf-8")
    wanted = {line for line in verbs.split("\n") if line and not line.startswith("#")}
    return frozenset(form for form, (head, _) in wordclasses.lexicon().forms.items() if head in wanted)


def speech(record: dict, rows: list[dict]) -> np.ndarray:
    """Counts of one article for attributions whose cue holds a verb of saying: of all kinds, of indirect ones.

    Each row: coded and right, coded, gold and found with the right speaker, gold.
    """
    text, counts = record["text"], np.zeros((2, 4))
    rows = [row for row in rows if row["speaker_start"]]
    coded = [
        ([tuple(map(int, span.split("-"))) for span in row["spans"].split(";")],
         (int(row["speaker_start"]), int(row["speaker_end"])))
        for row in rows
    ]  # fmt: skip
    found = tiers.matches(coded, record["attributions"])
    right = {i for i, hit in found.values() if hit}

    def says(spans: list) -> bool:
        return not speech_forms().isdisjoint(re.findall(r"[\w']+", " ".join(text[a:b] for a, b in spans).lower()))

    for i, row in enumerate(rows):
        if row["cue_start"] and says([(int(row["cue_start"]), int(row["cue_end"]))]):
            counts[: 1 + (row["kind"] == "indirect"), :2] += i in right, 1
    for i, gold in enumerate(record["attributions"]):
        if says(gold["cue"]):
            counts[: 1 + (gold["kind"] == "indirect"), 2:] += found.get(i, (0, False))[1], 1
    return counts


def speech_scores(counts: np.ndarray) -> dict[str, float]:
    """Precision, recall and F1 from the counts of many articles."""
    made = {}
    for name, (right, coded, hit, gold) in zip(("speech_verb", "speech_verb_indirect"), counts.sum(0), strict=True):
        p, r = right / max(1, coded), hit / max(1, gold)
        made |= {f"{name}.p": p, f"{name}.r": r, f"{name}.f1": 2 * p * r / max(1e-9, p + r)}
    return {name: round(float(value), 3) for name, value in made.items()}


def score(module, task: str, path: Path, coded: Path, *, draws: int) -> list[dict]:
    """The rows of one task: score.py's numbers, and the same over resampled articles."""
    records, rows = module.gold(path), module.rows(coded, TABLES[task])
    values = flat(module.TASKS[task](path, coded))
    if path.stem == "newsmtsc_train":  # the model was trained on it: train_targets.py scores it in folds
        values = {name: value for name, value in values.items() if not name.startswith("model.")}
    parts = None
    if task == "quotes":
        parts = np.stack([speech(record, rows.get(record["id"], [])) for record in records])
        values |= speech_scores(parts)
    drawn: dict[str, list[float]] = {}
    for counts in statistics.resamples(len(records), draws=draws):
        for row in counts:
            sample = [(f"{i}-{k}", i) for i, times in enumerate(row) for k in range(times)]
            module.gold = lambda _, sample=sample: [{**records[i], "id": key} for key, i in sample]
            by_id = {key: rows[records[i]["id"]] for key, i in sample if records[i]["id"] in rows}
            module.rows = lambda *_, by_id=by_id: by_id
            again = flat(module.TASKS[task](path, coded))
            if parts is not None:
                again |= speech_scores(parts * row[:, None, None])
            for name, value in again.items():
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


def main(folder: str = "../shared/benchmarks", only: str = "", *, draws: int = 200) -> None:
    """Code every benchmark (or that of one task), score it, and rewrite the rows of the tasks that could be scored."""
    kept = ROOT / "helpers/data/benchmarks.csv"
    rows = list(csv.DictReader(kept.open(encoding="utf-8"))) if kept.exists() else []
    for task, part in PARTS.items():
        if only not in ("", task):
            continue
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
    main(*sys.argv[1:3])
