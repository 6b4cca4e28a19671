"""How does each article sound, through which words, towards whom? Coded tables -> tables of estimates.

A mean is over sentences; its interval resamples whole paragraphs, since sentences of a paragraph are not independent
(Davison & Hinkley 1997; with fewer than some twenty paragraphs it covers less than it says: Cameron, Gelbach & Miller
2008). It says how steady the mean is within this article's wording, nothing about the outlet. Word shifts: Gallagher
et al. 2021, "Generalized word shift graphs" (EPJ Data Science 10).
"""

from __future__ import annotations

import math
from itertools import combinations

import pandas as pd

from . import statistics

ENOUGH = 10  # mentions below which a mean towards a target is not shown
SCORES = {"plain": "vader_compound", "masked": "vader_masked"}
STANDARD = {"plain": "z_mean", "masked": "z_mean_masked"}
VALENCES = {"plain": "valence_in_context", "masked": "valence_masked"}


def _mean(values, clusters, **options) -> statistics.Estimate:
    parts = [(value, 1.0) for value in values]
    return statistics.bootstrap(parts, statistics.share, clusters=list(clusters), **options)


def means(study, *, scores=SCORES) -> pd.DataFrame:
    """Per article and score (plain; masked: without topic words and parts of names): the mean and its interval.

    `scores` names the columns: SCORES is VADER, STANDARD the mean of the lexicons (there parts of names are never in).
    """
    rows = []
    for article, own in study.sentences.groupby("article_id", sort=False):
        for score, column in scores.items():
            estimate = _mean(own[column], own.paragraph)
            rows.append({"article_id": article, "outlet": study.outlets[article], "score": score, **estimate._asdict()})
    return pd.DataFrame(rows).rename(columns={"n": "sentences", "clusters": "paragraphs"})


def flips(study) -> pd.DataFrame:
    """Per article: sentences that change class when topic words go, and the share of all valence that is topic."""
    terms = study.sentiment_terms.dropna(subset=["valence"])
    size = terms.valence.abs()
    aside = (terms.is_topic == 1) | (terms.is_name_part == 1)
    table = study.sentences.groupby("article_id", sort=False).agg(
        sentences=("flipped", "size"), flipped=("flipped", "sum")
    )
    table["aside_percent"] = (
        size.where(aside, 0).groupby(terms.article_id).sum() / size.groupby(terms.article_id).sum() * 100
    )
    table.insert(0, "outlet", [study.outlets[article] for article in table.index])
    return table.reset_index()


def differences(study) -> pd.DataFrame:
    """Every pair of articles: the difference of the means with its interval, wide enough for all pairs at once."""
    groups = dict(list(study.sentences.groupby("article_id", sort=False)))
    pairs = list(combinations(groups, 2))
    rows = []
    for one, other in pairs:
        for score, column in SCORES.items():
            parts = [[(value, 1.0) for value in groups[article][column]] for article in (one, other)]
            clusters = tuple(list(groups[article].paragraph) for article in (one, other))
            level = 1 - 0.05 / len(pairs)  # Bonferroni
            estimate = statistics.difference(*parts, statistics.share, clusters=clusters, level=level)
            holds = estimate.low is not None and (estimate.low > 0 or estimate.high < 0)
            outlets = f"{study.outlets[one]} − {study.outlets[other]}"
            rows.append(
                {"outlets": outlets, "score": score, **estimate._asdict(), "differs": "yes" if holds else "not shown"}
            )
    return pd.DataFrame(rows).drop(columns=["n", "clusters"])


# words ----------------------------------------------------------------------------------------------------------------


def _spoken(study) -> pd.DataFrame:
    """The rows of VADER's lexicon words, with the word in lower case."""
    terms = study.sentiment_terms.dropna(subset=["valence"]).copy()
    terms["word"] = terms.term.str.lower()
    return terms


def _compound(total: float, emphasis: float) -> float:
    total += math.copysign(emphasis, total) if total else 0.0
    return total / math.sqrt(total * total + 15)


