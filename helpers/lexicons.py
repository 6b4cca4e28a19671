"""Further sentiment lexicons behind one interface: AFINN from its package, others from the reader's own files.

AFINN-165: Nielsen 2011, "A new ANEW" (database under ODbL 1.0, read where it is installed, never copied). Lists whose
licence keeps them out of a package, such as LSD2015 (Young & Soroka 2012) and Hu & Liu 2004, are files of the reader,
named in the codebook:

    [[sentiment.lexicons]]
    id = "huliu"                    # lsd, huliu or own: the columns there are
    positive = "positive-words.txt"  # one entry a line; a final * leaves the end open; ; and # start comments
    negative = "negative-words.txt"
    # or: valences = "file.tsv"      # entry, tab, number

A word of these lexicons counts with its valence, times -0.74 after a negator among the three words before it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

from . import vader
from .codebook import Codebook
from .corpus import Refused
from .rows import TermRow

LONGEST: Final = 40  # letters of a stem; without a bound a "word" of a million letters would take hours
COLUMNS: Final = ("afinn", "lsd", "huliu", "own")
AFINN_SHA256: Final = "3a06ace6047b203fc1adff0dd3d498ff68528d9206b84242fbce4fc2083a389b"


class Lexicon(NamedTuple):
    """Whole words and open stems, each with its valence; `sizes`: the letters of the stems, most first."""

    name: str
    whole: Mapping[str, float]
    stems: Mapping[str, float]
    sizes: Sequence[int]

    def valence(self, word: str) -> float | None:
        """The valence of a word in lower case; of several stems the longest counts."""
        found = self.whole.get(word)
        if found is None:
            for size in self.sizes:
                if word[:size] in self.stems:
                    return self.stems[word[:size]]
        return found


def of_pairs(name: str, pairs: Iterable[tuple[str, float]]) -> Lexicon:
    """A lexicon of single words; entries of several words are left out, as are valences of 0."""
    whole: dict[str, float] = {}
    stems: dict[str, float] = {}
    for entry, valence in pairs:
        if valence and " " not in entry:
            (stems if entry.endswith("*") else whole)[entry.lower().removesuffix("*")] = valence
    sizes = sorted({len(stem) for stem in stems if 0 < len(stem) <= LONGEST}, reverse=True)
    return Lexicon(name, whole, stems, sizes)


@cache
def afinn() -> Lexicon:
    """AFINN-en-165, 3,382 entries from -5 to 5."""
    lines = vader.package_text("afinn", "data/AFINN-en-165.txt", AFINN_SHA256).strip().split("\n")
    return of_pairs("afinn", ((entry, float(valence)) for entry, valence in (line.split("\t") for line in lines)))


def read(settings: Mapping, folder: Path) -> Lexicon:
    """A lexicon of the reader's, as the codebook names it, paths relative to `folder`. Raises Refused."""
    name = settings.get("id", "")
    if name not in COLUMNS[1:]:
        raise Refused(f"[[sentiment.lexicons]]: id must be one of {', '.join(COLUMNS[1:])}, not {name!r}")
    if "valences" in settings:
        return of_pairs(name, _valences(folder / settings["valences"]))
    sides = (("positive", 1.0), ("negative", -1.0))
    if not all(side in settings for side, _ in sides):
        raise Refused(f"[[sentiment.lexicons]] {name}: give positive and negative, or valences, each a file")
    return of_pairs(name, ((entry, v) for side, v in sides for _, entry in _entries(folder / settings[side])))


def _entries(path: Path) -> Iterable[tuple[int, str]]:
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}; put the lexicon there or take it out of the codebook") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and line[0] not in ";#":
            yield number, line.strip()


def _valences(path: Path) -> Iterable[tuple[str, float]]:
    for number, line in _entries(path):
        entry, _, valence = line.partition("\t")
        try:
            yield entry.strip(), float(valence.split("\t")[0])
        except ValueError:
            raise Refused(f"{path}, line {number}: needs entry, tab, number") from None


@cache
def scales() -> Mapping[str, tuple[float, float]]:
    """Mean and standard deviation of each score over the reference sentences, for standard scores."""
    text = files(__package__).joinpath("data", "lexicon_scales.toml").read_text(encoding="utf-8")
    return {name: (scale["mean"], scale["sd"]) for name, scale in tomllib.loads(text).items()}


def sums(terms: list[TermRow], columns: tuple[str, ...], *, masked: bool = False) -> dict[str, float]:
    """The sum of each lexicon's valences in rows of `sentiment_terms`; of VADER's those in context, or masked."""
    found = dict.fromkeys(columns, 0.0)
    vader_sum = 0.0
    for term in terms:
        in_context = term.valence_masked if masked else term.valence_in_context
        if in_context is not None:
            vader_sum += in_context
        for name in columns:
            valence: float | None = term.afinn if name == "afinn" else getattr(term, name)
            if valence is not None:
                found[name] += valence
    found["vader"] = vader_sum
    return found


def z_mean(sums: dict[str, float], unit: float, *, centred: bool = True) -> float:
    """Mean of the lexicons' scores sum/unit in standard units; lexicons without a scale are left out."""
    total, n, known = 0.0, 0, scales()
    for name, value in sums.items():
        if name in known:
            mean, sd = known[name]
            total += (value / unit - mean) / sd if centred else value / unit / sd
            n += 1
    return vader.rounded(total / n, 4)


def described(codebook: Codebook) -> list[dict[str, object]]:
    """The lexicons of a study, for a table: name, where it is from, entries, licence, SHA-256 of the file."""
    rows = [
        ("VADER", "vaderSentiment", len(vader.lexicon()), "MIT", vader.grammar()["lexicon_sha256"]),
        ("AFINN-165", "afinn", len(afinn().whole), "ODbL 1.0", AFINN_SHA256),
    ]
    found = [
        {"lexicon": name, "package": f"{package} {version(package)}", "words": n, "licence": licence, "SHA-256": sha256}
        for name, package, n, licence, sha256 in rows
    ]
    for settings in codebook.sentiment.get("lexicons", ()):
        own = read(settings, Path(codebook.study.get("folder", ".")))
        found.append({"lexicon": own.name, "package": "own file", "words": len(own.whole) + len(own.stems)})
    return found
