"""A small study made by hand for the tests of pages and reports: one article, every table, offsets by search."""

from pathlib import Path

from helpers import coding
from helpers.codebook import Codebook, Frame
from helpers.study import Study

TEXT = """Menu
The river deal
President Tal Orin said on Monday that the truce was “a gift to both banks” and nobody doubted it.
Trade rose to $4.2 billion from $3.1 billion, yet the so-called peacemaker sold shells.
"""
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x1b[31m$1 and $2 [x](javascript:alert(1)) =1+1"


def tables_of(text: str, article_id: str = "orin", **meta: str) -> dict[str, list[dict]]:
    """Rows of all tables for TEXT, or for TEXT with `text` put in place of parts of it."""
    rows: dict[str, list[dict]] = {name: [] for name in coding.TABLES}

    def at(words: str) -> tuple[int, int]:
        start = text.index(words)
        return start, start + len(words)

    def add(table: str, words: str, **cells) -> None:
        start, end = at(words)
        rows[table].append({"article_id": article_id, "start": start, "end": end, **cells})

    zones = ["navigation", "headline", "body", "body"]
    for number, (line, zone) in enumerate(zip(text.splitlines(), zones, strict=True), 1):
        lengths = " ".join(str(len(w)) for w in line.split(" "))
        add("lines", line, line=number, zone=zone, rule="hand", n_words=len(line.split()), word_lengths=lengths)
        if zone == "body":
            add("sentences", line, sentence=number - 2, paragraph=number - 2, vader_compound=0.3, vader_masked=-0.2)
    rows["articles"].append({"article_id": article_id, "headline": "The river deal", "n_words": 34, **meta})
    frame = {
        "sentence": 2,
        "zone": "body",
        "frame": "role",
        "family": "peace",
        "stance": "distanced",
        "rule": "so_called",
    }
    add("frames", "peacemaker", term="peacemaker", voice="outlet", **frame)
    add("quantities", "$4.2 billion", surface="$4.2 billion", kind="money", value=4.2e9, comparator="=", is_trade=1)
    add("quantities", "$3.1 billion", surface="$3.1 billion", kind="money", value=3.1e9, comparator="=", is_trade=0)
    add("sentiment_terms", "gift", sentence=1, term="gift", valence=1.9, valence_in_context=1.9, is_topic=0)
    add("targets", "Tal Orin", sentence=1, target="orin", vader_clause=0.3, voice="outlet")
    start, end = at("“a gift to both banks”")
    quote = {"sentence": 1, "spans": f"{start}-{end}", "kind": "mixed", "cue": "said", "speaker": "Tal Orin"}
    rows["quotes"].append({"article_id": article_id, "source_id": "s1", "n_words": 5, "rule": "verb", **quote})
    source = {"source_id": "s1", "name": "Tal Orin", "role": "President", "first_start": at("President")[0]}
    rows["sources"].append({"article_id": article_id, "affiliation_type": "government", **source})
    return rows


def study_of(*articles: tuple[str, dict[str, list[dict]]], texts: bool = True, folder: Path = Path("none")) -> Study:
    """A study of (text, rows) pairs, with or without its texts."""
    frames = (Frame("role", "peacemaker", "peace", "core", "one who brings peace", ("peacemaker*",)),)
    joined = {
        name: coding.csv_text(columns, [r for _, rows in articles for r in rows[name]])
        for name, columns in coding.TABLES.items()
    }
    present = {rows["articles"][0]["article_id"]: text for text, rows in articles} if texts else {}
    book = Codebook(title="The river deal", study={"event": "Orin's visit"}, frames=frames)
    return Study(folder=folder, codebook=book, tables=joined, texts=present)
