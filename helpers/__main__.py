"""The command line: parse, call, print, exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from . import adding, checks, coding, inputs, interchange, native, parquet, reports, scale, shards, study, tracing
from . import codebook as codebooks
from .corpus import Refused, write_aside


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers")
    commands = parser.add_subparsers(dest="command", required=True)
    code = commands.add_parser("code")
    code.add_argument("source", nargs="?", default="seeds", type=Path)
    code.add_argument("--out", required=True, type=Path)
    code.add_argument("--format", choices=("csv", "parquet"), default="csv")
    code.add_argument("--codebook", type=Path)
    code.add_argument("--plain", action="store_true")
    code.add_argument("--workers", type=int, metavar="N")
    code.add_argument(
        "--scheduler", metavar="tcp://HOST:PORT|FILE.json", default=os.environ.get("DASK_SCHEDULER_ADDRESS")
    )
    export = commands.add_parser("export")
    export.add_argument("out", type=Path)
    export.add_argument("--study", type=Path)
    export.add_argument("--format", choices=interchange.FORMATS, action="append")
    report = commands.add_parser("report")
    report.add_argument("notebooks", nargs="*", type=Path)
    report.add_argument("--study", type=Path)
    report.add_argument("--out", type=Path, default=Path("reports"))
    report.add_argument("--jobs", type=int)
    report.add_argument("--fast", action="store_true")
    check = commands.add_parser("check")
    check.add_argument("--study", type=Path)
    trace = commands.add_parser("trace")
    trace.add_argument("what", metavar="FIGURE|ROW-ID")
    trace.add_argument("--study", type=Path)
    add = commands.add_parser("add", help="bring articles into a study folder")
    add.add_argument("sources", nargs="*", metavar="FILE|URL")
    add.add_argument("--study", type=Path)
    add.add_argument("--missing", action="store_true", help="fetch what the catalogue lists and the folder lacks")
    new = commands.add_parser("new", help="lay out an empty study folder")
    new.add_argument("study", type=Path)
    commands.add_parser("compile", help="compile the coders, for archives")
    options = parser.parse_args(argv)
    if options.command == "compile":
        return native.command()
    if options.command in ("add", "new"):
        return enter(options, parser)
    if options.command in ("report", "check", "trace"):
        run = {"report": reports.command, "check": checks.command, "trace": tracing.command}[options.command]
        try:
            return run(options)
        except Refused as error:
            print(error, file=sys.stderr)
            return 1
    if options.command == "export":
        written = interchange.export(
            study.read(options.study), options.out, formats=tuple(options.format or interchange.FORMATS)
        )
        print("\n".join(map(str, written)))
        return 0
    if options.workers is not None and options.workers < 1:
        parser.error("--workers must be 1 or more")
    if not options.source.exists():
        parser.error(f"{options.source}: not there")
    try:
        if is_study(options.source):
            return code_study(options)
        options.codebook = options.codebook or study.locate() / "codebook.toml"
        return code_csv(options) if options.format == "csv" else code_parquet(options)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1


def code_study(options: argparse.Namespace) -> int:
    """Code the articles of a study folder; one file a table. Refused articles go to stderr, the rest is coded."""
    own = options.source / "codebook.toml"
    book = codebooks.read(options.codebook or (own if own.exists() else study.locate() / "codebook.toml"))
    articles, refusals = inputs.load(options.source)
    coded = study.code_each(articles, book, refusals, plain=options.plain)
    study.check_figures(list(coded.values()), options.source)
    (coding.write if options.format == "csv" else parquet.write_tables)(coded.values(), options.out)
    return refused(refusals)


def is_study(source: Path) -> bool:
    """Whether `source` is a folder of articles rather than of shards of records."""
    if not source.is_dir():
        return False
    return (source / "codebook.toml").exists() or not any(p.name.endswith(shards.RECORDS) for p in source.rglob("*"))


def enter(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """The commands add and new: what was done goes to stdout, what was refused to stderr."""
    try:
        if options.command == "new":
            print(f"{options.study}: {', '.join(adding.new(options.study))}")
            return 0
        if not options.sources and not options.missing:
            parser.error("add needs files, URLs or --missing")
        folder = study.locate(options.study)
        done, refusals = adding.add(options.sources, folder)
        if options.missing:
            done, refusals = (a + b for a, b in zip((done, refusals), adding.add_missing(folder), strict=True))
    except (Refused, OSError) as error:
        return refused([str(error)])
    print("\n".join(done))
    return refused(refusals)


def code_csv(options: argparse.Namespace) -> int:
    """Code in memory; one CSV file a table. Faults go to stderr."""
    book = codebooks.read(options.codebook)
    refusals: list[str] = []

    def good() -> Iterator[dict]:
        articles = shards.articles(options.source)
        for rows in scale.code_many(articles, book, plain=options.plain, workers=options.workers or 1):
            if isinstance(rows, shards.Fault):
                refusals.append(": ".join(rows))
            else:
                yield rows

    coding.write(good(), options.out)
    return refused(refusals)


def code_parquet(options: argparse.Namespace) -> int:
    """Code shard by shard, on processes or a Dask cluster; one Parquet file a table and shard."""
    book = codebooks.read(options.codebook)
    result = scale.run(
        options.source,
        options.out,
        book,
        plain=options.plain,
        workers=options.workers,
        scheduler=None if options.workers else options.scheduler,
        report=progress,
    )
    print(
        f"{options.out}: {result.articles} articles in {result.coded + result.skipped} shards, "
        f"{result.coded} coded now, {result.skipped} before"
    )
    write_aside(options.out / "codebook.toml", options.codebook.read_bytes())
    return refused([": ".join(f) for f in result.faults] + list(result.failed.values()))


def refused(refusals: list[str]) -> int:
    """Name what was refused on stderr; the exit status."""
    for line in refusals:
        print(line, file=sys.stderr)
    return int(bool(refusals))


def progress(step: str, done: int, of: int) -> None:
    """A bar on a terminal, elsewhere a line at every whole per cent."""
    if sys.stderr.isatty():
        bar = "#" * (30 * done // of)
        print(f"\r{step} {bar:30} {done}/{of}", end="\n" if done == of else "", file=sys.stderr, flush=True)
    elif 100 * done // of > 100 * (done - 1) // of:
        print(f"{step}: {done} of {of} shards", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
