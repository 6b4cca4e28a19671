"""The coded tables of invented articles, hashed: a change made for speed must not change a row.

A change made for quality does, and should: look at what changed (git stash; python -m helpers code …; diff), then write
the new hashes with: python -m tests.test_golden
"""

from pathlib import Path

from helpers import codebook as codebooks
from helpers import coding, corpus, shards
from tests.benchmarks import synthetic

FOLDER = Path(__file__).parent
HASHES = FOLDER / "golden.txt"


def hashes() -> str:
    """A line for each table: its name, the number of its rows, their hash; for the small study and for drawn texts."""
    book = codebooks.read(FOLDER / "study" / "codebook.toml")
    drawn = [shards.article(record) for record in synthetic.records(30, seed=3)]
    groups = {"study": (corpus.load(FOLDER / "study")[0], False), "drawn": (drawn, True)}
    lines = []
    for group, (articles, plain) in groups.items():
        coded = [rows for a in articles for rows in coding.code_block([a], book, plain=plain)]
        together = coding.code_block(articles, book, plain=plain)
        assert coded == together, "articles coded side by side differ from articles coded alone"
        for name, columns in coding.TABLES.items():
            rows = [row for one in coded for row in one[name]]
            digest = corpus.digest(coding.csv_text(columns, rows).encode())
            lines.append(f"{group} {name} {len(rows)} {digest[:20]}")
    return "\n".join(lines) + "\n"


def test_no_row_changes_unseen():
    before, now = (set(text.splitlines()) for text in (HASHES.read_text(encoding="utf-8"), hashes()))
    assert now == before, "tables changed; if that is meant: python -m tests.test_golden"


if __name__ == "__main__":
    HASHES.write_text(hashes(), encoding="utf-8")
