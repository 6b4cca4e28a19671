"""Rows as typed Parquet files, one a table and shard: written aside, renamed when all of them are there."""

from __future__ import annotations

import io
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from . import cells, coding
from .corpus import write_aside
from .shards import Shard

GROUP_ROWS = 20_000  # rows of a row group, at least


@cache
def schemas() -> Mapping[str, Any]:
    """The Arrow schema of every table; the same for a shard without a single row."""
    import pyarrow as pa

    def kind(column: str) -> pa.DataType:
        real = column in coding.REAL - coding.DATED
        return pa.int32() if column in coding.WHOLE else pa.float64() if real else pa.string()

    made = {name: pa.schema([(c, kind(c)) for c in columns]) for name, columns in coding.TABLES.items()}
    return made | {name: pa.schema([(c, getattr(pa, t)()) for c, t in kinds]) for name, kinds in cells.TABLES.items()}


class _Hidden:
    """Keeps pandas from being imported."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ImportError(name)


def forgo_pandas() -> None:
    """Let pyarrow do without pandas in this process, which it else loads at its first array: 60 MB, .4 s.

    Its to_pandas fails here from now on.
    """
    import pyarrow as pa

    sys.meta_path.insert(0, _Hidden)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(_Hidden)


class Writer:
    """The tables of one shard, written aside; `close` renames them, leaving the block by an error removes them."""

    def __init__(self, out: Path, shard: Shard):
        self.out, self.shard, self.open, self.waiting = out, shard, {}, {name: [] for name in schemas()}

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self.open.values():
            with suppress(Exception):
                writer.close()
        for name in schemas():
            self.aside(name).unlink(missing_ok=True)

    def aside(self, name: str) -> Path:
        return self.out / name / f".{self.shard.name}.parquet.{platform.node()}.{os.getpid()}.aside"

    def add(self, name: str, batch: Any) -> None:
        self.waiting[name].append(batch)
        if sum(b.num_rows for b in self.waiting[name]) >= GROUP_ROWS:
            self.flush(name)

    def flush(self, name: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if name not in self.open:
            self.open[name] = pq.ParquetWriter(
                self.aside(name), schemas()[name], compression="zstd", store_schema=False
            )
        if batches := self.waiting[name]:
            table = pa.Table.from_batches(batches).combine_chunks()
            self.open[name].write_table(table, row_group_size=max(table.num_rows, 1))
            self.waiting[name] = []

    def close(self) -> dict[str, int]:
        """Rename all tables to their places; their sizes in bytes."""
        for name in schemas():
            self.flush(name)
            self.open.pop(name).close()
        sizes = {}
        for name in schemas():
            target = self.out / name / f"{self.shard.name}.parquet"
            os.replace(self.aside(name), target)
            sizes[name] = target.stat().st_size
        return sizes


def write_tables(coded: Iterable[Mapping[str, list[dict]]], folder: Path) -> None:
    """All tables of few articles, one typed Parquet file each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    coded = list(coded)
    for name in coding.TABLES:
        out = io.BytesIO()
        pq.write_table(pa.Table.from_batches([batch(name, [r for one in coded for r in one[name]])]), out)
        write_aside(folder / f"{name}.parquet", out.getvalue())


def batch(name: str, rows: list[dict]) -> Any:
    """The rows of a table as an Arrow record batch. Raises ValueError where a value does not fit its column."""
    import pyarrow as pa

    schema = schemas()[name]
    return pa.RecordBatch.from_arrays([column(coding.column(rows, f.name), f.type) for f in schema], schema=schema)


def column(values: list, kind: Any) -> Any:
    import pyarrow as pa

    try:
        return pa.array(values, type=kind)
    except (pa.ArrowTypeError, pa.ArrowInvalid, UnicodeEncodeError):
        fit = coding.cell if pa.types.is_string(kind) else float if pa.types.is_floating(kind) else int
        return pa.array([None if v is None or v == "" else fit(v) for v in values], type=kind)