def without(study) -> pd.DataFrame:
    """Per article and lexicon word: how often it stands there, its sum, and what the mean would be without its rows."""
    terms, sentences = _spoken(study), study.sentences.set_index(["article_id", "sentence"])
    sums = terms.groupby(["article_id", "sentence"]).valence_in_context.sum()
    rows = []
    for (article, word), own in terms.groupby(["article_id", "word"]):
        change = 0.0
        for key, share in own.groupby(["article_id", "sentence"]).valence_in_context.sum().items():
            emphasis = float(sentences.emphasis[key])
            change += _compound(sums[key] - share, emphasis) - _compound(sums[key], emphasis)
        n = int(sentences.loc[article].shape[0])
        rows.append(
            {
                "article_id": article, "outlet": study.outlets[article], "word": word, "n": len(own),
                "sum": round(float(own.valence_in_context.sum()), 3), "change": round(change / n, 4),
                "set_aside": int(((own.is_topic == 1) | (own.is_name_part == 1)).all()), "start": int(own.start.min()),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def shift(study, one: str, other: str) -> pd.DataFrame:
    """Which words make article `one` sound other than `other`: (p1 - p2) x (valence - reference), largest first.

    p is a word's share among the article's lexicon words; reference the mean valence of both articles' words together.
    """
    terms = _spoken(study)
    terms = terms[terms.article_id.isin([one, other])]
    counts = (
        terms.groupby(["word", "article_id"]).size().unstack(fill_value=0).reindex(columns=[one, other], fill_value=0)
    )
    shares = counts / counts.sum()
    valence = terms.groupby("word").valence.first()
    reference = float(terms.valence.mean())
    table = pd.DataFrame({"word": counts.index, "n_one": counts[one].to_numpy(), "n_other": counts[other].to_numpy()})
    table["valence"] = valence.reindex(counts.index).to_numpy()
    table["shift"] = ((shares[one] - shares[other]) * (valence - reference)).reindex(counts.index).to_numpy().round(5)
    table["is_topic"] = terms.groupby("word").is_topic.max().reindex(counts.index).to_numpy()
    order = table["shift"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


# voices and targets ---------------------------------------------------------------------------------------------------


def voices(study) -> pd.DataFrame:
    """Per article, outside and inside quotation marks: valence per 100 words, plain and masked, with interval."""
    terms = _spoken(study)
    rows = []
    for article, own in study.sentences.groupby("article_id", sort=False):
        mine = terms[terms.article_id == article]
        for voice, quoted in (("outlet", 0), ("quoted", 1)):
            words = own.n_quoted_words if quoted else own.n_words - own.n_quoted_words
            spoken = mine[mine.is_quoted == quoted]
            for score, column in VALENCES.items():
                sums = spoken.groupby("sentence")[column].sum()
                parts = [(100 * float(sums.get(s, 0.0)), float(w)) for s, w in zip(own.sentence, words, strict=True)]
                estimate = statistics.bootstrap(parts, statistics.share, clusters=list(own.paragraph))
                shown = len(spoken) >= ENOUGH
                rows.append(
                    {
                        "article_id": article, "outlet": study.outlets[article], "voice": voice, "score": score,
                        "value": estimate.value if shown else None, "low": estimate.low if shown else None,
                        "high": estimate.high if shown else None, "lexicon_words": len(spoken),
                        "words": int(words.sum()),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def towards(study) -> pd.DataFrame:
    """Per target and article: mean tone of the clauses around its mentions, plain and masked; none below ENOUGH."""
    places = study.sentences.set_index(["article_id", "sentence"]).paragraph
    names = {actor.id: actor.name for actor in study.codebook.actors}
    rows = []
    for target in [t for t in study.codebook.sentiment.get("targets", ()) if t in names]:
        for article, outlet in study.outlets.items():
            own = study.targets[(study.targets.target == target) & (study.targets.article_id == article)]
            clusters = [places[article, sentence] for sentence in own.sentence]
            for score, column in (("plain", "vader_clause"), ("masked", "vader_clause_masked")):
                row = {"target": names[target], "article_id": article, "outlet": outlet, "score": score}
                row |= _mean(own[column], clusters)._asdict()
                row["n_quoted"] = int((own.voice == "quoted").sum())
                if len(own) < ENOUGH:
                    row |= {"value": None, "low": None, "high": None}
                rows.append(row)
    columns = ["target", "article_id", "outlet", "score", *statistics.Estimate._fields, "n_quoted"]
    return pd.DataFrame(rows, columns=columns).rename(columns={"clusters": "paragraphs"})


def unsettled(study) -> pd.DataFrame:
    """The sentences to read first: lexicons of opposite sign, or a class that hangs on topic words alone."""
    table = study.sentences[(study.sentences.lex_disagree == 1) | (study.sentences.flipped == 1)].copy()
    table["outlet"] = table.article_id.map(study.outlets)
    table["place"] = [study.place(r.article_id, r.sentence) for r in table.itertuples()]
    table["gap"] = (table.vader_compound - table.vader_masked).abs()
    said = {1: "lexicons disagree"}
    table["why"] = [
        "; ".join(filter(None, (said.get(r.lex_disagree), r.flipped and f"{r.label} becomes {r.label_masked}")))
        for r in table.itertuples()
    ]
    order = table.sort_values(["lex_disagree", "gap"], ascending=False, kind="stable")
    return order.reset_index(drop=True)
