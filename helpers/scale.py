"""The same coding over an archive: shards in, one Parquet file per table and shard out, on one core, a pool or Dask.

Every shard is signed (duplicates.py), the signatures are joined, then every shard is coded. A shard's files are written
aside and renamed, and a marker says that all of them are there: a run that was stopped goes on where it was. What is in
a table depends on the input, the codebook and the coders alone, so the bytes are the same wherever it runs.
"""

from __future__ import annotations

import errno
import gc
import io
import json
import logging
import math
import multiprocessing
import os
import pickle
import platform
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from . import cells, coding, duplicates, shards
from .codebook import Codebook
from .corpus import Article, Refused, digest, write_aside
from .shards import Fault, Shard

BLOCK, LETTERS = (
    64,
    500_000,
)  # articles coded side by side and handed to Arrow together, and their letters: bounds memory
GROUP_ROWS = 50_000  # rows of a row group of the output, at least
LIMIT = 60  # seconds of CPU time for one article; beyond it the article is refused
TRIES = 20  # articles of one shard that may end their worker before the shard is given up
PATIENCE = 60  # seconds to wait for a scheduler
READERS = ("__main__", "charts", "explore", "markup", "reports", "study", "validity", "statistics")  # code no row
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Block = list[tuple[Article | Fault, Any]]
Outcome = dict | Exception
Mapper = Callable[[Callable[[Shard], dict], Iterable[Shard]], Iterator[tuple[Shard, Outcome]]]


class Lost(RuntimeError):
    """The worker died, or the scheduler, before the shard was done."""


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
    mapper = over(scheduler, workers)
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
    for name in (*schemas(), "signatures", "signed", "done"):
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


@cache
def schemas() -> Mapping[str, Any]:
    """The Arrow schema of every table; the same for a shard without a single row."""
    import pyarrow as pa

    def kind(column: str) -> pa.DataType:
        real = column in coding.REAL - coding.DATED
        return pa.int32() if column in coding.WHOLE else pa.float64() if real else pa.string()

    made = {name: pa.schema([(c, kind(c)) for c in columns]) for name, columns in coding.TABLES.items()}
    return made | {name: pa.schema([(c, getattr(pa, t)()) for c, t in kinds]) for name, kinds in cells.TABLES.items()}


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


def batch(name: str, rows: list[Mapping]) -> Any:
    """The rows of a table as an Arrow record batch. Raises ValueError where a value does not fit its column."""
    import pyarrow as pa

    schema = schemas()[name]
    return pa.RecordBatch.from_arrays([column([r.get(f.name) for r in rows], f.type) for f in schema], schema=schema)


def column(values: list, kind: Any) -> Any:
    import pyarrow as pa

    try:
        return pa.array(values, type=kind)
    except (pa.ArrowTypeError, pa.ArrowInvalid, UnicodeEncodeError):
        fit = coding.cell if pa.types.is_string(kind) else float if pa.types.is_floating(kind) else int
        return pa.array([None if v is None or v == "" else fit(v) for v in values], type=kind)


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

    with quiet_gc(), Writer(out, shard) as writer:
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
                batches = [{name: batch(name, [r for _, t in block for r in t[name]]) for name in coding.TABLES}]
            except (ValueError, TypeError):
                batches, block = fitting(block, faults)
            for made in batches:
                for name in coding.TABLES:
                    writer.add(name, made[name])
            for _, rows in block:
                summary.add(rows)
            n += len(block)
        for name, rows in summary.tables().items():
            writer.add(name, batch(name, rows))
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
        return fault(article, f"cannot be coded ({problem(error)}); left out")


def fitting(block: list, faults: list[Fault]) -> tuple[list[dict], list]:
    """The batches of those articles of a block whose every value fits its column; the others become faults."""
    batches, kept = [], []
    for article, rows in block:
        try:
            batches.append({name: batch(name, rows[name]) for name in coding.TABLES})
            kept.append((article, rows))
        except (ValueError, TypeError) as error:
            faults.append(fault(article, f"has a value no column holds ({problem(error)})"))
    return batches, kept


def fault(article: Article, what: str) -> Fault:
    return Fault(f"{article.file}: {article.id}", what)


def problem(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200].rstrip(": ")


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
    with duckdb.connect() as base:
        base.execute(f"set temp_directory = '{quoted(out / '.spill')}'")
        base.execute(
            "create table numbered as select unnest(?) as shard, unnest(?) as number",
            [list(numbers), list(numbers.values())],
        )
        listed = ",".join(f"'{quoted(out / 'signatures' / name)}'" for name in numbers)
        base.execute(f"""create view signatures as select n.shard, n.number, s.* exclude (path)
            from read_parquet([{listed}], filename = 'path') s join numbered n on n.shard = parse_filename(path)""")
        base.execute(f"copy ({duplicates.COPIES}) to '{quoted(aside)}' (format parquet, compression zstd)")
        os.replace(aside, target)
        parts = base.execute(
            f"""select shard, md5(string_agg(concat(nth, '|', duplicate_of, '|', near_duplicate_of, '|', repeats), '|'
            order by nth)) from read_parquet('{quoted(target)}') group by shard"""
        )
        return {name.removesuffix(".parquet"): part for name, part in parts.fetchall()}


