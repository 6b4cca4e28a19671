"""Speed and growth, as ratios of CPU time measured side by side: python -m tests.benchmarks [PART …]

Parts: speed (the whole coding against VADER alone, the usual NLTK pipeline, vaderSentiment, spaCy), growth (1,000,
10,000 and, with --full, 100,000 articles), workers (two against one), archive (a report and one article's trace).
HELPERS_BENCHMARK names a JSON lines file of real articles for the part speed; without it the texts are invented.
HELPERS_SPACY names a Python that has spaCy; without it that line is left out. Ratios are judged only while the machine
is no busier than it has cores: the load is printed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

import psutil

from helpers import COMPILED, archive, cleaning, codebook, coding, language, mappers, reports, scale, shards
from helpers.corpus import Article

from . import synthetic

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "seeds" / "codebook.toml"
ROUNDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--articles", type=int, default=200, help="articles of the part speed")
    parser.add_argument("--full", action="store_true", help="growth and archive up to 100,000 articles")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(*options.child)
    if options.alone:
        return alone(json.load(sys.stdin))
    known = {"speed": speed, "growth": growth, "workers": workers, "archive": reading}
    if wrong := set(options.parts) - set(known):
        parser.error(f"no part {', '.join(sorted(wrong))}; there are {', '.join(known)}")
    coders = "compiled" if COMPILED else "as they are (python -m helpers compile)"
    print(f"{load()}, Python {sys.version.split()[0]}, coders {coders}, times are CPU times\n")
    for part in options.parts or known:
        known[part](options)
    return 0


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {mappers.cores()} cores"


def verdict(ratio: float, goal: float, *, more: bool = False) -> str:
    """Whether a goal is met; no verdict while the machine is busy with other work."""
    sign = ">=" if more else "<="
    met = "met" if (ratio >= goal if more else ratio <= goal) else "MISSED"
    return f"goal {sign} {goal:g}: {'no verdict, ' + load() if os.getloadavg()[0] > mappers.cores() + 0.5 else met}"


def side_by_side(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Least CPU time of each task over ROUNDS rounds in which each runs once, garbage collection off for all."""
    best = dict.fromkeys(tasks, float("inf"))
    with scale.quiet_gc():
        for _ in range(ROUNDS):
            for name, task in tasks.items():
                gc.collect()
                begin = time.process_time()
                task()
                best[name] = min(best[name], time.process_time() - begin)
    return best


# speed ----------------------------------------------------------------------------------------------------------------


OURS = "whole coding, all tables"


def speed(options: argparse.Namespace) -> None:
    source = os.environ.get("HELPERS_BENCHMARK")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(source) if source else synthetic.write(Path(folder) / "texts.jsonl", options.articles)
        articles = list(islice((a for a in shards.articles(path) if not isinstance(a, shards.Fault)), options.articles))
    documents = [language.Document(a, cleaning.plain(a)) for a in articles]
    sentences = [[d.text[s.start : s.end] for s in d.sentences] for d in documents]
    texts = [a.text for a in articles]
    rivals = {
        "NLTK VADER alone, same sentences": vader_alone(sentences),
        "vaderSentiment alone, same sentences": vader_sentiment(sentences),
        "usual NLTK pipeline": nltk_pipeline(texts),
        r"findall of \w+": lambda: [re.findall(r"\w+", t) for t in texts],
    }
    times = side_by_side({OURS: whole_coding(articles), **rivals})
    words = sum(len(t.split()) for t in texts) // len(texts)
    print(f"speed: {len(articles)} {'real' if source else 'invented'} articles of {words} words")
    times |= own_processes(articles)
    for name, seconds in times.items():
        print(f"  {seconds / len(texts) * 1000:8.2f} ms an article   {name}")
    goals = (
        ("ours / NLTK VADER alone", OURS, "NLTK VADER alone, same sentences", 0.5, False),
        ("ours / vaderSentiment alone", OURS, "vaderSentiment alone, same sentences", 1.25, False),
        ("usual NLTK pipeline / ours", OURS, "usual NLTK pipeline", 5, True),
        ("spaCy / ours, own processes", OURS + OWN, SPACY + OWN, 1, True),
    )
    for label, mine, rival, goal, more in goals:
        if rival in times:
            ratio = times[rival] / times[mine] if more else times[mine] / times[rival]
            print(f"  {label:30} {ratio:7.3f}   {verdict(ratio, goal, more=more)}")
    print()


def whole_coding(articles: list[Article]) -> Callable:
    book = codebook.read(BOOK)
    blocks = [[a for a, _ in block] for block in scale.blocks((a, None) for a in articles)]
    return lambda: [coding.code_block(block, book, plain=True) for block in blocks]


