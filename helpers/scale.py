"""The same coding over an archive: shards in, one Parquet file per table and shard out, on one core, a pool or Dask.

Every shard is signed (duplicates.py), the signatures are joined, then every shard is coded. A shard's files are written
aside and renamed, and a marker says that all of them are there: a run that was stopped goes on where it was. What is in
a table depends on the input, the codebook and the coders alone, so the bytes are the same wherever it runs.
"""

from __future__ import annotations

import errno
import gc
import json
import multiprocessing
import os
import pickle
import platform
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from . import cells, coding, duplicates, mappers, parquet, shards
from .codebook import Codebook
from .corpus import Article, Refused, digest, write_aside
from .shards import Fault, Shard

BLOCK = 128  # articles coded side by side and handed to Arrow together, which bounds memory
LETTERS = 500_000  # letters of such a block, unless one article has more
COPY_ROWS = 16_384  # copies of articles in a row group, which a shard reads whole to find its own
LIMIT = 60  # seconds of CPU time for one article; beyond it the article is refused
TRIES = 20  # articles of one shard that may end their worker before the shard is given up
READERS = ("__main__", "charts", "explore", "markup", "reports", "study", "validity", "statistics")  # code no row
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Block = list[tuple[Article | Fault, Any]]


class Job(NamedTuple):
    """What all shards of a run share: the output folder, the codebook (pickled), `plain`, and a hash of all of it."""

    out: str
    book: bytes
    plain: bool
    code: str
    state: str


@dataclass
class Result:
    """Of a run: shards coded now, shards that were done before, articles in all, records refused, shards given up."""

    coded: int = 0
    skipped: int = 0
    articles: int = 0
    faults: list[Fault] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def run(
    source: Path,
    out: Path,
    codebook: Codebook,
    *,
    plain: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    report: Callable[[str, int, int], None] = lambda step, done, of: None,
) -> Result:
    """Code a source into Parquet tables below `out`: OUT/TABLE/SHARD.parquet, OUT/done/SHARD.json, OUT/copies.parquet.

    `workers`: processes of this machine (None = one for each of its cores, 1 = none but this one); `scheduler`: the
    address of a Dask cluster instead. `report` is told the step, the shards done and their number. Raises Refused for a
    source without records and for an output folder that holds another source's tables.
    """
    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise Refused(f"{out}: lies in the folder that is coded; give a folder outside of {source}")
    job = prepare(out, codebook, plain=plain)
    todo = shards.plan(source)
    refuse_mixed(out, todo)
    with mappers.over(scheduler, workers) as mapper:
        result = Result()
        signing = partial(sign_shard, job)
        stale = [s for s in stated(todo, job.code) if not is_done(out, "signed", s)]
        finish(mapper, signing, stale, out, partial(report, "signing"), result)
        signed = [s for s in todo if s.name not in result.failed]
        copies = join(out, signed)
        signed = [t for s in signed for t in stated([s], job.state, copies.get(s.name, ""))]
        stale = [s for s in signed if not is_done(out, "done", s)]
        result.skipped = len(signed) - len(stale)
        finish(mapper, partial(code_shard, job), stale, out, partial(report, "coding"), result)
    for shard in signed:
        if shard.name not in result.failed:
            marker = read_marker(out, "done", shard)
            result.articles += marker["articles"]
            result.faults += [Fault(*f) for f in marker["faults"]]
    result.coded = len(stale) - sum(s.name in result.failed for s in stale)
    return result


def prepare(out: Path, codebook: Codebook, *, plain: bool) -> Job:
    """The job of a run, its output folders made and swept of what killed workers left."""
    for name in (*parquet.schemas(), "signatures", "signed", "done"):
        (out / name).mkdir(parents=True, exist_ok=True)
        for left in (out / name).glob(".*.aside"):
            left.unlink(missing_ok=True)
    code = package()
    told = replace(codebook, study={k: v for k, v in codebook.study.items() if k != "folder"})
    state = digest("\n".join((code, repr(told), str(plain))).encode())
    return Job(str(out.resolve()), pickle.dumps(codebook), plain, code, state)


@cache
def package() -> str:
    """A hash of all modules and data files that have a say in the rows."""
    folder = Path(__file__).parent
    kept = sorted(
        p
        for p in folder.rglob("*")
        if p.suffix in (".py", ".txt", ".toml") and p.relative_to(folder).parts[0].removesuffix(".py") not in READERS
    )
    return digest(b"\0".join(p.relative_to(folder).as_posix().encode() + b"\0" + p.read_bytes() for p in kept))


