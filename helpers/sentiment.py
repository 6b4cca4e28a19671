"""In what tone is it worded? Sentences, their lexicon words, and the clauses around the study's targets.

Scores are the tone of the wording, not the attitude of an outlet: dictionaries do not reach that (van Atteveldt, van
der Velden & Boukes 2021, Communication Methods and Measures 15(2); Bestvater & Monroe 2022). Half of it is the topic,
so every score has a twin without the codebook's topic words and without parts of names (Balahur et al. 2010: leaving
the vocabulary of the subject out works better). Several lexicons are averaged on one scale (van der Veen & Bleich
2025); where they disagree, somebody has to read.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from . import lexicons, targets, vader
from .codebook import Codebook
from .language import Document, Remembered, Sentence, n_quoted_words, n_words, words_of

THRESHOLD: Final = 0.05  # a score at least so far from 0 is positive or negative (Hutto & Gilbert 2014)
FILLER: Final = "thing"  # stands for a word set aside: in no lexicon


def code(document: Document, codebook: Codebook) -> tuple[list[dict], list[dict], list[dict]]:
    """Rows of `sentences`, `sentiment_terms` and `targets` for the body of a document."""
    study = _study(codebook)
    text = level(document.folded)
    sentences, terms = [], []
    for sentence in document.sentences:
        row, rows = study.sentence(document, text, sentence)
        sentences.append(row)
        terms += rows
    _mark_quoted(document, sentences, terms)
    return sentences, terms, targets.code(document, study.names, sentences, terms, study.columns)


def label(score: float) -> str:
    """The score's class at +-0.05."""
    return "positive" if score >= THRESHOLD else "negative" if score <= -THRESHOLD else "neutral"


# typography -----------------------------------------------------------------------------------------------------------

_BLANKED: Final = ('"', "(", ")", "[", "]", "{", "}", "`", "—", "–", "…", "\n")
_EDGE: Final = re.compile(r"'(?:(?!\w)|(?<!\w'))")
_RUN: Final = re.compile(r"[.,;:][.,;:]+(?!\w)")


def level(folded: str) -> str:
    """Text in which VADER finds its words: quotes, brackets and dashes blank, one closing mark. Same length.

    >>> level('He said: "peace"... (so far).')
    'He said:  peace .    so far .'
    """
    for mark in _BLANKED:
        folded = folded.replace(mark, " ")
    return _RUN.sub(lambda m: m.group()[0] + " " * (len(m.group()) - 1), _EDGE.sub(" ", folded))


# a sentence -----------------------------------------------------------------------------------------------------------


class Token(vader.Word):
    """A token as all lexicons see it: `matters` says "in any lexicon".

    others    the valences of the further lexicons: name, valence
    topic     whether it is a topic word (0|1)
    capital   whether it may be part of a name
    padded    the token between blanks
    lead      where the word begins in it
    size      the length of the word, 0: no row
    """

    __slots__ = ("capital", "lead", "others", "padded", "size", "topic")

    def __init__(self, token: str, others: tuple[tuple[str, float], ...], topic: int, core: str):
        super().__init__(token)
        self.others, self.topic, self.padded = others, topic, f" {token} "
        self.matters = self.matters or bool(others)
        scored = self.form if self.valence is not None else core if others else ""
        self.lead = max(0, token.find(scored), token.lower().find(scored)) if scored else 0
        self.size = len(scored)
        self.capital = self.upper or self.form[0].isupper()


