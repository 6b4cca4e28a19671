"""Mutated inputs and growth of time with length: python -m tests.benchmarks.robustness [INPUTS [LENGTH]]

INPUTS (10,000) broken pages go through reading, cleaning and all coders; LENGTH (400,000) characters of each
pathological text are compared with a quarter of them: a factor near 4 is linear, near 16 is quadratic.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import mutants
import test_robustness

from helpers import cleaning, coding, metadata


def clean(article) -> None:
    metadata.describe(article, cleaning.label(article))


def code(article) -> None:
    coding.code_article(article, mutants.BOOK, plain=True)


def main() -> int:
    inputs, length = [*map(int, sys.argv[1:]), *(10_000, 400_000)[len(sys.argv) - 1 :]]
    outcomes: Counter[str] = Counter()
    slowest = (0.0, 0)
    for number in range(inputs):
        begun = time.process_time()
        try:
            outcome = mutants.survives(number)
        except Exception as error:  # counted and named: this is what is measured
            outcome = f"failed: {number} {type(error).__name__}: {error}"
        slowest = max(slowest, (time.process_time() - begun, number))
        outcomes["coded" if outcome == "coded" else outcome if outcome.startswith("failed") else "refused"] += 1
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:6} {outcome}")
    print(f"slowest: input {slowest[1]}, {slowest[0]:.2f} s")
    worst = 0.0
    for name in test_robustness.PATHOLOGICAL:
        for work in (clean, code):
            factor, seconds = test_robustness.growth(name, work, length // 4)
            worst = max(worst, factor if seconds > 0.2 else 0)
            print(f"{name:18} {work.__name__:6} x{factor:.1f} for four times the length, {seconds:.2f} s")
    return int(any(o.startswith("failed") for o in outcomes) or worst > 8)


if __name__ == "__main__":
    sys.exit(main())