def copies_of(out: Path, shard: Shard) -> dict[int, dict[str, str]]:
    """Place in the shard -> duplicate_of, near_duplicate_of, repeats (None where it is not one)."""
    import pyarrow.parquet as pq

    rows = pq.read_table(out / "copies.parquet", filters=[("shard", "==", f"{shard.name}.parquet")]).to_pylist()
    return {r.pop("nth"): {k: v for k, v in r.items() if k != "shard" and v is not None} for r in rows}


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
    workers = workers or cores()
    if workers == 1:
        yield from chain.from_iterable(map(task, todo))
        return
    with multiprocessing.get_context(way()).Pool(workers) as pool:
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


def finish(mapper: Mapper, task: Callable, todo: list[Shard], out: Path, report: Callable, result: Result) -> None:
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
        if isinstance(error, Lost):
            error = alone(mapper, task, shard, out)
        if isinstance(error, Exception):
            result.failed[shard.name] = f"{shard.path}: cannot be coded ({problem(error)}); mend or remove it"
        else:
            done += 1
        report(done, of)


def alone(mapper: Mapper, task: Callable, shard: Shard, out: Path) -> Outcome:
    """The outcome of a shard whose worker keeps dying: by itself, without the articles it died at."""
    note = out / "done" / f".{shard.name}.note"
    skip: set[str] = set()
    try:
        for _ in range(TRIES):
            note.unlink(missing_ok=True)
            (_, outcome), *_ = mapper(partial(task, note=note, skip=frozenset(skip)), [shard])
            if not isinstance(outcome, Lost) or not note.exists():
                return outcome
            skip.add(note.read_text(encoding="utf-8"))
        return outcome
    finally:
        note.unlink(missing_ok=True)


def over(scheduler: str | None, workers: int | None) -> Mapper:
    """The way to run a task over shards: a loop, a pool of processes, a Dask cluster."""
    if scheduler:
        return partial(over_dask, scheduler)
    workers = workers or cores()
    return over_loop if workers == 1 else partial(over_pool, workers)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def way() -> str:
    """How processes are started: never by a bare fork, which copies locks held by threads."""
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def over_loop(task: Callable, todo: Iterable[Shard]) -> Iterator[tuple[Shard, Outcome]]:
    for shard in todo:
        try:
            yield shard, task(shard)
        except Exception as error:
            yield shard, error


def over_pool(workers: int, task: Callable, todo: Iterable[Shard]) -> Iterator[tuple[Shard, Outcome]]:
    """A process that dies takes the shards at work with it (Lost); the others go on in a new pool."""
    context = multiprocessing.get_context(way())
    if way() == "forkserver":
        context.set_forkserver_preload([__name__])
    left = list(reversed(list(todo)))
    while left:
        with ProcessPoolExecutor(min(workers, len(left)), mp_context=context) as pool:
            running: dict = {}
            try:
                while left or running:
                    while left and len(running) < workers + 1:
                        shard = left.pop()
                        running[pool.submit(task, shard)] = shard
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        error = future.exception()
                        if isinstance(error, BrokenProcessPool):
                            raise error
                        yield running.pop(future), error or future.result()
            except BrokenProcessPool:
                for shard in running.values():
                    yield shard, Lost("the worker died")
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def address_of(scheduler: str) -> str:
    """The address of a Dask scheduler, or the one in the file that `dask scheduler --scheduler-file` writes.

    A batch job starts everything at once: the file is waited for. Raises Refused if it does not come.
    """
    if not scheduler.endswith(".json"):
        return scheduler
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return json.loads(Path(scheduler).read_text(encoding="utf-8"))["address"]
        except (OSError, ValueError, KeyError) as error:
            if time.monotonic() > until:
                raise Refused(
                    f"{scheduler}: no scheduler wrote its address there within {PATIENCE} s ({problem(error)}); start "
                    "it with --scheduler-file and this path, then run the same command again"
                ) from None
        time.sleep(0.2)


def over_dask(scheduler: str, task: Callable, todo: Iterable[Shard]) -> Iterator[tuple[Shard, Outcome]]:
    """One task a shard, in waves; a scheduler that is lost, or a task that keeps killing workers, gives Lost."""
    import distributed
    from distributed.client import FutureCancelledError, FuturesCancelledError
    from distributed.comm import CommClosedError

    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # a lost scheduler is reported by us
    left, running = list(reversed(list(todo))), {}
    payload = pickle.dumps(task)
    address = address_of(scheduler)
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise Refused(
            f"{address}: no Dask scheduler answers ({error}); start it and run the same command again"
        ) from None
    try:
        with client:
            asked = -math.inf
            while left or running:
                if time.monotonic() - asked > 5:  # workers come and go
                    wave, asked = max(3 * sum(client.nthreads().values()), 4), time.monotonic()
                while left and len(running) < wave:
                    future = client.submit(unpack, payload, left[-1], pure=False)
                    running[future] = left.pop()
                try:
                    done = distributed.wait(list(running), return_when="FIRST_COMPLETED", timeout=5).done
                except distributed.TimeoutError:
                    continue
                for future in done:
                    shard = running.pop(future)
                    try:
                        yield shard, future.result()
                    except (distributed.KilledWorker, FutureCancelledError, CommClosedError) as error:
                        yield shard, Lost(problem(error))
                    except Exception as error:
                        yield shard, error
    except (CommClosedError, FutureCancelledError, FuturesCancelledError, TimeoutError, ConnectionError):
        for shard in (*running.values(), *left):
            yield shard, Lost(f"{address}: the scheduler does not answer")


def unpack(payload: bytes, shard: Shard) -> dict:
    return pickle.loads(payload)(shard)
