"""The command line: parse, call, print, exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from . import codebook as codebooks
from . import coding, interchange, study
from .corpus import Article


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers")
    commands = parser.add_subparsers(dest="command", required=True)
    code = commands.add_parser("code")
    code.add_argument("source", nargs="?", default="seeds", type=Path)
    code.add_argument("--out", required=True, type=Path)
    code.add_argument("--format", choices=("csv", "parquet"), default="csv")
    code.add_argument("--codebook", type=Path, default=Path("seeds/codebook.toml"))
    code.add_argument("--plain", action="store_true")
    export = commands.add_parser("export")
    export.add_argument("out", type=Path)
    export.add_argument("--study", type=Path)
    export.add_argument("--format", choices=interchange.FORMATS, action="append")
    options = parser.parse_args(argv)
    if options.command == "export":
        written = interchange.export(
            study.read(options.study), options.out, formats=tuple(options.format or interchange.FORMATS)
        )
        print("\n".join(map(str, written)))
        return 0
    coded = coding.code_many(jsonl(options.source), codebooks.read(options.codebook), plain=options.plain)
    coding.write(coded, options.out)
    return 0


def jsonl(path: Path) -> Iterator[Article]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            meta = {k: record[k] for k in ("outlet", "headline", "author", "url") if record.get(k)}
            meta |= {"published": record["date"]} if record.get("date") else {}
            yield Article(
                record["id"], record["text"], meta=meta, mentions=tuple(map(tuple, record.get("mentions", [])))
            )


if __name__ == "__main__":
    sys.exit(main())
