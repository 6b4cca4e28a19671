"""The same bytes on a loop, a pool and a cluster, whatever breaks on the way."""

import gzip
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from helpers import codebook as codebooks
from helpers import coding, duplicates, shards
from helpers.corpus import Refused
from helpers.rows import LineRow, QuantityRow, QuoteRow, SentenceRow, SourceRow, TermRow
from tests.benchmarks import synthetic

pa = pytest.importorskip("pyarrow", reason="the extra `scale` is not installed")
pytest.importorskip("duckdb", reason="the extra `scale` is not installed")
pq = pytest.importorskip("pyarrow.parquet")
from helpers import mappers, parquet, scale  # noqa: E402

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "tests" / "study" / "codebook.toml"
BOOK = codebooks.read(STUDY)
N = 12  # articles of a file of the fixture archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    """Three files of invented articles: JSON lines, gzipped JSON lines, Parquet with two row groups."""
    folder = tmp_path_factory.mktemp("archive")
    synthetic.write(folder / "a.jsonl", N)
    with gzip.open(folder / "b.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(r) + "\n" for r in synthetic.records(N, first=N))
    third = list(synthetic.records(N, first=2 * N))
    third[3]["text"] = next(synthetic.records(1))["text"]
    pq.write_table(pa.Table.from_pylist(third), folder / "c.parquet", row_group_size=7)
    return folder


@pytest.fixture(scope="module")
def serial(archive, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("serial")
    result = scale.run(archive, out, BOOK, plain=True, workers=1)
    assert (result.articles, result.faults, result.failed) == (3 * N, [], {})
    return out


def bytes_of(out: Path) -> dict[str, bytes]:
    """Every table of a coded archive; what is not a table left out."""
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in sorted(out.rglob("*.parquet"))
        if p.parent.name not in ("signatures", "signed", "done")
    }


def copy_of(archive: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in archive.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


# shards ---------------------------------------------------------------------------------------------------------------


def test_cutting_a_file_into_shards_loses_and_doubles_no_record(tmp_path, monkeypatch):
    path = synthetic.write(tmp_path / "x.jsonl", 30)
    whole = [a.id for a in shards.articles(path)]
    for size in (1, 700, 4000, 5001):
        monkeypatch.setattr(shards, "SMALLEST", size)
        monkeypatch.setattr(shards, "PIECES", 10**9)
        assert [a.id for a in shards.articles(path)] == whole


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not a line of JSON"),
        ("[1, 2]", "no text"),
        ('{"id": "x"}', "no text"),
        ('{"text": 7}', "no text"),
        ('{"text": "Fine.", "mentions": [[1, 2]]}', "mentions must be"),
        ("[" * 100_000, "not a line of JSON"),
    ],
)
def test_a_record_that_cannot_be_used_is_named_by_file_and_place(tmp_path, line, problem):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "good", "text": "Fine."}\n' + line + "\n")
    good, bad = shards.articles(path)
    assert good.id == "good"
    assert bad.place == "x.jsonl@32"
    assert problem in bad.problem


def test_an_article_without_id_is_called_by_its_place_and_half_a_surrogate_pair_keeps_the_offsets(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "a\\ud800b\\ud83d\\ude00c", "date": "2020-02-03"}\n')
    (article,) = shards.articles(path)
    assert (article.id, article.text, article.meta) == ("x.jsonl@0", "a\ufffdb😀c", {"published": "2020-02-03"})


def test_a_source_without_records_is_refused(tmp_path):
    with pytest.raises(Refused, match="holds no file named"):
        shards.plan(tmp_path)


# duplicates -----------------------------------------------------------------------------------------------------------


