"""The README says what there is."""

import csv
import re
import subprocess
import sys
from pathlib import Path

from helpers import coding

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_column_has_its_line_in_the_data_dictionary():
    dictionary = README.partition("## Data dictionary")[2].partition("## Dependencies")[0]
    shared = dictionary.partition("**articles**")[0]
    for table, columns in coding.TABLES.items():
        own = dictionary.partition(f"**{table}**")[2].partition("\n**")[0]
        described = set(re.findall(r"[\w]+", " ".join(re.findall(r"(?m)^\| ([^|]+) \|", own + "\n" + shared))))
        assert not set(columns) - described, table


def test_every_command_of_the_readme_exists():
    usage = subprocess.run([sys.executable, "-m", "helpers", "--help"], capture_output=True, text=True, cwd=ROOT)
    rows = README.partition("## The command line")[2].partition("##")[0]
    for command in re.findall(r"(?m)^\| `(\w+)", rows)[1:]:
        assert command in usage.stdout


def test_pictures_and_notebooks_named_there_exist():
    for path in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README):
        assert (ROOT / path).exists(), path
    for name in re.findall(r"(?m)^\| (\d\d_\w+)", README):
        assert (ROOT / "notebooks" / f"{name}.ipynb").exists(), name


def test_the_scores_are_those_of_the_last_measurement():
    with (ROOT / "helpers" / "data" / "benchmarks.csv").open(encoding="utf-8", newline="") as lines:
        measured = {tuple(f"{float(r[c]):.3f}" for c in ("value", "low", "high")) for r in csv.DictReader(lines)}
    rows = README.partition("## How well it codes")[2].partition("\n## ")[0]
    printed = re.findall(r"\| (\d\.\d+) \[(\d\.\d+), (\d\.\d+)\] \|", rows)
    assert len(printed) > 10
    assert set(printed) <= measured
