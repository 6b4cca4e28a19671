"""The coded tables for other tools: spreadsheets, Parquet, brat standoff, W3C Web Annotation.

brat: Stenetorp et al. (2012), standoff format. Web Annotation Data Model: W3C Recommendation of 23 February 2017.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from . import coding
from .corpus import write_aside
from .study import Study

# The tables whose rows are spans of an article, and the columns that say what a span is.
ANNOTATIONS: Mapping[str, tuple[str, ...]] = {
    "frames": ("frame", "voice", "stance", "evaluation", "actor"),
    "quantities": ("kind", "value", "low", "high", "comparator", "unit"),
    "quotes": ("kind", "speaker", "source_id", "tier"),
    "sentiment_terms": ("term", "valence", "valence_in_context"),
    "targets": ("target", "voice", "vader_clause"),
}
FORMATS = ("spreadsheet", "parquet", "brat", "webannotation")


def export(study: Study, folder: Path, *, formats: tuple[str, ...] = FORMATS) -> list[Path]:
    """Write the tables of `study` below `folder` in each of `formats`; returns the paths written."""
    written: list[Path] = []
    for name in formats:
        for path, content in WRITERS[name](study):
            write_aside(folder / name / path, content)
            written.append(folder / name / path)
    return written


def disarm(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers, negative ones too, stay numbers.

    >>> disarm("=HYPERLINK(1)"), disarm("-2.5"), disarm("-x")
    ("'=HYPERLINK(1)", '-2.5', "'-x")
    """
    if not cell or cell[0] not in "=+-@\t\r\n":
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell


def spreadsheets(study: Study) -> Iterator[tuple[str, str]]:
    """CSV files with a byte order mark (Excel reads them as UTF-8), formulas disarmed."""
    for name in coding.TABLES:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerows([disarm(c) for c in row] for row in csv.reader(io.StringIO(study.tables[name])))
        yield f"{name}.csv", "\ufeff" + out.getvalue()


def parquet(study: Study) -> Iterator[tuple[str, bytes]]:
    """One Parquet file a table, numbers typed."""
    for name in coding.TABLES:
        out = io.BytesIO()
        getattr(study, name).to_parquet(out, index=False)
        yield f"{name}.parquet", out.getvalue()


def spans(row: Mapping) -> list[tuple[int, int]]:
    """The offsets of an annotation: one span, or the parts of a broken quotation."""
    if "spans" in row:
        return [tuple(map(int, part.split("-"))) for part in row["spans"].split(";") if part]
    return [(int(row["start"]), int(row["end"]))]


def annotations(study: Study, article_id: str) -> Iterator[tuple[str, dict, list[tuple[int, int]]]]:
    """(table, row as text, spans) of every coded span of one article, in the order of the tables."""
    for name in ANNOTATIONS:
        for row in csv.DictReader(io.StringIO(study.tables[name])):
            if row["article_id"] == article_id and (places := spans(row)):
                yield name, row, places


def brat(study: Study) -> Iterator[tuple[str, str]]:
    """ARTICLE.txt and ARTICLE.ann; only articles whose text is present, since brat repeats the words."""
    for article_id, text in study.texts.items():
        lines, n_attributes = [], 0
        for i, (table, row, places) in enumerate(annotations(study, article_id), 1):
            offsets = ";".join(f"{a} {b}" for a, b in places)
            words = " ".join(text[a:b] for a, b in places).replace("\n", " ")
            lines.append(f"T{i}\t{table} {offsets}\t{words}")
            for column in ANNOTATIONS[table]:
                if row.get(column):
                    n_attributes += 1
                    lines.append(f"A{n_attributes}\t{column} T{i} {row[column].replace(' ', '_')}")
        yield f"{article_id}.txt", text
        yield f"{article_id}.ann", "\n".join(lines) + "\n"


def webannotation(study: Study) -> Iterator[tuple[str, str]]:
    """ARTICLE.jsonld: an annotation page with text position selectors; needs no text."""
    for article in study.articles.itertuples():
        source = article.url or f"urn:sha256:{article.sha256}"
        items = [
            {
                "id": f"urn:{table}:{article.article_id}:{places[0][0]}",
                "type": "Annotation",
                "motivation": "classifying",
                "body": [
                    {"type": "TextualBody", "purpose": "classifying", "value": f"{column}: {row[column]}"}
                    for column in ANNOTATIONS[table]
                    if row.get(column)
                ],
                "target": [
                    {"source": source, "selector": {"type": "TextPositionSelector", "start": a, "end": b}}
                    for a, b in places
                ],
            }
            for table, row, places in annotations(study, article.article_id)
        ]
        page = {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": items}
        yield f"{article.article_id}.jsonld", json.dumps(page, indent=1, ensure_ascii=False) + "\n"


WRITERS = {"spreadsheet": spreadsheets, "parquet": parquet, "brat": brat, "webannotation": webannotation}