class _Study:
    """What coding needs of a codebook: lexicons, topic words, records of tokens, names of targets."""

    def __init__(self, codebook: Codebook):
        settings = codebook.sentiment
        folder = Path(codebook.study.get("folder", "."))
        self.codebook = codebook
        self.lexicons = (lexicons.afinn(), *(lexicons.read(s, folder) for s in settings.get("lexicons", ())))
        self.columns = tuple(lexicon.name for lexicon in self.lexicons)
        self.topic = lexicons.of_pairs("topic", ((term, 1.0) for term in settings.get("topic_words", ())))
        self.records = Remembered(self._record)
        self.plain = [Token(form, (), 0, "") for form in (FILLER, FILLER.upper())]
        self.names = targets.Names(codebook)
        self.neutral: dict = dict.fromkeys(("sentence", "paragraph", "start", "end", "n_words", "n_quoted_words"), 0)
        self.neutral |= dict.fromkeys(("vader_neg", "vader_neu", "vader_pos", "vader_compound", "vader_masked"), 0.0)
        self.neutral |= dict.fromkeys(("n_lexicon_words", "n_topic_words", "n_name_parts", "flipped"), 0)
        self.neutral["emphasis"] = 0.0
        self._further(self.neutral, dict.fromkeys((*self.columns, "vader"), 0.0))

    def _record(self, token: str) -> Token | None:
        """The record of a token, None if it has one character; words that no rule looks at share one, the filler's."""
        if len(token) < 2:
            return None
        word = vader.Word(token)
        core = word.low if len(word.low) <= 100 else ""  # the pattern is quadratic, and no word is longer
        if not core.isalnum():
            loose = _LOOSE.search(core)
            core = loose.group() if loose else ""
        valences = [(lexicon.name, lexicon.valence(core)) for lexicon in self.lexicons]
        others = tuple([(name, valence) for name, valence in valences if valence is not None])
        if not (word.matters or others or word.low in vader.NEIGHBOURS):
            return self.plain[int(word.upper)]
        return Token(token, others, int(self.topic.valence(core) is not None), core)

    def sentence(self, document: Document, text: str, sentence: Sentence) -> tuple[dict, list[dict]]:
        """The scores of a sentence and one row per lexicon word in it; `text` is the document's, levelled."""
        a, b = sentence.start, sentence.end
        piece, folded = text[a:b], document.folded[a:b]
        tokens = piece.split()
        found: list[Token] = []
        at: list[int] = []
        scored = 0
        for token in tokens:
            record: Token | None = self.records[token]
            if record is not None:
                if record.matters:
                    at.append(len(found))
                    scored += record.size
                found.append(record)
        row = self.neutral.copy()
        row["sentence"], row["paragraph"], row["start"], row["end"] = sentence.number, sentence.paragraph, a, b
        row["n_words"] = n_words(folded)
        if not scored:
            row["vader_neu"] = 1.0 if found else 0.0
            return row, []
        hits = vader.hits(found, at)
        terms, sums = self._terms(document, sentence, f" {piece} ", found, at, hits)
        added = vader.emphasis(piece)
        valences = [hit[2] for hit in hits]
        row["vader_neg"], row["vader_neu"], row["vader_pos"] = vader.shares(valences, len(found), added)
        row["vader_compound"] = row["vader_masked"] = vader.compound(valences, added)
        row["n_lexicon_words"], row["emphasis"] = len(hits), added
        self._further(row, sums)
        rows = list(terms.values())
        if sum([term["is_topic"] or term["is_name_part"] for term in rows]):
            self._mask(row, terms, found, at)
        return row, rows

    def _terms(
        self,
        document: Document,
        sentence: Sentence,
        padded: str,
        found: Sequence[Token],
        at: Sequence[int],
        hits: Sequence[vader.Hit],
    ) -> tuple[dict, dict]:
        """By place among the words the row of each lexicon word; the sum of each lexicon, parts of names left out."""
        number, a, b = sentence.number, sentence.start, sentence.end
        text, folded = document.text, document.folded
        terms: dict[int, dict] = {}
        sums = dict.fromkeys(self.columns, 0.0)
        nth, place, vader_sum = 0, -1, 0.0
        for i in at:
            token = found[i]
            if not token.size:  # it only alters others
                continue
            place = padded.find(token.padded, place + 1)
            start = a + place + token.lead
            end = start + token.size
            is_name = 1 if token.capital and _in_name(folded, start, end, a, b) else 0
            term: dict = {
                "sentence": number, "start": start, "end": end, "term": text[start:end],
                "is_topic": token.topic, "is_name_part": is_name, "is_quoted": 0,
            }  # fmt: skip
            terms[i] = term
            if token.valence is not None:
                _, _, in_context, rule = hits[nth]
                nth += 1
                in_context = round(in_context, 6) if rule else in_context
                term["valence"], term["rule"] = token.valence, rule
                term["valence_in_context"] = term["valence_masked"] = in_context
                if not is_name:
                    vader_sum += in_context
            if token.others:
                negated = True in [near.negates for near in found[max(0, i - 3) : i]]
                for name, valence in token.others:
                    term[name] = valence = round(valence * vader.NEGATION, 3) if negated else valence
                    if not is_name:
                        sums[name] += valence
        sums["vader"] = vader_sum
        return terms, sums

    def _further(self, row: dict, sums: dict[str, float]) -> None:
        """Add the scores of the further lexicons, the mean of all on one scale, label and disagreement.

        A score is the sum of a lexicon's valences by the root of the number of words, parts of names left out.
        """
        unit = math.sqrt(row["n_words"] or 1)
        row["z_mean"] = row["z_mean_masked"] = lexicons.z_mean(sums, unit)
        row["label"] = row["label_masked"] = plain = label(row["vader_compound"])
        signs = {plain}
        for name in self.columns:
            total = sums[name]
            row[name] = vader.rounded(total / unit, 4)
            if total:
                signs.add("positive" if total > 0 else "negative")
        row["lex_disagree"] = int("positive" in signs and "negative" in signs)

    def _mask(self, row: dict, terms: dict[int, dict], found: Sequence[Token], at: Sequence[int]) -> None:
        """Add the scores of a sentence in which topic words and parts of names are set aside, and count these."""
        row["n_topic_words"] = row["n_name_parts"] = 0
        aside = {}
        for i, term in terms.items():
            if term["is_topic"] or term["is_name_part"]:
                aside[i] = self.plain[int(found[i].upper)]
                if "valence" in term:
                    term["valence_masked"] = 0.0
                    row["n_topic_words"] += term["is_topic"]
                    row["n_name_parts"] += term["is_name_part"]
        masked = vader.hits([aside.get(i, record) for i, record in enumerate(found)], [i for i in at if i not in aside])
        for i, valence, in_context, rule in masked:
            terms[i]["valence_masked"] = round(in_context, 6) if rule else valence
        row["vader_masked"] = vader.compound([hit[2] for hit in masked], row["emphasis"])
        row["label_masked"] = label(row["vader_masked"])
        row["flipped"] = int(row["label"] != row["label_masked"])
        kept = lexicons.sums([terms[i] for i in terms if i not in aside], self.columns, "valence_masked")
        row["z_mean_masked"] = lexicons.z_mean(kept, math.sqrt(row["n_words"] or 1))


