"""Can the report be trusted? Two runs compared byte by byte, texts recoded, gold gates, every page read by a lint."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from . import lint, study
from .study import Study

ROOT = Path(__file__).resolve().parent.parent
COMPARED = {".csv", ".html", ".ipynb", ".png", ".svg"}
# two users on two machines, as unlike as one machine can play them
RUNS = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "COLUMNS": "80"},
    {"PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "LANG": "tr_TR.UTF-8", "COLUMNS": "211"},
)
FOLDERS = ("a", "another folder, with a long name")
RCFILE = "font.size: 31\nfigure.dpi: 33\naxes.facecolor: red\n"


def check(folder: Path, *, say: Callable[[str], None]) -> list[str]:
    """Checks the study in `folder`; says one line a step, returns the faults."""
    data = study.read(folder)
    faults = list(data.refusals)
    with tempfile.TemporaryDirectory(prefix="check-") as scratch:
        for name in FOLDERS:
            copy(Path(scratch) / name, folder)
        built = [run(Path(scratch) / FOLDERS[i], RUNS[i], jobs=i + 1) for i in range(2)]
        found = [f for _, failed in built for f in failed]
        found += compare(built[0][0], built[1][0])
        files = sum(1 for p in built[0][0].rglob("*") if p.suffix in COMPARED)
        say(f"two runs: {files} files, {'all the same bytes' if not found else 'differences'}")
        faults += found
        n_pages, n_links, found = lint.pages(built[0][0])
        say(f"pages: {n_pages} pages, {n_links} links, {len(found)} faults")
        faults += found
        faults += shipped(data, built[0][0], scratch=Path(scratch), say=say)
    faults += recoded(data, say=say)
    return faults + gates(data, say=say)


def copy(place: Path, folder: Path) -> None:
    """A copy of the project and the study in `place`, with a home of its own whose settings would show in a chart."""
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for part in ("helpers", "notebooks"):
        shutil.copytree(ROOT / part, place / part, ignore=skip)
    shutil.copytree(folder, place / "study", ignore=skip)
    home = place / "home"
    (home / ".config" / "matplotlib").mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text(RCFILE, encoding="utf-8")


def run(place: Path, env: dict[str, str], *, jobs: int) -> tuple[Path, list[str]]:
    """The report of the copy in `place`: (its folder, faults)."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "HELPERS_", "PYTHON", "XDG_"))}
    environment |= {**env, "HOME": str(place / "home")}
    command = [sys.executable, "-m", "helpers", "report", "--study", "study", "--out", "out", "--jobs", str(jobs)]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, encoding="utf-8")
    failed = [line for line in done.stderr.splitlines() if "\t" not in line]  # the others tell the progress
    faults = [f"run {jobs}: {line}" for line in failed] if done.returncode else []
    return place / "out", faults


def compare(one: Path, other: Path) -> list[str]:
    """Faults: files of the two folders that are missing or differ, with the first line in which they do."""
    names = sorted({p.relative_to(f).as_posix() for f in (one, other) for p in f.rglob("*") if p.suffix in COMPARED})
    faults = []
    for name in names:
        a, b = one / name, other / name
        if not (a.is_file() and b.is_file()):
            faults.append(f"{name}: written by one run only")
        elif a.read_bytes() != b.read_bytes():
            faults.append(f"{name}: {first_difference(a.read_bytes(), b.read_bytes())}")
    return faults


def first_difference(a: bytes, b: bytes) -> str:
    """The first line in which two files differ, in both forms, cut to the place."""
    for number, (x, y) in enumerate(zip(a.split(b"\n"), b.split(b"\n"), strict=False), 1):
        if x != y:
            at = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
            cut = [line[max(at - 20, 0) : at + 40].decode("utf-8", "replace") for line in (x, y)]
            return f"line {number}, character {at + 1}: {cut[0]!r} and {cut[1]!r}"
    return "one file is longer"


def shipped(data: Study, out: Path, *, scratch: Path, say: Callable[[str], None]) -> list[str]:
    """Faults: what is published (tables, charts, pages without texts) and repeats eight words of a text at hand."""
    if not data.texts:
        say("eight words: no texts at hand to compare with")
        return []
    from . import pages

    bare = scratch / "redacted"
    pages.write(replace(data, texts={}), out=bare, notebooks=ROOT / "notebooks")
    files = [p for f in (bare, out / "figures", out / "tables", data.folder / "coded") for p in sorted(f.rglob("*"))]
    files = [p for p in files if p.suffix in lint.PUBLISHED]
    headlines = [h for r in data.articles.to_dict("records") for k, h in r.items() if k.startswith("headline") and h]
    faults = lint.copied(files, data.texts, allowed=headlines)
    say(f"eight words: {len(files)} published files against {len(data.texts)} texts, {len(faults)} faults")
    return faults


def recoded(data: Study, *, say: Callable[[str], None]) -> list[str]:
    """Faults: tables in which a text coded now differs from the shipped coding."""
    articles = study.shipped_rows(data.folder / "coded").get("articles", [])
    known = {r["article_id"] for r in articles} & set(data.texts)
    equal = "as shipped" if not data.departures else f"{len(data.departures)} tables differ"
    counts = f"{len(data.texts)} texts coded, {len(known)} of them shipped as tables"
    say(f"recoded: {counts}{', ' + equal if known else ''}" if data.texts else "recoded: no texts at hand")
    return [f"{table}: coded now, differs from {data.folder.name}/coded" for table in data.departures]


def gates(data: Study, *, say: Callable[[str], None]) -> list[str]:
    """Faults: measures under the floor that the study's gold/gates.csv sets."""
    from . import validity

    table = validity.gates(data).to_dict("records")
    if not table:
        say("gold: no gates")
        return []
    counts = {v: sum(r["verdict"] == v for r in table) for v in ("target", "floor", "short", "below", "not measured")}
    say(f"gold: {len(table)} gates, " + ", ".join(f"{n} {v}" for v, n in counts.items() if n))
    missed = [r for r in table if r["verdict"] in ("floor", "short")]
    for r in missed:
        say(f"  {r['table']}, {r['measure']}: {r['value']:.3g}, target {r['must_be']} {r['target']:g}")
    return [
        f"gold, {r['table']}: {r['measure']} is {r['value']:.3g}, must be {r['must_be']} {r['floor']:g}"
        for r in table
        if r["verdict"] == "below"
    ]


def command(options) -> int:
    """`python -m helpers check`: one line a step, faults on stderr; status 1 if there are any."""
    faults = check(study.locate(options.study), say=lambda line: print(line, flush=True))
    for fault in faults:
        print(fault, file=sys.stderr)
    print("check: all well" if not faults else f"check: {len(faults)} faults")
    return int(bool(faults))