def test_copies_are_flagged_by_the_first_article_of_their_kind(tmp_path):
    texts = [r["text"] for r in synthetic.records(6, copies=0)]
    near = texts[1].replace("\n\n", "\n\nBy our staff. ", 1)
    records = [*texts, texts[0].upper().replace(" ", "  "), near, texts[1] + " "]
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(records)))
    out = tmp_path / "out"
    scale.run(path, out, BOOK, plain=True, workers=1)
    rows = pq.read_table(out / "articles" / "x.jsonl-00000.parquet").to_pylist()
    flags = {r["article_id"]: (r["duplicate_of"], r["near_duplicate_of"]) for r in rows}
    assert {k: v for k, v in flags.items() if any(v)} == {"6": ("0", None), "7": (None, "1"), "8": ("1", None)}


@pytest.mark.parametrize("statistics", [True, False])
def test_a_shard_finds_its_copies_in_whatever_row_groups_they_stand(tmp_path, statistics):
    names = ("shard", "nth", "duplicate_of", "near_duplicate_of", "repeats")
    rows = [("a", 1, "x", None, None), ("b", 0, None, "y", None), ("b", 4, "x", None, None), ("b", 7, None, None, "a")]
    table = pa.Table.from_pylist([dict(zip(names, (f"{row[0]}.parquet", *row[1:]), strict=True)) for row in rows])
    pq.write_table(table, tmp_path / "copies.parquet", row_group_size=2, write_statistics=statistics)
    found = {name: scale.copies_of(tmp_path, shards.Shard(name, "", "", 0, 0, "")) for name in "abc"}
    assert found == {
        "a": {1: {"duplicate_of": "x"}},
        "b": {0: {"near_duplicate_of": "y"}, 4: {"duplicate_of": "x"}, 7: {"repeats": "a"}},
        "c": {},
    }


@pytest.mark.parametrize("words", [0, 1, 4, 19, 20, 400])
def test_signature_of_any_length(words):
    signature = duplicates.sign("word, " * words)
    assert len(signature.bands) == (duplicates.BANDS if words >= duplicates.SHORTEST else 0)


