"""Whatever comes in: no crash, no hang, no offset outside the text, and no more time than its length deserves."""

import time

import mutants
import pytest

from helpers import cleaning, coding, corpus, metadata

SENTENCE = 'The council "met" on Friday, said Petra Holm, and trade rose 4 per cent to $1.5 billion. '
PATHOLOGICAL = {
    "one endless line": lambda n: SENTENCE * (n // len(SENTENCE)),
    "paragraphs": lambda n: (SENTENCE + "\n\n") * (n // len(SENTENCE)),
    "headings": lambda n: "".join(f"Heading number {i} of the page\n{SENTENCE}\n" for i in range(n // 120)),
    "no blanks": lambda n: "x" * n,
    "quotation marks": lambda n: '"' * n,
    "open quotations": lambda n: '"a\n' * (n // 3),
    "letters and marks": lambda n: "a((" * (n // 3),
    "a letter and marks": lambda n: "a" + "(" * n,
    "stops": lambda n: ". " * (n // 2),
    "brackets": lambda n: "(" * n,
    "digits": lambda n: "12" * (n // 2),
    "commas": lambda n: "1,2," * (n // 4),
    "capitals": lambda n: "A B " * (n // 4),
    "initials": lambda n: "A.'" * (n // 3),
    "dates": lambda n: "1.1.2020," * (n // 9),
    "date lines": lambda n: f"June 14, 2031\n{SENTENCE}\n" * (n // 104),
    "bullets": lambda n: "• item of a list\n" * (n // 17),
    "blank lines": lambda n: "\n" * n,
    "blanks": lambda n: "a" + " " * n + "b",
    "dashes": lambda n: "— " * (n // 2),
    "front matter": lambda n: "---\n" + "a: b\n" * (n // 5),
    "handles": lambda n: "(@a " * (n // 4),
}


@pytest.mark.parametrize("block", range(10))
def test_mutated_pages_are_coded_or_refused_with_a_reason(block):
    outcomes = [mutants.survives(number) for number in range(block * 30, block * 30 + 30)]
    assert all(o == "coded" or o.startswith("mutant.txt") for o in outcomes)
    assert sum(o == "coded" for o in outcomes) >= 10


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological_texts_are_cleaned_and_coded(name):
    article = corpus.Article("a", PATHOLOGICAL[name](6_000))
    lines = cleaning.label(article)
    metadata.describe(article, lines)
    assert list(mutants.wrong_places(article.text, coding.code_article(article, mutants.BOOK, plain=True))) == []


def growth(name, work, size):
    """How many times more CPU time four times the length takes; 4 is linear."""
    times = []
    for n in (size, size * 4):
        article = corpus.Article("a", PATHOLOGICAL[name](n))
        begun = time.process_time()
        work(article)
        times.append(time.process_time() - begun)
    return times[1] / max(times[0], 1e-3), times[1]
