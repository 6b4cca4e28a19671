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
from collections.abc import Iterable, Sequence
from pathlib import Path

from . import lexicons, vader
from .codebook import Codebook
from .language import Document, words_of

THRESHOLD = 0.05  # a score at least so far from 0 is positive or negative (Hutto & Gilbert 2014)
FILLER = "thing"  # stands for a word set aside: in no lexicon


def code(document: Document, codebook: Codebook) -> tuple[list[dict], list[dict], list[dict]]:
    """Rows of `sentences`, `sentiment_terms` and `targets` for the body of a document."""
    study = _study(codebook)
    text = level(document.folded)
    sentences, terms = [], []
    for sentence in document.sentences:
        a, b = sentence.start, sentence.end
        row, hits = study.read(text, document, a, b)
        row |= {"sentence": sentence.number, "paragraph": sentence.paragraph, "start": a, "end": b}
        for hit in hits:
            hit["sentence"] = sentence.number
        sentences.append(row)
        terms += hits
    _count_quoted(document, sentences)
    return sentences, terms, _targets(document, study, terms)


def label(score: float) -> str:
    """The score's class at +-0.05."""
    return "positive" if score >= THRESHOLD else "negative" if score <= -THRESHOLD else "neutral"


# typography -----------------------------------------------------------------------------------------------------------

_BLANKED = ('"', "(", ")", "[", "]", "{", "}", "`", "—", "–", "…", "\n")
_EDGE = re.compile(r"'(?:(?!\w)|(?<!\w'))")
_RUN = re.compile(r"[.,;:][.,;:]+(?!\w)")
_ODD_BLANK = re.compile(r"[\x1f\u1680\u2000-\u2008\u205f]")


def level(folded: str) -> str:
    """Text in which VADER finds its words: quotes, brackets and dashes blank, one closing mark. Same length.

    >>> level('He said: "peace"... (so far).')
    'He said:  peace .    so far .'
    """
    for mark in _BLANKED:
        folded = folded.replace(mark, " ")
    folded = _RUN.sub(lambda m: m.group()[0] + " " * (len(m.group()) - 1), _EDGE.sub(" ", folded))
    return folded if folded.isascii() and "\x1f" not in folded else _ODD_BLANK.sub(" ", folded)


# a study's words ------------------------------------------------------------------------------------------------------

HIT, TOPIC, OTHERS, LEAD, SIZE = 7, 8, 9, 10, 11  # places in a record, after those of vader.Word


class _Study:
    """What coding needs of a codebook: lexicons, topic words, records of tokens, names of targets."""

    def __init__(self, codebook: Codebook):
        settings = codebook.sentiment
        folder = Path(codebook.study.get("folder", "."))
        self.codebook = codebook
        self.lexicons = (lexicons.afinn(), *(lexicons.read(s, folder) for s in settings.get("lexicons", ())))
        self.topic = lexicons.of_pairs("topic", ((term, 1.0) for term in settings.get("topic_words", ())))
        self.records = _Records(self)
        self.fillers = {form: self.records[form] for form in (FILLER, FILLER.title(), FILLER.upper())}
        wanted = settings.get("targets", ())
        self.names = dict.fromkeys(settings.get("not_targets", ()), "") | {
            alias: actor.id if actor.id in wanted else "" for actor in codebook.actors for alias in actor.aliases
        }
        longest = sorted(self.names, key=lambda alias: (-len(alias), alias))
        self.pattern = re.compile(f"(?:{'|'.join(map(re.escape, longest))})(?![\\w])") if longest else None

    def read(self, text: str, document: Document, a: int, b: int) -> tuple[dict, list[dict]]:
        """The scores of the sentence text[a:b] and one row per lexicon word in it."""
        piece = text[a:b]
        records = self.records
        tokens = [token for token in piece.split() if len(token) > 1]
        found = [records[token] for token in tokens]
        at = [i for i, record in enumerate(found) if record[HIT]]
        row = {"n_words": len(document.folded[a:b].split()), "n_quoted_words": 0}
        rows, padded, place, aside = {}, f" {piece} ", 0, {}
        for i in at:
            record = found[i]
            place = padded.index(f" {tokens[i]} ", place)
            start = a + place + record[LEAD]
            end = start + record[SIZE]
            is_name = record[0][0].isupper() and _in_name(document.folded, start, end, a, b)
            if is_name or record[TOPIC]:
                form = record[0]
                aside[i] = self.fillers[
                    FILLER.upper() if form.isupper() else FILLER.title() if form[0].isupper() else FILLER
                ]
            rows[i] = {
                "start": start, "end": end, "term": document.text[start:end],
                "is_topic": record[TOPIC], "is_name_part": int(is_name),
            }  # fmt: skip
            if record[OTHERS]:
                negated = any(before[4] for before in found[max(0, i - 3) : i])
                for name, valence in record[OTHERS]:
                    rows[i][name] = round(valence * vader.NEGATION, 3) if negated else valence
        hits = vader.hits(found)
        masked = hits
        if aside:
            masked = vader.hits([aside.get(i, record) for i, record in enumerate(found)])
        for hit in hits:
            rows[hit[0]] |= {"valence": hit[1], "valence_in_context": hit[2], "valence_masked": 0.0, "rule": hit[3]}
        for hit in masked:
            rows[hit[0]]["valence_masked"] = hit[2]
        plain = [hit[2] for hit in hits]
        added = vader.emphasis(piece)
        neg, neu, pos = vader.shares(plain, len(found), added)
        row |= {
            "vader_neg": neg, "vader_neu": neu, "vader_pos": pos, "vader_compound": vader.compound(plain, added),
            "vader_masked": vader.compound([hit[2] for hit in masked], added), "emphasis": added,
            "n_lexicon_words": len(hits), "n_topic_words": sum(found[hit[0]][TOPIC] for hit in hits),
            "n_name_parts": sum(rows[hit[0]]["is_name_part"] for hit in hits),
        }  # fmt: skip
        terms = list(rows.values())
        _further(row, terms, [lexicon.name for lexicon in self.lexicons])
        for term in terms:
            if "valence" in term:
                term["valence_in_context"] = round(term["valence_in_context"], 6)
                term["valence_masked"] = round(term["valence_masked"], 6)
        return row, terms


