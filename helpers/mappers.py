"""Where a task runs over shards: in a loop, in processes of this machine, on a Dask cluster; the same outcomes."""

from __future__ import annotations

import json
import logging
import math
import multiprocessing
import os
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from . import parquet
from .corpus import Refused
from .shards import Shard

PATIENCE = 60  # seconds to wait for a scheduler

Outcome = dict | Exception
Mapper = Callable[[Callable[[Shard], dict], Iterable[Shard]], Iterator[tuple[Shard, Outcome]]]


class Lost(RuntimeError):
    """The worker died, or the scheduler, before the shard was done."""


def problem(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200].rstrip(": ")


@contextmanager
def over(scheduler: str | None, workers: int | None) -> Iterator[Mapper]:
    """The way to run tasks over shards: a loop, a pool of processes, a Dask cluster."""
    workers = workers or cores()
    if scheduler:
        yield partial(over_dask, scheduler)
    elif workers == 1:
        yield over_loop
    else:
        pool = Pool(workers)
        try:
            yield pool
        finally:
            pool.stop()


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


class Pool:
    """Processes of this machine, kept from task to task.

    A process that dies takes the shards at work with it (Lost); the others go on in new processes.
    """

    def __init__(self, workers: int):
        self.workers = workers
        self.executor: ProcessPoolExecutor | None = None

    def start(self) -> ProcessPoolExecutor:
        if self.executor is None:
            context = multiprocessing.get_context(way())
            if way() == "forkserver":
                context.set_forkserver_preload([f"{__package__}.scale"])
            self.executor = ProcessPoolExecutor(self.workers, mp_context=context, initializer=parquet.forgo_pandas)
        return self.executor

    def stop(self, *, wait: bool = True) -> None:
        if self.executor is not None:
            self.executor.shutdown(wait=wait, cancel_futures=True)
            self.executor = None

    def __call__(self, task: Callable, todo: Iterable[Shard]) -> Iterator[tuple[Shard, Outcome]]:
        left = list(reversed(list(todo)))
        while left:
            running: dict = {}
            try:
                while left or running:
                    while left and len(running) < self.workers + 1:
                        running[self.start().submit(task, left[-1])] = left[-1]
                        left.pop()  # only now: a process that died unseen breaks the pool as it is asked
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        error = future.exception()
                        if isinstance(error, BrokenProcessPool):
                            raise error
                        yield running.pop(future), error or future.result()
            except BrokenProcessPool:
                self.stop()
                for shard in running.values():
                    yield shard, Lost("the worker died")
            except BaseException:
                self.stop(wait=False)
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
