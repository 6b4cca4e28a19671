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
from typing import Final

from . import lexicons, targets, vader, vocabulary
from .codebook import Codebook, once
from .language import Document, Sentence, n_quoted_words, words_of
from .rows import SentenceRow, TermRow
from .valences import Token
from .vocabulary import ACTOR, HEARD, RAISED, SCORED, TONES, Form, Vocabulary

THRESHOLD: Final = 0.05  # a score at least so far from 0 is positive or negative (Hutto & Gilbert 2014)


def code(document: Document, codebook: Codebook) -> tuple[list[SentenceRow], list[TermRow], list[dict]]:
    """Rows of `sentences`, `sentiment_terms` and `targets` for the body of a document."""
    study: _Study = _study(codebook)
    known: Vocabulary = vocabulary.of(codebook)
    known.look(document)
    sentences, terms = study.sentences(document)
    _mark_quoted(document, sentences, terms)
    named = [sentence for sentence in document.sentences if sentence.bits & ACTOR]
    return sentences, terms, targets.code(document, known.names, named, sentences, terms, study.columns)


def label(score: float) -> str:
    """The score's class at +-0.05."""
    return "positive" if score >= THRESHOLD else "negative" if score <= -THRESHOLD else "neutral"


# a sentence -----------------------------------------------------------------------------------------------------------


class _Scored:
    """A sentence with lexicon words on the way to its rows.

    row     of `sentences`
    found   its words as the lexicons see them
    at      the places of those that a rule looks at
    hits    what VADER makes of its words
    terms   by place the rows of its lexicon words
    sums    of each lexicon's valences, parts of names left out
    """

    __slots__ = ("at", "found", "hits", "row", "sentence", "sums", "terms")

    def __init__(self, sentence: Sentence, row: SentenceRow, found: list[Token], at: list[int]):
        self.sentence, self.row, self.found, self.at = sentence, row, found, at
        self.hits: list[vader.Hit] = []
        self.terms: dict[int, TermRow] = {}
        self.sums: dict[str, float] = {}


class _Study:
    """What coding needs of a codebook beside its vocabulary: the lexicons, and the row of a sentence without a tone."""

    def __init__(self, known: Vocabulary):
        self.columns, self.fillers = known.lexicons.columns, known.lexicons.fillers
        self.zero = dict.fromkeys((*self.columns, "vader"), 0.0)  # the sums of a sentence without a lexicon word
        self.neutral = lexicons.z_mean(self.zero, 1.0)

    def sentences(self, document: Document) -> tuple[list[SentenceRow], list[TermRow]]:
        """The scores of all sentences, and one row per lexicon word in them.

        Step by step for all, not sentence by sentence: each step stays in the processor's cache.
        """
        rows = [self._row(sentence) for sentence in document.sentences]
        scored = [_read(s, row) for s, row in zip(document.sentences, rows, strict=True) if s.bits & SCORED]
        for it in scored:
            it.hits = vader.hits(it.found, it.at)
        for it in scored:
            self._terms(document, it)
        for it in scored:
            _score(document, it)
        for it in scored:
            self._further(it)
        for it in scored:
            if sum([term.is_topic or term.is_name_part for term in it.terms.values()]):
                self._mask(it)
        terms: list[TermRow] = []
        for it in scored:
            terms += it.terms.values()
        return rows, terms

    def _row(self, sentence: Sentence) -> SentenceRow:
        """The row of a sentence without a lexicon word."""
        n_words = len(sentence.forms)
        row = SentenceRow(sentence.number, sentence.paragraph, sentence.start, sentence.end, n_words, self.neutral)
        for name in self.columns:
            if name != "afinn":
                setattr(row, name, 0.0)
        if sentence.bits & HEARD:
            row.vader_neu = 1.0
        return row

    def _terms(self, document: Document, it: _Scored) -> None:
        """Add the rows of a sentence's lexicon words, and the sums."""
        number, a, b = it.sentence.number, it.sentence.start, it.sentence.end
        text, folded, found = document.text, document.folded, it.found
        padded = f" {_piece(document, it.sentence)} "
        sums = self.zero.copy()
        nth, place, vader_sum = 0, -1, 0.0
        for i in it.at:
            token = found[i]
            if not token.size:  # it only alters others
                continue
            if token.padded:
                place = padded.find(token.padded, place + 1)
            start = a + place + token.lead
            end = start + token.size
            is_name = 1 if token.capital and _in_name(folded, start, end, a, b) else 0
            term = TermRow(number, start, end, text[start:end], token.topic, is_name)
            it.terms[i] = term
            if token.valence is not None:
                _, _, in_context, rule = it.hits[nth]
                nth += 1
                in_context = round(in_context, 6) if rule else in_context
                term.valence, term.rule = token.valence, rule
                term.valence_in_context = term.valence_masked = in_context
                if not is_name:
                    vader_sum += in_context
            if token.others:
                negated = True in [near.negates for near in found[max(0, i - 3) : i]]
                for name, valence in token.others:
                    valence = round(valence * vader.NEGATION, 3) if negated else valence
                    if name == "afinn":
                        term.afinn = valence
                    else:
                        setattr(term, name, valence)
                    if not is_name:
                        sums[name] += valence
        sums["vader"] = vader_sum
        it.sums = sums

    def _further(self, it: _Scored) -> None:
        """Add the scores of the further lexicons, the mean of all on one scale, label and disagreement.

        A score is the sum of a lexicon's valences by the root of the number of words, parts of names left out.
        """
        row, sums = it.row, it.sums
        unit = math.sqrt(row.n_words or 1)
        row.z_mean = row.z_mean_masked = lexicons.z_mean(sums, unit)
        row.label = row.label_masked = plain = label(row.vader_compound)
        up, down = plain == "positive", plain == "negative"
        for name in self.columns:
            total = sums[name]
            if name == "afinn":
                row.afinn = vader.rounded(total / unit, 4)
            else:
                setattr(row, name, vader.rounded(total / unit, 4))
            up, down = up or total > 0, down or total < 0
        row.lex_disagree = int(up and down)

    def _mask(self, it: _Scored) -> None:
        """Add the scores of a sentence in which topic words and parts of names are set aside, and count these."""
        row, terms, found, at = it.row, it.terms, it.found, it.at
        aside = {}
        for i, term in terms.items():
            if term.is_topic or term.is_name_part:
                aside[i] = self.fillers[int(found[i].upper)]
                if term.valence is not None:
                    term.valence_masked = 0.0
                    row.n_topic_words += term.is_topic
                    row.n_name_parts += term.is_name_part
        masked = vader.hits([aside.get(i, record) for i, record in enumerate(found)], [i for i in at if i not in aside])
        for i, valence, in_context, rule in masked:
            terms[i].valence_masked = round(in_context, 6) if rule else valence
        row.vader_masked = vader.compound([hit[2] for hit in masked], row.emphasis)
        row.label_masked = label(row.vader_masked)
        row.flipped = int(row.label != row.label_masked)
        kept = lexicons.sums([terms[i] for i in terms if i not in aside], self.columns, masked=True)
        row.z_mean_masked = lexicons.z_mean(kept, math.sqrt(row.n_words or 1))