_LOOSE: Final = re.compile(r"\w(?:[\w'.-]*\w)??(?='s?\b|\W*$)")  # the word without punctuation and genitive


_latest: list[_Study] = []


def _study(codebook: Codebook) -> _Study:
    """The study of a codebook, made once as long as it is the same."""
    if not _latest or (_latest[0].codebook is not codebook and _latest[0].codebook != codebook):
        _latest[:] = [_Study(codebook)]
    return _latest[0]


def _mark_quoted(document: Document, sentences: Sequence[dict], terms: Sequence[dict]) -> None:
    """Count into each sentence its words inside quotation marks, and mark the lexicon words there."""
    begins, places = [row["start"] for row in sentences], [term["start"] for term in terms]
    for start, end, *_ in document.quotations:
        for term in terms[bisect_left(places, start) : bisect_left(places, end)]:
            term["is_quoted"] = 1
        for row in sentences[max(0, bisect_right(begins, start) - 1) : bisect_left(begins, end)]:
            a, b = max(row["start"], start), min(row["end"], end)
            if a < b:
                row["n_quoted_words"] += n_quoted_words(document.folded[a:b])


# parts of names -------------------------------------------------------------------------------------------------------

WINDOW: Final = 300  # characters on either side in which a headline's capitals are counted
_LINK: Final = r"(?: (?:of|the|for|and|in|on)){0,2} "
_BEFORE: Final = re.compile(rf"(?:^|[^\w'-])[A-ZÀ-Þ][\w'&.-]*{_LINK}$")
_AFTER: Final = re.compile(rf"{_LINK}[A-ZÀ-Þ]")


def _in_name(folded: str, start: int, end: int, a: int, b: int) -> bool:
    """Whether the capitalised word at `start` stands in a run of capitalised words (United States, Party of Justice).

    Not in all capitals, not in a headline-style sentence; as a sentence's first word only if names commonly start so.
    """
    if folded[start:end].isupper():
        return False
    a, b = max(a, start - WINDOW), min(b, end + WINDOW)
    if not _AFTER.match(folded, end, b):
        if not _BEFORE.search(folded[max(a, start - 40) : start]):
            return False
    elif not any(map(str.isalnum, folded[a:start])) and folded[start:end] not in words_of("name_parts.txt"):
        return False
    longer = [word for word in folded[a:b].split() if len(word) > 3]
    return sum(word[0].isupper() for word in longer) <= 0.6 * len(longer) or len(longer) < 6