def refuse_mixed(out: Path, todo: list[Shard]) -> None:
    names = {s.name for s in todo}
    others = sorted(p.stem for p in (out / "done").glob("*.json") if p.stem not in names)
    if others:
        raise Refused(
            f"{out}: holds the tables of other shards ({', '.join(others[:3])}{', …' * (len(others) > 3)}); "
            "give another folder or remove this one"
        )


# one shard ------------------------------------------------------------------------------------------------------------


def code_shard(job: Job, shard: Shard, *, note: Path | None = None, skip: frozenset[str] = frozenset()) -> dict:
    """Code one shard and write its tables and its marker; returns the marker.

    An article that cannot be coded becomes a fault, the rest is coded. `note`: a file that always names the article at
    work, for the case that it ends the process; `skip`: the places of articles known to do so.
    """
    out = Path(job.out)
    check_package(job)
    codebook = unpickled(job.book)
    copies = copies_of(out, shard)
    summary = cells.Summary()
    faults: list[Fault] = []
    n = 0

    def wanted() -> Iterator[tuple[Article, dict]]:
        for at, article in enumerate(shards.read(shard)):
            copy = copies.get(at, {})
            if isinstance(article, Fault):
                faults.append(article)
            elif copy.get("repeats"):
                faults.append(
                    fault(article, f"the id stands in {copy['repeats']} already; every article needs its own")
                )
            elif article.id in skip:
                faults.append(fault(article, "ends the process that codes it; left out"))
            else:
                yield article, copy

    with quiet_gc(), parquet.Writer(out, shard) as writer:
        for taken in blocks(wanted(), most=1 if note else BLOCK):
            if note:
                note.write_text(taken[0][0].id, encoding="utf-8")
            block = []
            coded = attempts([article for article, _ in taken], codebook, plain=job.plain)
            for (article, copy), rows in zip(taken, coded, strict=True):
                if isinstance(rows, Fault):
                    faults.append(rows)
                else:
                    rows["articles"][0].update(copy)
                    block.append((article, rows))
            try:
                of_block = {name: [r for _, rows in block for r in rows[name]] for name in coding.TABLES}
                batches = [{name: parquet.batch(name, rows) for name, rows in of_block.items()}]
            except (ValueError, TypeError):
                batches, block = fitting(block, faults)
            for made in batches:
                for name in coding.TABLES:
                    writer.add(name, made[name])
            for _, rows in block:
                summary.add(rows)
            n += len(block)
        for name, rows in summary.tables().items():
            writer.add(name, parquet.batch(name, rows))
        (out / "done" / f"{shard.name}.json").unlink(missing_ok=True)
        sizes = writer.close()
    marker = {"state": shard.state, "articles": n, "sizes": sizes, "faults": faults, "shard": shard}
    write_aside(out / "done" / f"{shard.name}.json", json.dumps(marker, sort_keys=True) + "\n")
    return marker


def attempts(articles: list[Article], codebook: Codebook, *, plain: bool) -> list[dict[str, coding.Rows] | Fault]:
    """Each article's rows, or what kept it from being coded."""
    with suppress(Exception), limit(LIMIT):
        return coding.code_block(articles, codebook, plain=plain)
    return [attempt(article, codebook, plain=plain) for article in articles]


def attempt(article: Article, codebook: Codebook, *, plain: bool) -> dict[str, coding.Rows] | Fault:
    try:
        with limit(LIMIT):
            return coding.code_block([article], codebook, plain=plain)[0]
    except Refused as error:
        return fault(article, str(error).removeprefix(f"{article.file or article.id}: "))
    except Exception as error:
        return fault(article, f"cannot be coded ({mappers.problem(error)}); left out")


def fitting(block: list, faults: list[Fault]) -> tuple[list[dict], list]:
    """The batches of those articles of a block whose every value fits its column; the others become faults."""
    batches, kept = [], []
    for article, rows in block:
        try:
            batches.append({name: parquet.batch(name, rows[name]) for name in coding.TABLES})
            kept.append((article, rows))
        except (ValueError, TypeError) as error:
            faults.append(fault(article, f"has a value no column holds ({mappers.problem(error)})"))
    return batches, kept


def fault(article: Article, what: str) -> Fault:
    return Fault(f"{article.file}: {article.id}", what)


