"""Run the notebooks and write the report: isolated kernels side by side, pages that are the same bytes every time."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import study
from .archive import is_archive
from .corpus import Refused, write_aside

ROOT = Path(__file__).resolve().parent.parent
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
TIMEOUT = 600  # seconds for one cell


@dataclass
class Report:
    """What a run wrote, and what it could not."""

    written: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    findings: list[tuple[str, str, str]] = field(default_factory=list)  # page, title, HTML


def notebooks_in(folder: Path) -> list[Path]:
    """The numbered notebooks of `folder`, in their order."""
    return sorted(folder.glob("[0-9]*.ipynb"))


def report(
    notebooks: Sequence[Path] = (),
    *,
    folder: Path = Path("seeds"),
    out: Path = Path("reports"),
    figures: Path | None = None,
    jobs: int | None = None,
    fast: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """Run `notebooks` (all by default) on the study in `folder`.

    Executed notebooks and pages go into `out`, charts into `figures` (by default `out`/figures). `jobs` kernels work
    side by side (one per processor by default), each notebook in a kernel of its own; `fast` reuses one kernel for
    all of them, for previews. A notebook that fails is named in `failures`; the others are written. Without a
    selection of notebooks the pages of the articles and the front page are written too. A coded archive has a notebook
    of its own, which is its front page.
    """
    whole = is_archive(folder)
    if not whole and not (folder / "codebook.toml").is_file():
        raise Refused(f"{folder}: no study (codebook.toml is missing); name its folder with --study")
    chosen = [p.resolve() for p in notebooks or ([Path("notebooks/archive/index.ipynb")] if whole else [])]
    chosen = chosen or notebooks_in(Path("notebooks").resolve())
    if not chosen:
        raise Refused("notebooks: no notebooks here; run this in the project's folder, or name them")
    for path in chosen:
        if not path.is_file():
            raise Refused(f"{path}: no such notebook")
    folder, out = folder.resolve(), out.resolve()
    figures = (figures or out / "figures").resolve()
    out.mkdir(parents=True, exist_ok=True)
    done = Report()
    places = {"study": str(folder), "figures": str(figures)}
    asyncio.run(_run(chosen, out=out, places=places, jobs=jobs or os.cpu_count() or 1, fast=fast, say=say, done=done))
    if not notebooks and not whole:
        from . import pages

        data = study.read(folder)
        done.failures += data.refusals
        for name, text in data.tables.items():
            write_aside(out / "tables" / f"{name}.csv", text)
        done.written += pages.write(data, out=out, findings=sorted(done.findings), notebooks=chosen[0].parent)
    done.written.sort()
    done.failures.sort()
    return done


def command(options) -> int:
    """`python -m helpers report`: prints what it wrote, one line a notebook; status 1 if a notebook failed."""
    folder = study.locate(options.study)
    main = options.study is None and options.out == Path("reports")
    done = report(
        options.notebooks,
        folder=folder,
        out=options.out,
        figures=Path("figures") if main else None,
        jobs=options.jobs,
        fast=options.fast,
        say=lambda line: print(line, file=sys.stderr, flush=True),
    )
    print("\n".join(os.path.relpath(p) for p in done.written))
    print("\n".join(done.failures), file=sys.stderr, end="\n" if done.failures else "")
    return 1 if done.failures else 0


# kernels --------------------------------------------------------------------------------------------------------------


def environment(scratch: Path) -> dict[str, str]:
    """The environment of a kernel: nothing of the user's settings, language or hash seed shows in an output."""
    private = ("IPYTHON", "JUPYTER", "LC_", "MPL", "PYTHON")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(private)}
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return inherited | {
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "LC_ALL": "C.UTF-8",
        "MATPLOTLIBRC": os.devnull,
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(paths),
        "SOURCE_DATE_EPOCH": "0",
        "TZ": "UTC",
    }


@contextmanager
def quick_imports() -> Iterator[None]:
    """nbformat without the ~35 grammars that jsonschema's optional rfc3987-syntax builds at import (jsonschema#1428).

    Saves up to 2 seconds where JupyterLab is installed; no notebook here needs that format checked.
    """
    held = "rfc3987_syntax" not in sys.modules
    if held:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if held:
            del sys.modules["rfc3987_syntax"]