def alone(given: list[list]) -> int:
    """Print the CPU seconds of the whole coding of articles (id, text, meta), with nothing else in this process."""
    articles = [Article(name, text, meta=meta) for name, text, meta in given]
    print(side_by_side({OURS: whole_coding(articles)})[OURS])
    return 0


def vader_alone(sentences: list[list[str]]) -> Callable:
    """NLTK's VADER with the lexicon that the package vaderSentiment ships: NLTK's own needs a download."""
    import vaderSentiment
    from nltk.sentiment import vader

    class Analyzer(vader.SentimentIntensityAnalyzer):
        def __init__(self):
            self.lexicon_file = Path(vaderSentiment.__file__).with_name("vader_lexicon.txt").read_text(encoding="utf-8")
            self.lexicon, self.constants = self.make_lex_dict(), vader.VaderConstants()

    analyzer = Analyzer()
    return lambda: [analyzer.polarity_scores(s) for article in sentences for s in article]


def vader_sentiment(sentences: list[list[str]]) -> Callable:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return lambda: [analyzer.polarity_scores(s) for article in sentences for s in article]


def nltk_pipeline(texts: list[str]) -> Callable:
    """Punkt (trained on these texts), word tokeniser, VADER and four regular expressions."""
    from nltk.tokenize import NLTKWordTokenizer
    from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer

    trainer = PunktTrainer()
    trainer.train("\n".join(texts[:50]), finalize=True)
    punkt, words = PunktSentenceTokenizer(trainer.get_params()), NLTKWordTokenizer()
    patterns = [
        re.compile(p, re.I)
        for p in (
            r"peace\w*|mediat\w*|ceasefire|broker",
            r"[$€£]?\d[\d,.]*\s?(?:%|per cent|percent|billion|million)?",
            r"\b(?:said|says|told|argued|according to|warned)\b",
            r"[\"“][^\"”]+[\"”]",
        )
    ]

    def run() -> None:
        for text in texts:
            sentences = punkt.tokenize(text)
            for sentence in sentences:
                words.tokenize(sentence)
            vader_alone_once(sentences)
            for pattern in patterns:
                pattern.findall(text)

    scorer = vader_alone([[]])
    analyzer = scorer.__closure__[0].cell_contents

    def vader_alone_once(sentences: list[str]) -> None:
        for sentence in sentences:
            analyzer.polarity_scores(sentence)

    return run


SPACY, OWN = "spaCy blank + sentencizer + matcher", " (own process)"


def own_processes(articles: list[Article]) -> dict[str, float]:
    """CPU seconds of spaCy's blank pipeline, in the Python that HELPERS_SPACY names, and of the whole coding.

    Both in processes of their own, which take turns.
    """
    python = os.environ.get("HELPERS_SPACY")
    if not python:
        print("           (spaCy left out: HELPERS_SPACY names no Python that has it)")
        return {}
    calls = {
        OURS: ([sys.executable, "-m", "tests.benchmarks", "--alone"], [(a.id, a.text, a.meta) for a in articles]),
        SPACY: ([python, "-c", SPACY_PIPELINE], [a.text for a in articles]),
    }
    best: dict[str, float] = {}
    for _ in range(3):
        for name, (call, given) in calls.items():
            done = subprocess.run(call, input=json.dumps(given), capture_output=True, text=True, cwd=ROOT)
            if done.returncode:
                print(f"           (spaCy left out: {done.stderr.strip().splitlines()[-1]})")
                return {}
            best[name + OWN] = min(best.get(name + OWN, float("inf")), float(done.stdout))
    return best


SPACY_PIPELINE = """
import gc, json, sys, time
import spacy
from spacy.matcher import PhraseMatcher
texts = json.load(sys.stdin)
nlp = spacy.blank("en")
nlp.add_pipe("sentencizer")
matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
terms = "peacemaker|mediator|peace plan|ceasefire|honest broker|said|told|argued".split("|")
matcher.add("frames", list(nlp.pipe(terms)))
best = float("inf")
gc.disable()
for _ in range(5):
    begin = time.process_time()
    for text in texts:
        doc = nlp(text)
        list(doc.sents), matcher(doc), [t for t in doc if t.like_num]
    best = min(best, time.process_time() - begin)
print(best)
"""


# growth, workers, reading back ----------------------------------------------------------------------------------------


def child(source: str, out: str, workers: str) -> int:
    """Code a source and print what it cost this process: seconds, CPU seconds and most memory."""
    begin = time.perf_counter()
    scale.run(Path(source), Path(out), codebook.read(BOOK), plain=True, workers=int(workers))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cost = {
        "wall": time.perf_counter() - begin,
        "cpu": usage.ru_utime + usage.ru_stime,
        "megabytes": usage.ru_maxrss / 1024,
    }
    print(json.dumps(cost))
    return 0