def check_package(job: Job) -> None:
    if package() != job.code:
        raise Refused(f"{platform.node()}: another version of helpers is installed here; install the same everywhere")


@lru_cache(maxsize=2)
def unpickled(book: bytes) -> Codebook:
    return pickle.loads(book)


@contextmanager
def quiet_gc() -> Iterator[None]:
    """No cyclic garbage collection meanwhile: rows hold no cycles, and looking for some costs a tenth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError after so much CPU time, where the system can (not in threads, not on Windows)."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"over {seconds:g} s of CPU time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


# duplicates -----------------------------------------------------------------------------------------------------------


def sign_shard(job: Job, shard: Shard, *, note: Path | None = None, skip: frozenset[str] = frozenset()) -> dict:
    """Write the signatures of a shard's articles, one row a record and place, and the marker."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    check_package(job)
    out = Path(job.out)
    rows = []
    for at, article in enumerate(shards.read(shard)):
        if isinstance(article, Article):
            if note:
                note.write_text(article.id, encoding="utf-8")
            rows.append((at, article.id, *duplicates.sign("" if article.id in skip else article.text)))
    kinds = (pa.int64(), pa.string(), pa.string(), pa.int64(), pa.list_(pa.int64()))
    schema = pa.schema(list(zip(("nth", "article_id", "exact", "bits", "bands"), kinds, strict=True)))
    arrays = [pa.array([r[i] for r in rows], type=k) for i, k in enumerate(kinds)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd", store_schema=False)
    data = sink.getvalue().to_pybytes()
    write_aside(out / "signatures" / f"{shard.name}.parquet", data)
    marker = {"state": shard.state, "sizes": {"signatures": len(data)}}
    write_aside(out / "signed" / f"{shard.name}.json", json.dumps(marker, sort_keys=True) + "\n")
    return marker


def join(out: Path, signed: list[Shard]) -> dict[str, str]:
    """Write OUT/copies.parquet from the signatures of all shards; a hash of each shard's part, by its name."""
    import duckdb

    if not signed:
        return {}
    numbers = {f"{s.name}.parquet": i for i, s in enumerate(signed)}
    target, aside = out / "copies.parquet", out / ".copies.parquet.aside"
    size = sum((out / "signatures" / name).stat().st_size for name in numbers) >> 20
    with duckdb.connect() as base:
        base.execute(f"set temp_directory = '{quoted(out / '.spill')}'")
        base.execute(f"set memory_limit = '{min(48 + size, 4096)}MB'")  # what is more goes to the disk
        base.execute(
            "create table numbered as select unnest(?) as shard, unnest(?) as number",
            [list(numbers), list(numbers.values())],
        )
        listed = ",".join(f"'{quoted(out / 'signatures' / name)}'" for name in numbers)
        base.execute(f"""create view signatures as select n.shard, n.number, s.* exclude (path)
            from read_parquet([{listed}], filename = 'path') s join numbered n on n.shard = parse_filename(path)""")
        kind = f"format parquet, compression zstd, row_group_size {COPY_ROWS}"
        base.execute(f"copy ({duplicates.COPIES}) to '{quoted(aside)}' ({kind})")
        os.replace(aside, target)
        parts = base.execute(
            f"""select shard, md5(string_agg(concat(nth, '|', duplicate_of, '|', near_duplicate_of, '|', repeats), '|'
            order by nth)) from read_parquet('{quoted(target)}') group by shard"""
        )
        return {name.removesuffix(".parquet"): part for name, part in parts.fetchall()}


def copies_of(out: Path, shard: Shard) -> dict[int, dict[str, str]]:
    """Place in the shard -> duplicate_of, near_duplicate_of, repeats (None where it is not one)."""
    import pyarrow.parquet as pq

    name, copies = f"{shard.name}.parquet", pq.ParquetFile(out / "copies.parquet")
    names = [copies.metadata.row_group(i).column(0).statistics for i in range(copies.num_row_groups)]
    groups = [i for i, n in enumerate(names) if not (n and n.has_min_max) or n.min <= name <= n.max]
    # a filter of pyarrow's would do the same, and load its engine for queries into every worker
    rows = [r for r in copies.read_row_groups(groups, use_threads=False).to_pylist() if r["shard"] == name]
    return {r["nth"]: {k: v for k, v in r.items() if k not in ("shard", "nth") and v is not None} for r in rows}


def quoted(path: object) -> str:
    return str(path).replace("'", "''")


# markers --------------------------------------------------------------------------------------------------------------


def stated(todo: Iterable[Shard], *parts: str) -> list[Shard]:
    """The shards, their state now a hash of all that their output depends on."""
    return [s._replace(state=digest("\n".join((*parts, str(s.begin), str(s.end), s.state)).encode())) for s in todo]


def read_marker(out: Path, kind: str, shard: Shard) -> dict:
    try:
        return json.loads((out / kind / f"{shard.name}.json").read_bytes())
    except (OSError, ValueError):
        return {}


def is_done(out: Path, kind: str, shard: Shard) -> bool:
    """Whether the shard's marker is of its state and all its files are there in full."""
    marker = read_marker(out, kind, shard)
    if marker.get("state") != shard.state:
        return False
    try:
        return all((out / n / f"{shard.name}.parquet").stat().st_size == size for n, size in marker["sizes"].items())
    except OSError:
        return False


def code_many(
    articles: Iterable[Article | Fault], codebook: Codebook, *, plain: bool = False, workers: int | None = 1
) -> Iterator[dict[str, coding.Rows] | Fault]:
    """Rows or fault of every article, in their order, on `workers` processes: for what fits into memory."""
    task, todo = partial(either, codebook=codebook, plain=plain), blocks((article, None) for article in articles)
    workers = workers or mappers.cores()
    if workers == 1:
        yield from chain.from_iterable(map(task, todo))
        return
    with multiprocessing.get_context(mappers.way()).Pool(workers) as pool:
        yield from chain.from_iterable(pool.imap(task, todo))


def either(block: Block, *, codebook: Codebook, plain: bool) -> list[dict[str, coding.Rows] | Fault]:
    coded = iter(attempts([a for a, _ in block if isinstance(a, Article)], codebook, plain=plain))
    return [a if isinstance(a, Fault) else next(coded) for a, _ in block]


def blocks(articles: Iterable[tuple[Article | Fault, Any]], *, most: int = BLOCK) -> Iterator[Block]:
    """Lists of at most `most` articles, and of no more than LETTERS letters unless one article has more."""
    block: Block = []
    letters = 0
    for article, note in articles:
        size = len(article.text) if isinstance(article, Article) else 0
        letters += size
        if block and (len(block) == most or letters > LETTERS):
            yield block
            block, letters = [], size
        block.append((article, note))
    if block:
        yield block


# where it runs --------------------------------------------------------------------------------------------------------


def finish(
    mapper: mappers.Mapper, task: Callable, todo: list[Shard], out: Path, report: Callable, result: Result
) -> None:
    """Run `task` on all shards; those without an outcome again, then alone; what still fails goes into the result."""
    done, of = 0, len(todo)
    for _ in range(2):
        again: list[Shard] = []
        errors: dict[str, Exception] = {}
        for shard, outcome in mapper(task, todo):
            if isinstance(outcome, OSError) and outcome.errno in FULL:
                raise Refused(
                    f"{out}: {outcome.strerror.lower()} at shard {shard.name}; make room and run the same command again"
                )
            if isinstance(outcome, Refused):
                raise outcome
            if isinstance(outcome, Exception):
                again.append(shard)
                errors[shard.name] = outcome
            else:
                done += 1
                report(done, of)
        todo = sorted(again)
        if not todo:
            return
    for shard in todo:
        error = errors[shard.name]
        if isinstance(error, mappers.Lost):
            error = alone(mapper, task, shard, out)
        if isinstance(error, Exception):
            result.failed[shard.name] = f"{shard.path}: cannot be coded ({mappers.problem(error)}); mend or remove it"
        else:
            done += 1
        report(done, of)


def alone(mapper: mappers.Mapper, task: Callable, shard: Shard, out: Path) -> mappers.Outcome:
    """The outcome of a shard whose worker keeps dying: by itself, without the articles it died at."""
    note = out / "done" / f".{shard.name}.note"
    skip: set[str] = set()
    try:
        for _ in range(TRIES):
            note.unlink(missing_ok=True)
            (_, outcome), *_ = mapper(partial(task, note=note, skip=frozenset(skip)), [shard])
            if not isinstance(outcome, mappers.Lost) or not note.exists():
                return outcome
            skip.add(note.read_text(encoding="utf-8"))
        return outcome
    finally:
        note.unlink(missing_ok=True)