def kernel_manager(scratch: Path, number: int):
    """A manager of one kernel of this very Python, spoken to through a socket file where the system has them."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class Kernel(AsyncKernelManager):
        @property
        def kernel_spec(self):
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=command, display_name="Python 3", language="python")

    manager = Kernel(connection_file=str(scratch / f"kernel-{number}.json"))
    if os.name == "posix":  # not open to others on the machine, and no free port to look for
        manager.transport, manager.ip = "ipc", str(scratch / f"kernel-{number}")
    return manager


async def _run(
    paths: Sequence[Path],
    *,
    out: Path,
    places: Mapping[str, str],
    jobs: int,
    fast: bool,
    say: Callable[[str], None],
    done: Report,
) -> None:
    with quick_imports():
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    # a short path: the name of a socket file may not be longer than about 100 characters
    scratch = Path(tempfile.mkdtemp(prefix="nb-"))
    turn = asyncio.Semaphore(1 if fast else max(1, jobs))
    shared = kernel_manager(scratch, 0) if fast else None
    env = environment(scratch) | {"HELPERS_STUDY": places["study"], "HELPERS_FIGURES": places["figures"]}

    async def one(number: int, path: Path) -> None:
        async with turn:
            began = time.perf_counter()
            notebook = nbformat.read(path, as_version=4)
            manager = shared or kernel_manager(scratch, number)
            client = NotebookClient(
                notebook,
                km=manager,
                timeout=TIMEOUT,
                record_timing=False,
                extra_arguments=["--HistoryManager.enabled=False"],
                resources={"metadata": {"path": str(path.parent)}},
            )
            try:
                await client.async_execute(env=env)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                done.failures.append(failure(path, notebook, error))
            finally:
                if client.kc is not None:
                    client.kc.stop_channels()
                if not fast and manager.has_kernel:
                    await manager.shutdown_kernel(now=True)
        settle(notebook, {str(Path.cwd()): ".", str(ROOT): "."})
        written, finding = await asyncio.to_thread(write, notebook, path, out, places)
        done.written += written
        done.findings += finding
        say(f"{written[-1].name}\t{time.perf_counter() - began:.1f} s")

    try:
        await asyncio.gather(*(one(i, p) for i, p in enumerate(paths, 1)))
    finally:
        if shared is not None and shared.has_kernel:
            await shared.shutdown_kernel(now=True)
        shutil.rmtree(scratch, ignore_errors=True)


def settle(notebook, folders: Mapping[str, str]) -> None:
    """Takes out of the outputs what differs between two runs: memory addresses, and the folder this ran in."""

    def settled(value):
        if isinstance(value, str):
            value = _ADDRESS.sub("", value)
            for folder, name in folders.items():
                value = value.replace(folder, name)
        elif isinstance(value, list):
            value = [settled(v) for v in value]
        return value

    for output in (o for c in notebook.cells for o in c.get("outputs", [])):
        for holder in (output, output.get("data", {})):
            for key in ("text", "traceback", "evalue", "text/plain", "text/html"):
                if key in holder:
                    holder[key] = settled(holder[key])


def failure(path: Path, notebook: Mapping, error: Exception) -> str:
    """One line on a notebook that failed: the cell, the error, the remedy."""
    cells = [c for c in notebook["cells"] if any(o.get("output_type") == "error" for o in c.get("outputs", []))]
    where = cells[0].get("id", "?") if cells else "?"
    what = f"{getattr(error, 'ename', type(error).__name__)}: {getattr(error, 'evalue', error)}"
    return f"{path.name}, cell {where}: {what}; run this notebook in JupyterLab (make lab) to see the whole error"


def write(notebook, path: Path, out: Path, places: Mapping[str, str]) -> tuple[list[Path], list[tuple[str, str, str]]]:
    """Writes the executed notebook and its page; returns the paths, and its finding (page, title, HTML) if any."""
    with quick_imports():
        import nbformat

        from . import publishing
    notebook.metadata.pop("language_info", None)
    page = out / f"{path.stem}.html"
    copy = out / path.name
    write_aside(copy, nbformat.writes(notebook) + "\n")
    resources = {"metadata": {"path": str(path.parent), "name": path.stem}, **places}
    body, resources = publishing.exporter().from_notebook_node(notebook, resources=resources)
    write_aside(page, body)
    lead = resources["page"]["lead"]
    return [copy, page], [(page.name, resources["page"]["title"], lead)] if lead else []
