"""Articles broken at random, the same for the same number: what reading, cleaning and coding must all survive."""

import random
from collections.abc import Iterator
from pathlib import Path

import layouts

from helpers import codebook, coding, corpus, metadata
from helpers.corpus import Refused

BOOK = codebook.read(Path(__file__).parent / "study" / "codebook.toml")
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "windows-1252", "utf-16-be", "latin-1", "cp437")
NASTY = (
    '"', "“", "”", "'", "’", "\u00a0", "\u200b", "\ufeff", "\u202e", "\x00", "\x85", "\u2028", "\r", "\r\n", "\n\n\n",
    "\t", "İ", "ß", "ﬁ", "\U0001f600", "\ud7ff", "e\u0301", "$", "€1", "%", "1,2,3.4.5", "-", "—", "...", "(((", "]]",
    "<script>", "&amp;", "{%", "\\", "@", "#", "http://a.b/?c=d&e", "0" * 40, "A." * 20, "said said", "mediator",
    "---\n", "title: ", "By ", "Photo: ", "June 14, 2031", "14:05 GMT", "Read more: ", "• ", "|", "=1+1",
)  # fmt: skip


def text(number: int) -> str:
    """A page of an invented outlet with one to forty wounds."""
    rng = random.Random(number)
    page = layouts.page(rng.choice(layouts.LAYOUTS), rng.choice(layouts.ARTICLES))[0]
    for _ in range(rng.choice((1, 3, 10, 40))):
        a = rng.randrange(len(page) + 1)
        b = min(len(page), a + rng.choice((0, 1, 5, 50, 500)))
        piece = rng.choice(
            (
                "",
                rng.choice(NASTY),
                rng.choice(NASTY) * rng.choice((2, 30, 300)),
                page[a:b] * 2,
                page[a:b].upper(),
                page[a:b][::-1],
                page[a:b].replace(" ", ""),
                page[a:b].replace(" ", "\n"),
                chr(rng.choice((rng.randrange(0xD800), rng.randrange(0xE000, 0x110000)))),
            )
        )
        page = page[:a] + piece + page[b:]
    return page


def data(number: int) -> bytes:
    """The same as bytes in some encoding, now and then with bytes of chance."""
    rng = random.Random(number)
    found = text(number).encode(rng.choice(ENCODINGS), "ignore")
    if rng.random() < 0.2:
        at = rng.randrange(len(found) + 1)
        found = found[:at] + rng.randbytes(rng.choice((1, 4, 64))) + found[at + rng.choice((0, 1, 1000)) :]
    return found


def survives(number: int) -> str:
    """Read, clean and code input `number`: "coded", or why it was refused. Raises AssertionError for a wrong offset."""
    try:
        content, encoding = corpus.decode(data(number), "mutant.txt")
        article = corpus.Article("mutant", content, "mutant.txt", encoding=encoding)
        rows = coding.code_article(article, BOOK, plain=number % 4 == 0)
    except Refused as refused:
        return str(refused)
    for place in wrong_places(article.text, rows):
        raise AssertionError(f"input {number}: {place}")
    metadata.describe(article, [])
    return "coded"


def wrong_places(content: str, rows: dict[str, list[dict]]) -> Iterator[str]:
    """Rows whose offsets lie outside the text or run backwards."""
    for name, table in rows.items():
        for row in table:
            for start in (k for k in row if k.endswith("start") and k != "first_start"):
                a, b = row[start], row.get(start.removesuffix("start") + "end")
                if a not in (None, "") and b not in (None, "") and not 0 <= a <= b <= len(content):
                    yield f"{name} {start} {a}-{b} of {len(content)}"
