"""The coders as machine code, for archives: the same source compiled by mypyc, the same tables, sooner.

    python -m helpers compile

builds helpers/compiled/DIGEST (mypy and a C compiler needed, about a minute), which every later run loads. DIGEST
is that of the sources and the interpreter: a rule that is edited runs as edited, and the build stands idle until it is
made anew. HELPERS_COMPILED=0 runs the sources whatever was built; HELPERS_COMPILED=FOLDER keeps the builds there.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

PACKAGE = Path(__file__).parent
WISH = os.environ.get("HELPERS_COMPILED", "")
BUILDS = Path(WISH).resolve() if WISH not in ("", "0") else PACKAGE / "compiled"
MODULES = (
    "attribution", "blocks", "cleaning", "coding", "cues", "framing", "labels", "language", "learned", "lexicons",
    "mentions", "metadata", "neighbours", "nouns", "numerals", "phrases", "quantities", "rows", "segments", "sentiment",
    "sources", "speech", "stance", "standing", "targets", "trade", "vader", "valences", "vocabulary", "wordclasses",
)  # fmt: skip
BESIDE = (  # not compiled, but their types are compiled against
    "codebook", "corpus", "dates", "layout", "native", "references", "terms", "tiers", "verdicts", "wording",
)  # fmt: skip
SUFFIX = importlib.machinery.EXTENSION_SUFFIXES[0]
SCRIPT = """
import os, sys
from mypyc.build import mypycify
from setuptools import setup

options = ["--ignore-missing-imports", "--follow-imports=silent", "--check-untyped-defs", "--cache-dir=cache"]
level, *sources = sys.argv[1:]
sys.argv[1:] = ["build_ext", "--inplace"]
extensions = mypycify(options + sources, opt_level=level, target_dir="c")
for extension in extensions if os.name == "posix" else ():
    extension.extra_compile_args.append("-fvisibility=hidden")  # calls among the coders need no table
setup(name="coders", packages=[], ext_modules=extensions)
"""


def digest(package: Path = PACKAGE) -> str:
    """What a build is made from: the sources and the interpreter."""
    found = hashlib.sha256(SUFFIX.encode())
    for name in (*MODULES, *BESIDE):
        found.update(package.joinpath(f"{name}.py").read_bytes())
    return found.hexdigest()[:16]


def load(path: list[str]) -> bool:
    """Put the build of these sources, if there is one, before them on the package's search path."""
    if WISH == "0" or not BUILDS.is_dir():
        return False
    folder = BUILDS / digest()
    for library in folder.glob(f"*__mypyc{SUFFIX}"):  # what the modules of the build share
        name = library.name.removesuffix(SUFFIX)
        spec = importlib.util.spec_from_file_location(name, library)
        try:
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        except ImportError as error:
            sys.modules.pop(name, None)
            warnings.warn(f"{folder}: {error}; the sources run instead; compile anew on this machine", stacklevel=2)
            return False
        path.insert(0, str(folder))
        return True
    return False


def build(builds: Path, *, level: int = 3) -> Path:
    """Compile MODULES; the folder of the build. `level` is how far the C compiler optimises: 3 gains 3 % over 1.

    Raises RuntimeError with what the compiler said.
    """
    folder = builds / digest()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(PACKAGE, work / PACKAGE.name, ignore=shutil.ignore_patterns("compiled", "__pycache__", "data"))
        (work / "setup.py").write_text(SCRIPT, encoding="utf-8")
        sources = [f"{PACKAGE.name}/{module}.py" for module in MODULES]
        command = [sys.executable, "setup.py", str(level), *sources]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, encoding="utf-8", errors="replace")
        made = sorted(work.glob(f"*{SUFFIX}")) + sorted((work / PACKAGE.name).glob(f"*{SUFFIX}"))
        if done.returncode or len(made) != len(MODULES) + 1:
            raise RuntimeError(f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
        builds.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=builds))
        try:
            for file in made:
                shutil.copy(file, aside)
            aside.chmod(0o755)  # whoever reads the sources may read the build
            shutil.rmtree(folder, ignore_errors=True)
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return folder


def command() -> int:
    """The command `compile`: build, and take older builds away; 1 with the remedy where it cannot."""
    try:
        folder = build(BUILDS)
    except (RuntimeError, OSError) as error:
        print(f"{error}\nThe coders could not be compiled and run as they are. To compile them takes mypy, setuptools",
              "(pip install -e '.[compile]') and a C compiler.", file=sys.stderr)  # fmt: skip
        return 1
    for library in BUILDS.glob(f"*/*__mypyc{SUFFIX}"):  # nothing else that the folder holds
        if library.parent != folder:
            shutil.rmtree(library.parent, ignore_errors=True)
    print(folder)
    return 0
