"""In what tone are the study's targets spoken of? The clause around each mention, and the words in it.

The clause that pays is the one between quotation marks: what is said is another clause than who says it (measured on
NewsMTSC, Hamborg & Donnay 2021; splitting at commas or conjunctions did not pay). A clause's score is the sum of the
rows of `sentiment_terms` inside it: tone near a name, not an attitude to its bearer.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from typing import Final

from . import learned, lexicons, vader
from .codebook import Codebook
from .language import Document, Sentence, n_words
from .rows import SentenceRow, TermRow


class Names:
    """The names of a study's actors, and of what only looks like one of them."""

    def __init__(self, codebook: Codebook):
        wanted = codebook.sentiment.get("targets", ())
        self.target = {
            alias: actor.id if actor.id in wanted else "" for actor in codebook.actors for alias in actor.aliases
        } | dict.fromkeys(codebook.sentiment.get("not_targets", ()), "")
        self.learned = bool(codebook.sentiment.get("model"))
        aliases = sorted(filter(None, self.target), key=lambda alias: (-len(alias), alias))
        rest: dict[str, list[str]] = {}  # first letter -> the rest of each name, longest first
        for alias in aliases:
            rest.setdefault(alias[0], []).append(re.escape(alias[1:]))
        tree = [f"{re.escape(first)}(?:{'|'.join(others)})" for first, others in sorted(rest.items())]
        self.pattern = re.compile(f"(?:{'|'.join(tree)})(?!\\w)" if tree else r"(?!)")
        self.longest = max(map(len, aliases), default=0)
        longest = sorted({re.escape(max(alias.split(), key=len)) for alias in aliases})
        # the longest word of each name: where none stands in a sentence, no name does
        self.anchors = re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)" if longest else r"(?!)")

    def mentions(self, document: Document, sentences: list[Sentence]) -> list[tuple[int, int, str]]:
        """Spans given with the article, and the names of targets that begin in some sentences of its body.

        The longest first, none inside a longer one.
        """
        found = [(start, end, target) for start, end, target in document.article.mentions]
        given = {(start, end) for start, end, _ in found}
        folded, at = document.folded, 0
        for sentence in sentences:
            for m in self.pattern.finditer(folded, max(at, sentence.start), sentence.end + self.longest):
                if m.start() >= sentence.end:
                    break
                start, at = m.span()
                before = folded[start - 1 : start]
                target = self.target[m.group()]
                if not target or before.isalnum() or before == "_" or (start, at) in given:
                    continue
                if found and found[-1][2] == target and folded[found[-1][1] : start] == " ":  # "President Mira Lund"
                    found[-1] = (found[-1][0], at, target)
                else:
                    found.append((start, at, target))
        return sorted(found)


REACH: Final = 400  # characters on either side of a mention that are looked at, however long the sentence
_BOUNDARY: Final = re.compile(r'["—–;:-](?:(?<=["—–])|(?<=[;:])(?=\s)|(?<=\s-)-?(?=\s))')


def clause(folded: str, start: int, end: int, a: int, b: int) -> tuple[int, int]:
    """Offsets of the clause of the sentence folded[a:b] that holds the span: up to quotation marks, ; : and dashes."""
    a, b = max(a, start - REACH), min(b, end + REACH)
    for boundary in _BOUNDARY.finditer(folded, a, b):
        if boundary.end() <= start:
            a = boundary.end()
        elif boundary.start() >= end:
            b = boundary.start()
            break
    return a, b


def code(
    document: Document,
    names: Names,
    among: list[Sentence],
    sentences: list[SentenceRow],
    terms: list[TermRow],
    columns: tuple[str, ...],
) -> list[dict]:
    """Rows of `targets` for the names that begin `among` some sentences.

    From the rows of `sentences` and `sentiment_terms`; `columns`: the further lexicons.
    """
    starts = [term.start for term in terms]
    rows: list[dict] = []
    for start, end, target in names.mentions(document, among):
        sentence = document.sentence_at(start)
        if sentence is None:
            continue
        a, b = clause(document.folded, start, end, sentence.start, sentence.end)
        i = bisect_right(document.quotation_starts, start) - 1
        quoted = i >= 0 and start < document.quotations[i].end
        rows.append({
            "sentence": sentence.number, "start": start, "end": end, "target": target,
            "clause_start": a, "clause_end": b, "voice": "quoted" if quoted else "outlet",
        })  # fmt: skip
    for row in rows:
        a, b = row["clause_start"], row["clause_end"]
        row |= _tone(document.folded[a:b], terms[bisect_left(starts, a) : bisect_left(starts, b)], columns)
    if names.learned:
        seen = [near(document, row, sentences, terms, starts) for row in rows]
        for row, features in zip(rows, seen, strict=True):
            row["model"] = learned.signed(features)
    return rows


def near(
    document: Document, row: dict, sentences: list[SentenceRow], terms: list[TermRow], starts: list[int]
) -> dict[str, float]:
    """What the trained model sees of a mention; `starts`: those of the terms."""
    sentence = sentences[row["sentence"] - 1]
    a, b = max(sentence.start, row["start"] - REACH), min(sentence.end, row["end"] + REACH)
    return learned.features(
        document.folded, (a, b), row, sentence, terms[bisect_left(starts, a) : bisect_left(starts, b)]
    )


def _tone(piece: str, terms: list[TermRow], columns: tuple[str, ...]) -> dict[str, float]:
    """The scores of a clause from the lexicon words in it, parts of names left out."""
    terms = [term for term in terms if not term.is_name_part]
    if not terms:
        return {"vader_clause": 0.0, "vader_clause_masked": 0.0, "combined": 0.0}
    plain = [term.valence_in_context for term in terms if term.valence_in_context is not None]
    masked = [term.valence_masked for term in terms if term.valence_masked is not None]
    sums = lexicons.sums(terms, columns)
    added = vader.emphasis(piece)
    return {
        "vader_clause": vader.compound(plain, added),
        "vader_clause_masked": vader.compound(masked, added),
        "combined": lexicons.z_mean(sums, math.sqrt(n_words(piece) or 1), centred=False),
    }
