"""The compiled coders: the same rows as the sources, and never in place of other sources."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from benchmarks import synthetic

from helpers import native, wordclasses

ROOT = Path(__file__).parent.parent
LACKING = [name for name in ("mypyc", "setuptools") if importlib.util.find_spec(name) is None]
MUTANTS = """
import json, sys
sys.path.insert(0, "tests")
import mutants
from helpers import coding, corpus, phrases
assert phrases.__file__.endswith(sys.argv[1]), phrases.__file__
for number in range(400):
    try:
        content, encoding = corpus.decode(mutants.data(number), "mutant.txt")
        article = corpus.Article("mutant", content, "mutant.txt", encoding=encoding)
        print(number, json.dumps(coding.code_article(article, mutants.BOOK, plain=number % 4 == 0), default=dict))
    except corpus.Refused as refused:
        print(number, refused)
"""


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    if LACKING or not (shutil.which("cc") or shutil.which("gcc")):
        pytest.skip(f"to compile needs a C compiler, mypy and setuptools; missing: {', '.join(LACKING) or 'cc'}")
    folder = tmp_path_factory.mktemp("builds")
    native.build(folder, level=0)
    return folder


def imported(module):
    """The modules of the package that one imports when it is loaded."""
    tree = ast.parse((native.PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            yield from [node.module] if node.module else [alias.name for alias in node.names]


def run(builds, *arguments):
    """What Python prints, with the builds in a folder or "0"."""
    env = {**os.environ, "HELPERS_COMPILED": str(builds), "PYTHONHASHSEED": "0"}
    done = subprocess.run([sys.executable, *map(str, arguments)], cwd=ROOT, env=env, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    return done.stdout


def test_compiled_or_not_the_tables_are_the_same_bytes(builds, tmp_path):
    texts = synthetic.write(tmp_path / "texts.jsonl", 150)
    for source in ((ROOT / "tests" / "study",), (texts, "--plain", "--codebook", ROOT / "seeds" / "codebook.toml")):
        found = []
        for how in (builds, 0):
            out = tmp_path / f"{source[0].stem}-{how == 0}"
            run(how, "-m", "helpers", "code", *source, "--out", out)
            found.append({file.name: file.read_bytes() for file in out.iterdir()})
        assert found[0] == found[1]
        assert len(found[0]["quotes.csv"].splitlines()) > 20


def test_broken_texts_make_the_same_rows_or_the_same_refusal(builds):
    assert run(builds, "-c", MUTANTS, native.SUFFIX).splitlines() == run(0, "-c", MUTANTS, ".py").splitlines()


def test_a_build_is_loaded_for_the_sources_it_was_made_from_and_no_others(builds, tmp_path):
    asked = "from helpers import phrases, sources; print(phrases.__file__, sources.__file__)"
    assert run(builds, "-c", asked).count(native.SUFFIX) == 2
    assert run(0, "-c", asked).count(".py") == 2
    other = tmp_path / "builds"
    shutil.copytree(builds / native.digest(), other / "0123456789abcdef")
    assert run(other, "-c", asked).count(".py") == 2


def test_the_digest_follows_every_source_that_is_compiled_or_compiled_against(tmp_path):
    asked = {*native.MODULES, "native"}
    while further := {name for module in asked for name in imported(module)} - asked:
        asked |= further
    assert asked - set(native.MODULES) <= set(native.BESIDE) <= asked
    for name in asked:
        shutil.copy(native.PACKAGE / f"{name}.py", tmp_path)
    assert native.digest(tmp_path) == native.digest()
    for name in asked:
        file = tmp_path / f"{name}.py"
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "\n", encoding="utf-8")
        assert native.digest(tmp_path) != native.digest()
        file.write_text(text, encoding="utf-8")


def test_what_cannot_be_compiled_is_told_with_the_remedy_and_leaves_nothing(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(native, "BUILDS", tmp_path / "builds")
    monkeypatch.setattr(native, "SCRIPT", "raise SystemExit('no compiler here')")
    assert native.command() == 1
    told = capsys.readouterr().err
    assert "no compiler here" in told
    assert "C compiler" in told
    assert not (tmp_path / "builds").exists()


def test_an_older_build_goes_when_a_new_one_is_made(monkeypatch, capsys, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for build in (old, new):
        build.mkdir()
        build.joinpath(f"0__mypyc{native.SUFFIX}").touch()
    monkeypatch.setattr(native, "BUILDS", tmp_path)
    monkeypatch.setattr(native, "build", lambda builds: new)
    assert native.command() == 0
    assert [folder.name for folder in tmp_path.iterdir()] == ["new"]
    assert capsys.readouterr().out.strip() == str(new)


def test_what_else_the_folder_of_builds_holds_stays(monkeypatch, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "work.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(native, "BUILDS", tmp_path)
    monkeypatch.setattr(native, "build", lambda builds: tmp_path / "new")
    assert native.command() == 0
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["mine", "notes.txt", "work.txt"]


def test_a_build_that_does_not_load_is_named_and_the_sources_run(tmp_path):
    folder = tmp_path / native.digest()
    folder.mkdir()
    (folder / f"0__mypyc{native.SUFFIX}").write_bytes(b"made elsewhere")
    env = {**os.environ, "HELPERS_COMPILED": str(tmp_path)}
    asked = [sys.executable, "-c", "from helpers import COMPILED, phrases; print(COMPILED, phrases.__file__)"]
    done = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.stdout.startswith("False")
    assert str(folder) in done.stderr


def test_the_word_classes_are_declared_for_the_compiler():
    grammar = (native.PACKAGE / "data" / "grammar.toml").read_text(encoding="utf-8")
    assert set(wordclasses.Lexicon.__annotations__) == set(tomllib.loads(grammar))