class _Records(dict):
    """Token -> record: vader.Word, then hit (0|1), topic (0|1), other lexicons' valences, place of the word."""

    def __init__(self, study: _Study):
        self.study = study

    def __missing__(self, token: str) -> tuple:
        if len(self) >= vader.MOST_WORDS:
            self.clear()
        word = vader.word(token) if len(token) > 1 else vader.Word(token, token, None, 0.0, False, False, False)
        loose = _LOOSE.search(word.low)
        core = loose.group() if loose else ""
        others = []
        for lexicon in self.study.lexicons:
            valence = lexicon.valence(core) if core else None
            if valence is not None:
                others.append((lexicon.name, valence))
        topic = int(bool(core) and self.study.topic.valence(core) is not None)
        scored = word.form if word.valence is not None else core
        lead = max(0, token.find(scored) if word.valence is not None else token.lower().find(core))
        record = self[token] = (
            *word,
            bool(others) or word.valence is not None,
            topic,
            tuple(others),
            lead,
            len(scored),
        )
        return record


_LOOSE = re.compile(r"\w(?:[\w'.-]*\w)??(?='s?\b|\W*$)")  # the word without punctuation and genitive


_latest: list[_Study] = []


def _study(codebook: Codebook) -> _Study:
    """The study of a codebook, made once as long as it is the same."""
    if not _latest or (_latest[0].codebook is not codebook and _latest[0].codebook != codebook):
        _latest[:] = [_Study(codebook)]
    return _latest[0]


# parts of names -------------------------------------------------------------------------------------------------------

_LINK = r"(?: (?:of|the|for|and|in|on)){0,2} "
_BEFORE = re.compile(rf"(?:^|[^\w'-])[A-ZÀ-Þ][\w'&.-]*{_LINK}$")
_AFTER = re.compile(rf"{_LINK}[A-ZÀ-Þ]")
_CAPITALISED = re.compile(r"\b[A-ZÀ-Þ]\w*")


def _in_name(folded: str, start: int, end: int, a: int, b: int) -> bool:
    """Whether the capitalised word at `start` stands in a run of capitalised words (United States, Party of Justice).

    Not in all capitals, not in a headline-style sentence; as a sentence's first word only if names commonly start so.
    """
    if folded[start:end].isupper():
        return False
    if not _AFTER.match(folded, end, b):
        if not _BEFORE.search(folded[max(a, start - 40) : start]):
            return False
    elif not any(map(str.isalnum, folded[a:start])) and folded[start:end] not in words_of("name_parts.txt"):
        return False
    longer = [word for word in folded[a:b].split() if len(word) > 3]
    return sum(word[0].isupper() for word in longer) <= 0.6 * len(longer) or len(longer) < 6


# further lexicons -----------------------------------------------------------------------------------------------------


