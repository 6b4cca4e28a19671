"""The time of `report` against plain nbconvert on the same notebooks in the same run: python -m tests.benchmarks.report

Prints the wall seconds of both, turn by turn, and the ratio of the medians (aim: at most 0.6). The study is the
invented one; both write their own pages and charts.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
TURNS = 3


def main() -> None:
    notebooks = sorted(str(p) for p in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    with tempfile.TemporaryDirectory() as scratch:
        study = str(ROOT / "tests" / "study")
        plain = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", f"--output-dir={scratch}/plain"]
        ours = [sys.executable, "-m", "helpers", "report", "--study", study, f"--out={scratch}/ours"]
        environment = os.environ | {"HELPERS_STUDY": study, "HELPERS_FIGURES": f"{scratch}/figures"}
        spent: dict[str, list[float]] = {"nbconvert": [], "report": []}
        for turn in range(TURNS):
            for name, command in (("nbconvert", plain + notebooks), ("report", ours)):
                began = time.perf_counter()
                subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
                spent[name].append(time.perf_counter() - began)
                print(f"turn {turn + 1}\t{name}\t{spent[name][-1]:.1f} s", flush=True)
    medians = {name: statistics.median(times) for name, times in spent.items()}
    print(f"{len(notebooks)} notebooks: ratio {medians['report'] / medians['nbconvert']:.2f}")


if __name__ == "__main__":
    main()