def test_an_id_that_stands_twice_is_refused_the_second_time(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n')
    result = scale.run(path, tmp_path / "out", BOOK, workers=1)
    assert result.articles == 1
    assert [f.place for f in result.faults] == ["x.jsonl: a"]


# the same everywhere --------------------------------------------------------------------------------------------------


def test_parquet_holds_the_rows_of_a_plain_loop(archive, serial):
    for name, columns in coding.TABLES.items():
        stored = [
            r for s in shards.plan(archive) for r in pq.read_table(serial / name / f"{s.name}.parquet").to_pylist()
        ]
        for row in stored if name == "articles" else ():
            row |= {"duplicate_of": None, "near_duplicate_of": None}
        coded = [r for a in shards.articles(archive) for r in coding.code_article(a, BOOK, plain=True)[name]]
        assert coding.csv_text(columns, stored) == coding.csv_text(columns, coded), name


def test_every_column_that_holds_numbers_is_declared_to(archive):
    """A column missing from coding.WHOLE and coding.REAL would be stored as text."""
    wrong = set()
    for article in shards.articles(archive):
        for table, rows in coding.code_article(article, BOOK, plain=True).items():
            cells = ((name, row.get(name)) for row in rows for name in coding.TABLES[table])
            for name, value in ((k, v) for k, v in cells if v is not None and v != ""):
                if isinstance(value, str):
                    if name in coding.WHOLE | coding.REAL - coding.DATED:
                        wrong.add(f"{table}.{name} holds {value!r}: take it out of coding.WHOLE and coding.REAL")
                elif isinstance(value, float) and name not in coding.REAL:
                    wrong.add(f"{table}.{name} holds {value!r}: add it to coding.REAL")
                elif name not in coding.REAL | coding.WHOLE:
                    wrong.add(f"{table}.{name} holds {value!r}: add it to coding.WHOLE or coding.REAL")
    assert sorted(wrong) == []


def test_every_table_has_its_schema_even_without_rows(tmp_path):
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    scale.run(path, tmp_path / "out", BOOK, workers=1)
    for name, schema in parquet.schemas().items():
        assert pq.read_schema(tmp_path / "out" / name / "empty.jsonl-00000.parquet").equals(schema), name


def test_pool_gives_the_bytes_of_the_loop(archive, serial, tmp_path):
    scale.run(archive, tmp_path, BOOK, plain=True, workers=2)
    assert bytes_of(tmp_path) == bytes_of(serial)


def test_a_second_run_codes_nothing_and_a_lost_file_or_another_codebook_is_coded_again(archive, tmp_path):
    def run(book=BOOK):
        result = scale.run(archive, tmp_path, book, plain=True, workers=1)
        return result.coded, result.skipped

    assert run() == (3, 0)
    before = bytes_of(tmp_path)
    assert run() == (0, 3)
    (tmp_path / "quotes" / "a.jsonl-00000.parquet").write_bytes(b"half")
    assert run() == (1, 2)
    assert bytes_of(tmp_path) == before
    assert run(codebooks.Codebook(title="Other")) == (3, 0)


def test_tables_of_another_source_are_not_mixed_in(archive, serial, tmp_path):
    synthetic.write(tmp_path / "other.jsonl", 2)
    with pytest.raises(Refused, match="other shards"):
        scale.run(tmp_path / "other.jsonl", serial, BOOK, workers=1)


def test_tables_are_not_written_into_their_own_source(archive):
    with pytest.raises(Refused, match="outside"):
        scale.run(archive, archive / "out", BOOK)


# what breaks ----------------------------------------------------------------------------------------------------------


def test_truncated_shards_are_named_the_rest_is_coded_and_mended_input_gives_the_serial_bytes(
    archive, serial, tmp_path
):
    broken = copy_of(archive, tmp_path / "broken")
    for name in ("b.jsonl.gz", "c.parquet"):
        data = (broken / name).read_bytes()
        (broken / name).write_bytes(data[: len(data) // 2])
    out = tmp_path / "out"
    result = scale.run(broken, out, BOOK, plain=True, workers=1)
    assert sorted(result.failed) == ["b.jsonl.gz-00000", "c.parquet-00000"]
    assert result.articles == N
    for name in ("b.jsonl.gz", "c.parquet"):
        (broken / name).write_bytes((archive / name).read_bytes())
    result = scale.run(broken, out, BOOK, plain=True, workers=2)
    assert (result.failed, result.articles) == ({}, 3 * N)
    assert bytes_of(out) == bytes_of(serial)


def poisoned(archive: Path, folder: Path) -> Path:
    copy_of(archive, folder)
    with (folder / "a.jsonl").open("a") as out:
        out.write(json.dumps({"id": "poison", "text": "Skull and bones."}) + "\n")
    return folder


@pytest.mark.parametrize("deed", ["raise ValueError('bad\\nluck')", "os._exit(9)", "[0] * 10**15", "while True: pass"])
def test_a_poison_article_is_named_and_left_out(archive, serial, tmp_path, deed):
    (tmp_path / "sitecustomize.py").write_text(POISON.replace("DEED", deed))
    source, out = poisoned(archive, tmp_path / "in"), tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "code", source, "--out", out, "--format", "parquet", "--plain",
         "--workers", "2", "--codebook", STUDY],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "\na.jsonl: poison: " in done.stderr
    assert f"{3 * N} articles in 3 shards" in done.stdout
    assert bytes_of(out) == bytes_of(serial)


POISON = """
import importlib.abc, importlib.machinery, os, sys

class Poison(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "helpers.coding":
            return None
        sys.meta_path.remove(self)
        import importlib.util
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module
        def exec_module(module):
            load(module)
            good = module.code_block
            def code_block(articles, *a, **k):
                if any(article.id == "poison" for article in articles):
                    import helpers.scale, signal
                    if signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 1:
                        signal.setitimer(signal.ITIMER_VIRTUAL, 0.2)
                    DEED
                return good(articles, *a, **k)
            module.code_block = code_block
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Poison())
"""


def test_a_value_that_no_column_holds_costs_one_article(archive, tmp_path, monkeypatch):
    good = coding.code_block

    def odd(articles, codebook, *, plain=False):
        coded = good(articles, codebook, plain=plain)
        for article, rows in zip(articles, coded, strict=True):
            if article.id == "a0000002":
                rows["lines"][0]["start"] = "here"
        return coded

    monkeypatch.setattr(coding, "code_block", odd)
    result = scale.run(archive / "a.jsonl", tmp_path, BOOK, plain=True, workers=1)
    assert result.articles == N - 1
    assert [f.place for f in result.faults] == ["a.jsonl: a0000002"]


@pytest.mark.parametrize("step", ["signing", "coding"])
def test_a_full_disk_stops_with_its_remedy_and_the_next_run_gives_the_serial_bytes(archive, serial, tmp_path, step):
    pytest.importorskip("resource")
    full = subprocess.run([sys.executable, "-c", FULL, archive, tmp_path, STUDY, step], capture_output=True, text=True)
    assert full.returncode == 1
    assert "make room and run the same command again" in full.stderr
    assert not list(tmp_path.rglob("*.aside"))
    scale.run(archive, tmp_path, BOOK, plain=True, workers=1)
    assert bytes_of(tmp_path) == bytes_of(serial)


FULL = """
import resource, sys
from pathlib import Path
from helpers import codebook, scale

def fill(step, done, of):
    if step == sys.argv[4]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (700, resource.RLIM_INFINITY))

scale.run(Path(sys.argv[1]), Path(sys.argv[2]), codebook.read(Path(sys.argv[3])), plain=True, workers=1, report=fill)
"""


def test_a_killed_worker_loses_no_shard(archive, serial, tmp_path):
    script = tmp_path / "kill.py"
    script.write_text(KILL)
    out = tmp_path / "out"
    done = subprocess.run([sys.executable, script, archive, out, STUDY], capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "killed" in done.stdout
    assert bytes_of(out) == bytes_of(serial)


KILL = f"""
import os, signal, sys
from pathlib import Path
import psutil
from helpers import codebook, scale

def kill(step, done, of):
    global killed
    if step == "coding" and not killed:
        work = [p for p in psutil.Process().children(recursive=True) if p.cmdline()[-1:] != ["x"] and not p.children()]
        work = [p for p in work if "resource_tracker" not in " ".join(p.cmdline())]
        os.kill(work[-1].pid, {int(signal.SIGKILL)})
        killed = print("killed") is None

killed = False
if __name__ == "__main__":
    result = scale.run(Path(sys.argv[1]), Path(sys.argv[2]), codebook.read(Path(sys.argv[3])), plain=True, workers=2,
        report=kill)
    assert result.articles == {3 * N}, result
"""


# Dask -----------------------------------------------------------------------------------------------------------------


class Cluster:
    """A scheduler and two workers as processes of this machine, on the loopback interface only."""

    def __init__(self, folder: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address, self.folder, self.processes = f"tcp://127.0.0.1:{self.port}", folder, []
        self.start()

    def dask(self, role: str, *options: object) -> subprocess.Popen:
        call = [sys.executable, "-m", f"distributed.cli.dask_{role}", *map(str, options), "--host", "127.0.0.1"]
        with (self.folder / f"{role}.log").open("ab") as log:
            return subprocess.Popen([*call, "--no-dashboard"], cwd=ROOT, stdout=log, stderr=log)

    def start(self, *options: object) -> None:
        worker = (self.address, "--nworkers", 1, "--nthreads", 1, "--no-nanny", "--local-directory", self.folder)
        scheduler = self.dask("scheduler", "--port", self.port, *options)
        self.processes = [scheduler, *(self.dask("worker", *worker) for _ in "12")]

    def kill(self, which: slice) -> None:
        for process in self.processes[which]:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    pytest.importorskip("distributed", reason="the extra `scale` is not installed")
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster")
    yield made
    made.kill(slice(None))


def test_dask_gives_the_bytes_of_the_loop_though_a_worker_and_then_the_scheduler_die(cluster, tmp_path):
    source, out, serial = tmp_path / "in", tmp_path / "out", tmp_path / "serial"
    source.mkdir()
    for i in range(12):
        synthetic.write(source / f"{i:02d}.jsonl", 12, first=12 * i)
    scale.run(source, serial, BOOK, plain=True, workers=1)
    call = ["-m", "helpers", "code", source, "--out", out, "--codebook", STUDY, "--format", "parquet", "--plain"]
    run = subprocess.Popen([sys.executable, *call, "--scheduler", cluster.address], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    lines = []
    while line := run.stderr.readline():
        lines.append(line)
        if line.startswith("signing: 2 of"):
            cluster.kill(slice(1, 2))
        if line.startswith("coding: 2 of"):
            cluster.kill(slice(None))
            cluster.start()
    printed, _ = run.communicate(timeout=120)
    assert run.returncode == 0, lines
    assert f"{12 * 12} articles in 12 shards" in printed
    assert bytes_of(out) == bytes_of(serial)


def test_a_batch_job_may_start_the_run_before_its_scheduler_and_workers(cluster, tmp_path):
    source, out, serial, note = tmp_path / "in.jsonl", tmp_path / "out", tmp_path / "serial", tmp_path / "note.json"
    synthetic.write(source, 12)
    scale.run(source, serial, BOOK, plain=True, workers=1)
    cluster.kill(slice(None))
    call = ["-m", "helpers", "code", source, "--out", out, "--codebook", STUDY, "--format", "parquet", "--plain"]
    run = subprocess.Popen([sys.executable, *call, "--scheduler", note], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    cluster.start("--scheduler-file", note)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 0, said
    assert bytes_of(out) == bytes_of(serial)


def test_a_scheduler_file_that_never_comes_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(mappers, "PATIENCE", 0)
    with pytest.raises(Refused, match="no scheduler wrote its address"):
        mappers.address_of(str(tmp_path / "absent.json"))


def test_rows_with_attributes_have_the_columns_of_their_tables_and_read_like_dictionaries():
    kinds = {
        "lines": LineRow, "sentences": SentenceRow, "sentiment_terms": TermRow, "quotes": QuoteRow,
        "quantities": QuantityRow, "sources": SourceRow,
    }  # fmt: skip
    for name, kind in kinds.items():
        assert set(kind().keys()) == set(coding.TABLES[name])
    row = TermRow(3, 10, 14, "calm", 0, 1)
    assert row["term"] == row.get("term") == "calm"
    assert row.get("nothing", 5) == 5
    assert "nothing" not in row
    assert dict(row)["is_name_part"] == 1
    assert len(row) == len(dict(row.items()))
    with pytest.raises(KeyError, match="nothing"):
        row["nothing"]
    again = pickle.loads(pickle.dumps(row))
    assert again == row
    assert again != TermRow(3, 10, 14, "calm")


def test_a_process_that_forgoes_pandas_writes_tables_without_it():
    deed = """
import sys
from helpers import coding, parquet
parquet.forgo_pandas()
assert parquet.batch("sources", [{"name": "Ada Roe", "first_start": 3}]).num_rows == 1
assert "pandas" not in sys.modules
import pandas
"""
    subprocess.run([sys.executable, "-c", deed], cwd=Path(__file__).parents[1], check=True)


def test_a_pool_that_broke_between_two_tasks_loses_no_shard(monkeypatch):
    def broken(*_):
        raise BrokenProcessPool("a process died unseen")

    with mappers.over(None, 2) as pool:
        monkeypatch.setattr(pool.start(), "submit", broken)
        assert dict(pool(repr, ["a", "b", "c"])) == {"a": "'a'", "b": "'b'", "c": "'c'"}
