"""Cut an archive of any size into shards and read them: folder, JSON lines, Parquet -> Shards -> Articles.

A shard is a piece of one file that can be read on its own: a range of bytes of a JSON lines file, a range of row groups
of a Parquet file, or a run of text files. The cut depends on the file alone, never on the number of workers.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from .corpus import Article, Refused, digest

RECORDS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".parquet")
META = {"outlet": "outlet", "date": "published", "headline": "headline", "author": "author", "url": "url"}
SMALLEST, LARGEST, PIECES = 1 << 20, 1 << 24, 64  # bytes of a shard of JSON lines; how many a file is cut into
GROUP_ROWS = 10_000  # articles of a Parquet shard, as near as its row groups allow


class Shard(NamedTuple):
    """A piece of an input file. `begin` and `end` count bytes (JSON lines) or row groups (Parquet), end exclusive.

    `state` is the size and time of change of the file when the work was planned: a changed file is coded again.
    """

    name: str
    path: str
    label: str
    begin: int
    end: int
    state: str


class Fault(NamedTuple):
    """A record that cannot be used: where it stands and what is wrong with it."""

    place: str
    problem: str


def plan(source: Path) -> list[Shard]:
    """The shards of a file or of all record files below a folder, in the order of their names.

    Raises Refused when there is nothing to code or two files would give shards of one name.
    """
    if source.is_dir():
        paths = sorted(p for p in source.rglob("*") if p.is_file() and p.name.endswith(RECORDS) and p.name[0] != ".")
    elif source.is_file() and source.name.endswith(RECORDS):
        paths = [source]
    else:
        raise Refused(f"{source}: not there, or neither a folder nor one of {', '.join(RECORDS)}")
    if not paths:
        raise Refused(f"{source}: holds no file named *{', *'.join(RECORDS)}; give the folder of the shards")
    shards = []
    for path in paths:
        label = path.relative_to(source).as_posix() if path != source else path.name
        shards += cut(path, label)
    names = [s.name for s in shards]
    if len(set(names)) < len(names):
        twice = sorted({n for n in names if names.count(n) > 1})[:3]
        raise Refused(f"{source}: two files give shards named {', '.join(twice)}; rename one of them")
    return shards


def cut(path: Path, label: str) -> list[Shard]:
    """The shards of one file. A file that cannot be opened becomes one shard, which then fails by name."""
    stat = path.stat()
    state = f"{stat.st_size} {stat.st_mtime_ns}"
    if path.name.endswith(".gz"):
        bounds = [0, -1]
    elif path.name.endswith(".parquet"):
        bounds = row_groups(path)
    else:
        step = min(max(stat.st_size // PIECES, SMALLEST), LARGEST)
        bounds = [*range(0, max(stat.st_size, 1), step), stat.st_size]
    name = label.replace("/", "--")
    return [Shard(f"{name}-{i:05d}", str(path), label, a, b, state) for i, (a, b) in enumerate(pairwise(bounds))]


def row_groups(path: Path) -> list[int]:
    """Bounds of runs of row groups with about GROUP_ROWS rows each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    except (pa.ArrowException, OSError):
        return [0, -1]
    bounds, rows = [0], 0
    for i, size in enumerate(sizes):
        if rows and rows + size > GROUP_ROWS:
            bounds.append(i)
            rows = 0
        rows += size
    return [*bounds, len(sizes)]


def read(shard: Shard) -> Iterator[Article | Fault]:
    """The articles of a shard in the order of the file; a record that cannot be used comes as a Fault.

    Raises OSError or pyarrow.ArrowException when the file itself cannot be read on.
    """
    records = parquet(shard) if shard.path.endswith(".parquet") else json_lines(shard)
    for place, record in records:
        yield record if isinstance(record, Fault) else article(record, place)


def json_lines(shard: Shard) -> Iterator[tuple[str, Any]]:
    """(place, record) of every line that starts within the shard; the place is file@byte."""
    opened = gzip.open if shard.path.endswith(".gz") else open
    with opened(shard.path, "rb") as file:
        at = shard.begin
        if at > 0:
            file.seek(at - 1)
            at += len(file.readline()) - 1
        for line in file:
            if 0 <= shard.end <= at:
                return
            place = f"{shard.label}@{at}"
            at += len(line)
            if not line.isspace():
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError) as error:
                    record = Fault(place, f"not a line of JSON ({error}); mend or remove it")
                yield place, record


def parquet(shard: Shard) -> Iterator[tuple[str, Mapping]]:
    """(place, record) of every row of the shard's row groups; the place is file@row."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(shard.path) as file:
        wanted = [c for c in ("id", "text", *META, "mentions") if c in file.schema_arrow.names]
        at = sum(file.metadata.row_group(i).num_rows for i in range(shard.begin))
        for batch in file.iter_batches(256, range(shard.begin, shard.end), columns=wanted):
            for i, record in enumerate(batch.to_pylist(), at):
                yield f"{shard.label}@{i}", record
            at += batch.num_rows


def article(record: Any, place: str = "") -> Article | Fault:
    """The article of a record with text and, if stated, id, outlet, date, headline, author, url and mentions.

    Without an id the place is the id. Halves of surrogate pairs become U+FFFD: they stand for no character.
    """
    text = record.get("text") if isinstance(record, Mapping) else None
    if not isinstance(text, str):
        return Fault(place, "no text; every record needs one under the key text")
    try:
        mentions = tuple((int(a), int(b), str(target)) for a, b, target in record.get("mentions") or ())
    except (TypeError, ValueError):
        return Fault(place, "mentions must be a list of [start, end, target]")
    text, data = sound(text)
    meta = {ours: sound(str(record[key]))[0] for key, ours in META.items() if record.get(key)}
    given = record.get("id")
    return Article(
        id=place if given is None or given == "" else sound(str(given))[0],
        text=text,
        file=place.rpartition("@")[0],
        sha256=digest(data),
        meta=meta,
        mentions=mentions,
    )


def sound(text: str) -> tuple[str, bytes]:
    """The text with U+FFFD for every half of a surrogate pair, and its bytes in UTF-8."""
    try:
        return text, text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text, text.encode()


def articles(source: Path) -> Iterator[Article | Fault]:
    """All articles of a source, shard after shard, for coding in one go."""
    return each(plan(source))


def each(shards: Iterable[Shard]) -> Iterator[Article | Fault]:
    for shard in shards:
        yield from read(shard)