def _read(sentence: Sentence, row: SentenceRow) -> _Scored:
    """A sentence with its words as the lexicons see them."""
    found: list[Token] = []
    at: list[int] = []
    forms: list[Form] = sentence.forms
    for form in forms:
        token = form.tone
        if token is None:
            continue
        if form.bits & TONES:
            for token in form.tones or ():
                if token.matters:
                    at.append(len(found))
                found.append(token)
            continue
        if token.matters:
            at.append(len(found))
        found.append(token)
    return _Scored(sentence, row, found, at)


def _piece(document: Document, sentence: Sentence) -> str:
    return document.folded[sentence.start : sentence.end].replace("\n", " ")


def _score(document: Document, it: _Scored) -> None:
    """Fill VADER's scores into the row of a sentence."""
    row = it.row
    added = vader.emphasis(_piece(document, it.sentence)) if it.sentence.bits & RAISED else 0.0
    valences = [hit[2] for hit in it.hits]
    row.vader_neg, row.vader_neu, row.vader_pos = vader.shares(valences, len(it.found), added)
    row.vader_compound = row.vader_masked = vader.compound(valences, added)
    row.n_lexicon_words, row.emphasis = len(it.hits), added


@once
def _study(codebook: Codebook) -> _Study:
    return _Study(vocabulary.of(codebook))


def _mark_quoted(document: Document, sentences: list[SentenceRow], terms: list[TermRow]) -> None:
    """Count into each sentence its words inside quotation marks, and mark the lexicon words there."""
    i = k = 0
    for quotation in document.quotations:
        start, end = quotation.start, quotation.end
        while i < len(terms) and terms[i].start < start:
            i += 1
        while i < len(terms) and terms[i].start < end:
            terms[i].is_quoted = 1
            i += 1
        while k < len(sentences) and sentences[k].end <= start:
            k += 1
        j = k
        while j < len(sentences) and sentences[j].start < end:
            a, b = max(sentences[j].start, start), min(sentences[j].end, end)
            sentences[j].n_quoted_words += n_quoted_words(document.folded[a:b])
            j += 1


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