def cost(source: Path, out: Path, workers: int) -> dict:
    """What coding costs: wall and CPU seconds in all, most memory of the process and of a worker in megabytes.

    Nobody waits for the children of a fork server, so that workers are looked at while they run.
    """
    call = [sys.executable, "-m", "tests.benchmarks", "--child", source, out, str(workers)]
    run = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    cpu: dict[int, float] = {}
    memory = [0]
    while True:
        with suppress(psutil.Error):
            for process in psutil.Process(run.pid).children(recursive=True):
                with suppress(psutil.Error):
                    cpu[process.pid] = sum(process.cpu_times()[:2])
                    memory.append(process.memory_info().rss)
        try:
            printed, said = run.communicate(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            continue
    if run.returncode:
        raise SystemExit(said)
    found = json.loads(printed)
    return found | {"cpu": found["cpu"] + sum(cpu.values()), "megabytes_of_a_worker": max(memory) / 2**20}


def corpus(folder: Path, n: int) -> Path:
    """`n` invented articles; kept in HELPERS_BENCHMARK_FOLDER, if that is set, for the next time."""
    kept = Path(os.environ.get("HELPERS_BENCHMARK_FOLDER", folder))
    path = kept / f"{n // 1000}k.jsonl"
    return path if path.exists() else synthetic.write(path, n)


def growth(options: argparse.Namespace) -> None:
    print("growth: one process, Parquet tables, signatures and cells included")
    with tempfile.TemporaryDirectory() as name:
        folder, each = Path(name), {}
        for n in (1000, 10_000, 100_000)[: 3 if options.full else 2]:
            spent = cost(corpus(folder, n), folder / f"out{n}", 1)
            size = sum(p.stat().st_size for p in (folder / f"out{n}").rglob("*.parquet"))
            each[n] = spent["cpu"] / n
            print(
                f"  {n:7,} articles: {spent['cpu']:8.1f} s, {each[n] * 1000:.2f} ms each, {spent['megabytes']:.0f} MB, "
                f"{size / n:.0f} bytes of tables each"
            )
        most = max(each)
        print(f"  CPU for ten times the articles {10 * each[most] / each[most // 10]:.2f}   ", end="")
        print(verdict(10 * each[most] / each[most // 10], 10.5))
        print(f"  most memory of the process    {spent['megabytes']:.0f} MB   {verdict(spent['megabytes'], 300)}\n")


def workers(options: argparse.Namespace) -> None:
    print("workers: 10,000 articles, two processes against one, wall time")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = corpus(folder, 10_000)
        one, two = cost(source, folder / "one", 1), cost(source, folder / "two", 2)
        same = all(
            p.read_bytes() == (folder / "two" / p.relative_to(folder / "one")).read_bytes()
            for p in (folder / "one").rglob("*.parquet")
        )
        print(
            f"  one {one['wall']:.1f} s wall, {one['cpu']:.1f} s CPU; two {two['wall']:.1f} s, {two['cpu']:.1f} s CPU"
        )
        print(f"  same bytes: {'yes' if same else 'NO'}; {two['megabytes_of_a_worker']:.0f} MB the larger worker")
        more = two["cpu"] / one["cpu"]
        print(f"  faster by                      {one['wall'] / two['wall']:7.3f}   ", end="")
        print(verdict(one["wall"] / two["wall"], 1.8, more=True))
        print(f"  more CPU                       {more:7.3f}   {verdict(more, 1.1)}\n")


def reading(options: argparse.Namespace) -> None:
    n = 100_000 if options.full else 1000
    print(f"archive: {n:,} articles read back")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, coded = corpus(folder, n), Path(os.environ.get("HELPERS_BENCHMARK_CODED", folder / "coded"))
        if not (coded / "done").exists():
            cost(source, coded, mappers.cores())
        begin = time.perf_counter()
        done = reports.report(folder=coded, out=folder / "report")
        page = time.perf_counter() - begin
        if done.failures:
            raise SystemExit("\n".join(done.failures))
        begin = time.perf_counter()
        archive.Archive(coded).only([f"a{n // 2:07d}"])
        trace = time.perf_counter() - begin
        memory = (
            max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        )
        print(f"  report                         {page:7.2f} s   {verdict(page, 60)}")
        print(f"  all rows of one article        {trace:7.2f} s   {verdict(trace, 1)}")
        print(f"  memory                         {memory:7.0f} MB  {verdict(memory, 1000)}\n")


if __name__ == "__main__":
    sys.exit(main())