def _further(row: dict, terms: Sequence[dict], names: Iterable[str]) -> None:
    """Add to a sentence the scores of the further lexicons, the mean of all on one scale, labels and disagreement."""
    scales = lexicons.scales()
    unit = math.sqrt(row["n_words"] or 1)
    plain, masked = {"vader": row["vader_compound"]}, {"vader": row["vader_masked"]}
    for name in names:
        hits = [term for term in terms if name in term]
        plain[name] = row[name] = round(sum(term[name] for term in hits) / unit, 4)
        masked[name] = sum(term[name] for term in hits if not (term["is_topic"] or term["is_name_part"])) / unit
    row["z_mean"], row["z_mean_masked"] = _z_mean(plain, scales), _z_mean(masked, scales)
    row["label"], row["label_masked"] = label(plain["vader"]), label(masked["vader"])
    row["flipped"] = int(row["label"] != row["label_masked"])
    signs = {label(score) for score in plain.values()}
    row["lex_disagree"] = int({"positive", "negative"} <= signs)


def _z_mean(scores: dict[str, float], scales) -> float:
    """Mean of the scores in standard units, those without a scale left out."""
    z = [(score - scales[name][0]) / scales[name][1] for name, score in scores.items() if name in scales]
    return round(sum(z) / len(z), 4)


# quotations and targets -----------------------------------------------------------------------------------------------


def _count_quoted(document: Document, sentences: Sequence[dict]) -> None:
    """Count into each sentence its words inside quotation marks."""
    starts = [row["start"] for row in sentences]
    for quotation in document.quotations:
        for row in sentences[max(0, bisect_right(starts, quotation.start) - 1) :]:
            a, b = max(row["start"], quotation.start), min(row["end"], quotation.end)
            if row["start"] >= quotation.end:
                break
            if a < b:
                row["n_quoted_words"] += len(document.folded[a:b].replace('"', " ").split())


_BOUNDARY = re.compile(r'["—–]|[;:](?=\s)|(?<=\s)--?(?=\s)')


def clause(folded: str, start: int, end: int, a: int, b: int) -> tuple[int, int]:
    """Offsets of the clause of the sentence folded[a:b] that holds the span: between quotation marks, ; : and dashes.

    What is said is another clause than who says it; splitting at commas or conjunctions did not pay.
    """
    for boundary in _BOUNDARY.finditer(folded, a, b):
        if boundary.end() <= start:
            a = boundary.end()
        elif boundary.start() >= end:
            b = boundary.start()
            break
    return a, b


def _targets(document: Document, study: _Study, terms: Sequence[dict]) -> list[dict]:
    """One row per mention of a target: its clause, whose voice, and the sum of the clause's lexicon words."""
    folded = document.folded
    starts = [term["start"] for term in terms]
    quotations = [quotation.start for quotation in document.quotations]
    scales = lexicons.scales()
    rows = []
    for start, end, target in _mentions(document, study):
        sentence = document.sentence_at(start)
        if sentence is None:
            continue
        a, b = clause(folded, start, end, sentence.start, sentence.end)
        inside = terms[bisect_left(starts, a) : bisect_left(starts, b)]
        kept = [term for term in inside if not term["is_name_part"]]
        added = vader.emphasis(folded[a:b])
        score = vader.compound([t["valence_in_context"] for t in kept if "valence" in t], added)
        unit = math.sqrt(len(folded[a:b].split()) or 1)
        scores = {lexicon.name: sum(t.get(lexicon.name, 0) for t in kept) / unit for lexicon in study.lexicons}
        i = bisect_right(quotations, start) - 1
        quoted = i >= 0 and start < document.quotations[i].end
        rows.append(
            {
                "sentence": sentence.number, "start": start, "end": end, "target": target,
                "clause_start": a, "clause_end": b, "voice": "quoted" if quoted else "outlet",
                "vader_clause": score,
                "vader_clause_masked": vader.compound([t["valence_masked"] for t in kept if "valence" in t], added),
                "combined": _z_mean({"vader": score} | scores, {k: (0.0, sd) for k, (_, sd) in scales.items()}),
            }
        )  # fmt: skip
    return rows


def _mentions(document: Document, study: _Study) -> list[tuple[int, int, str]]:
    """Where targets are named: spans given with the article, then the codebook's names, the longest first."""
    found = [(start, end, target) for start, end, target in document.article.mentions]
    given = {(start, end) for start, end, _ in found}
    if study.pattern:
        folded = document.folded
        for m in study.pattern.finditer(folded):
            target = study.names[m.group()]
            before = folded[m.start() - 1 : m.start()]
            if target and not (before.isalnum() or before == "_") and m.span() not in given:
                found.append((*m.span(), target))
    return sorted(found)
