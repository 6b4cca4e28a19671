"""No eight words in a row of an article or benchmark text stand in anything that is published."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
RUN = 8
UNREAD = {".png", ".parquet", ".gz", ".zip", ".pdf", ".lock"}


def runs(text, length=RUN):
    """All runs of `length` words, in lower case, marks left out."""
    words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


def published():
    """The files that are or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout: no list of published files")
    files = [ROOT / name for name in listed.stdout.split("\n") if name]
    return [f for f in files if f.is_file() and f.suffix not in UNREAD]


def texts():
    """Every protected text at hand: the reader's articles, and where they are present the shared ones."""
    for folder in (ROOT / "seeds", SHARED / "seeds"):
        for path in sorted(folder.glob("*.txt")):
            yield path.name, path.read_bytes().decode("utf-8", "replace")
    for path in sorted(SHARED.glob("benchmarks/*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield f"{path.name} {record['id']}", record["text"]


def bibliography():
    """Headlines are bibliography: the catalogue's and the gold's may be printed."""
    allowed = set()
    catalogue = ROOT / "seeds/catalogue.toml"
    if catalogue.exists():
        for value in strings(tomllib.loads(catalogue.read_text(encoding="utf-8"))):
            allowed |= runs(value)
    for line in (ROOT / "seeds/gold/metadata.csv").read_text(encoding="utf-8").split("\n"):
        if ",headline," in line or ",headline_print," in line:
            allowed |= runs(line.split(",", 2)[2])
    return allowed


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def test_runs_find_a_copied_sentence_whatever_its_marks():
    text = "The old harbour of Velm was, they said, “never quiet” in spring."
    assert runs(text) & runs('x = "harbour of Velm was they said never quiet"')
    assert not runs(text) & runs("The harbour was quiet in the spring of that year, they said")


def test_nothing_published_holds_eight_words_of_a_text():
    where = {}
    for path in published():
        for run in runs(path.read_text(encoding="utf-8", errors="replace")):
            where.setdefault(run, path.relative_to(ROOT))
    for run in bibliography():
        where.pop(run, None)
    found, read = [], 0
    for name, text in texts():
        read += 1
        # line by line: a headline, a name and a date below one another are bibliography, not a sentence
        copied = {run for line in text.split("\n") for run in runs(line)}
        found += [f"{where[run]}: words of {name}" for run in copied if run in where]
    if not read:
        pytest.skip("no article texts at hand to compare with")
    assert not sorted(set(found))
