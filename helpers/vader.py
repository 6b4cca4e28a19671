"""VADER as NLTK computes it, to the last bit, without NLTK's data and about six times as fast.

Hutto & Gilbert 2014, "VADER: a parsimonious rule-based model for sentiment analysis of social media text" (ICWSM); the
rules are those of NLTK's class, oddities included, the valences those of the lexicon in the package vaderSentiment.
A word's part in the score depends on few neighbours, so the rules run at the lexicon words only, over records of words
that are looked up once.
"""

from __future__ import annotations

import hashlib
import math
import string
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

from .corpus import Refused
from .language import Remembered


class Word:
    """What VADER needs to know of a token of two or more characters.

    form, low   as scored, and in lower case
    valence     None: not in the lexicon
    booster     what it adds to the next words' valence, 0: nothing
    negates     whether it turns the next words' valence round
    upper       whether it is in capitals
    idiomatic   whether it is the longest word of an idiom
    alters      whether it can change a valence, another's or (in capitals) its own
    matters     whether a rule looks at it: it is in the lexicon or alters
    """

    __slots__ = ("alters", "booster", "form", "idiomatic", "low", "matters", "negates", "upper", "valence")

    def __init__(self, token: str):
        self.form = token if token.isalnum() else bare(token)
        self.low = low = self.form.lower()
        self.valence: float | None = lexicon().get(low)
        self.booster: float = _BOOSTERS.get(low, 0.0)
        self.negates = low in _NEGATORS or "n't" in low
        self.upper, self.idiomatic, scored = self.form.isupper(), low in _MARKS, self.valence is not None
        self.alters = bool(self.booster) or self.negates or self.idiomatic or low in _ALSO_ALTER
        self.alters = self.alters or (scored and self.upper)
        self.matters = scored or self.alters


W = TypeVar("W", bound=Word)
Hit = tuple[int, float, float, str]  # a lexicon word: place among the words, valence, valence in context, rules with +


# lexicon and grammar --------------------------------------------------------------------------------------------------


def package_text(package: str, name: str, sha256: str) -> str:
    """The text of a data file of an installed package. Raises Refused unless its bytes have this SHA-256."""
    path = files(package).joinpath(name)
    data = path.read_bytes()
    if (found := hashlib.sha256(data).hexdigest()) != sha256:
        raise Refused(f"{path}: SHA-256 is {found}, not {sha256}; install the versions of requirements.lock")
    return data.decode("utf-8")


@cache
def lexicon_text() -> str:
    """The lexicon file, one word a line: word, mean valence, standard deviation, ratings."""
    return package_text("vaderSentiment", "vader_lexicon.txt", grammar()["lexicon_sha256"]).strip()


@cache
def lexicon() -> dict[str, float]:
    """Word -> valence; of a word that stands twice the last counts."""
    return {word: float(valence) for word, valence in (line.split("\t")[:2] for line in lexicon_text().split("\n"))}


@cache
def grammar() -> dict:
    return tomllib.loads(files(__package__).joinpath("data", "vader.toml").read_text(encoding="utf-8"))


_G: Final = grammar()
_CAPITALS, NEGATION, _WEAKER = _G["capitals"], _G["negation"], -_G["booster"]
_BOOSTERS: Final = dict.fromkeys(_G["strengthen"], _G["booster"]) | dict.fromkeys(_G["weaken"], _WEAKER)
_NEGATORS, _IDIOMS = frozenset(_G["negators"]), _G["idioms"]
_PHRASES: Final = frozenset(phrase for phrase in _BOOSTERS if " " in phrase)
# the longest word of every phrase: without one of these near by, no phrase need be looked for
_MARKS: Final = frozenset(max(phrase.split(), key=len) for phrase in (*_IDIOMS, *_PHRASES))
# words that alter nothing alone, but beside others
NEIGHBOURS: Final = frozenset(word for phrase in (*_IDIOMS, *_PHRASES, "at of very") for word in phrase.split())
_PUNCTUATION: Final = frozenset(string.punctuation)
_ALSO_ALTER: Final = ("so", "this", "least", "but")
_ENDS: Final = frozenset(_G["punctuation"])


@cache
def listed() -> frozenset[str]:
    """All words that a rule looks at, in lower case."""
    return frozenset((*lexicon(), *_BOOSTERS, *_NEGATORS, *_MARKS, *_ALSO_ALTER, *NEIGHBOURS))


def analyzer():
    """NLTK's own analyzer on this lexicon: the reference of the tests. Takes a second to import."""
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    made = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)  # its __init__ wants NLTK's data
    made.lexicon_file = lexicon_text()
    made.lexicon = made.make_lex_dict()
    made.constants = VaderConstants()
    return made


# words ----------------------------------------------------------------------------------------------------------------


def bare(token: str) -> str:
    """The token without punctuation before or after it, if VADER takes that off.

    >>> bare("peace."), bare('"war"'), bare("U.S."), bare("so?!?"), bare("a,")
    ('peace', '"war"', 'U.S.', 'so', 'a,')
    """
    core = token.strip(string.punctuation)
    if len(core) > 1 and (token.removeprefix(core) in _ENDS or token.removesuffix(core) in _ENDS):
        return core if _PUNCTUATION.isdisjoint(core) else token
    return token


_records = Remembered(Word)


def words(text: str) -> list[Word]:
    """The words of a text as VADER sees them: split at white space, single characters left out."""
    return [_records[token] for token in text.split() if len(token) > 1]


# the rules at one lexicon word ----------------------------------------------------------------------------------------


def hits(found: list[W], at: list[int] | None = None) -> list[Hit]:
    """The lexicon words among the words of a sentence, each with its valence in context.

    `at` may name the places of all words that matter, if they are known.
    """
    if at is None:
        at = [i for i, word in enumerate(found) if word.matters]
    altering = [i for i in at if found[i].alters]
    but, out = -1, []
    mixed: bool | None = None
    first: dict[str, float] = {}
    for i in at:
        word = found[i]
        valence = word.valence
        if valence is None:
            if but < 0 and word.low == "but":
                but = i
            continue
        if word.form in first:
            in_context, rule = first[word.form], "repeat"
        else:
            in_context, rule = valence, ""
            if altering and True in [-4 < j - i < 3 for j in altering]:
                if mixed is None:
                    mixed = 0 < len([1 for other in found if other.upper]) < len(found)
                in_context, rule = _in_context(found, i, mixed)
            first[word.form] = in_context
        out.append((i, valence, in_context, rule))
    return out if but < 0 else [_beside_but(hit, but) for hit in out]


def _beside_but(hit: Hit, but: int) -> Hit:
    """A word before the sentence's first "but" counts half, one after it half as much again."""
    i, valence, in_context, rule = hit
    return i, valence, in_context * (0.5 if i < but else 1.5), f"{rule}+but" if rule else "but"


def _in_context(found: list[W], i: int, mixed: bool) -> tuple[float, str]:
    """Valence of the word at `i` after capitals, the three words before it, idioms and "least"; the rules used.

    `mixed`: some words of the sentence, but not all, are in capitals.
    """
    word = found[i]
    valence = word.valence or 0.0
    if word.booster or (word.low == "kind" and i + 1 < len(found) and found[i + 1].low == "of"):
        return 0.0, "degree"
    rules: list[str] = []
    if mixed and word.upper:
        valence += _CAPITALS if valence > 0 else -_CAPITALS
        rules.append("capitals")
    for back in (1, 2, 3):
        if back > i:
            break
        before = found[i - back]
        if before.valence is not None:  # a lexicon word has no effect on the next one
            continue
        if before.booster:
            step = before.booster
            if valence < 0:
                step *= -1
            if mixed and before.upper:
                step += _CAPITALS if valence > 0 else -_CAPITALS
            if back == 2:
                step *= 0.95
            elif back == 3:
                step *= 0.9
            valence += step
            rules.append("booster")
        factor, rule = _negation(found, i, back)
        if rule:
            valence *= factor
            rules.append(rule)
        if back == 3 and any(near.idiomatic for near in found[i - 3 : i + 3]):
            idiom = _idiom([near.form for near in found[i - 3 : i + 3]], valence)
            if idiom != valence:
                valence = idiom
                rules.append("idiom")
    least = i > 0 and found[i - 1].low == "least" and found[i - 1].valence is None
    if least and not (i > 1 and found[i - 2].low in ("at", "very")):
        valence *= NEGATION
        rules.append("least")
    return valence, "+".join(rules)


def _negation(found: list[W], i: int, back: int) -> tuple[float, str]:
    """Factor and rule of the word `back` places before `i`; "never so" and "never this" strengthen."""
    if back > 1:
        one, two = found[i - 1].form in ("so", "this"), found[i - 2].form in ("so", "this")
        if back == 2 and one and found[i - 2].form == "never":
            return 1.5, "never so"
        if back == 3 and (one or (two and found[i - 3].form == "never")):  # so in NLTK, with or without a "never"
            return 1.25, "never so"
    return (NEGATION, "negation") if found[i - back].negates else (1.0, "")


def _idiom(forms: list[str], valence: float) -> float:
    """Valence after the idioms around the word at place 3 of `forms` (three before it, up to two after)."""
    a, b, c, d, *after = forms
    for phrase in (f"{c} {d}", f"{b} {c} {d}", f"{b} {c}", f"{a} {b} {c}", f"{a} {b}"):
        if phrase in _IDIOMS:
            valence = _IDIOMS[phrase]
            break
    for n in range(1, len(after) + 1):
        valence = _IDIOMS.get(" ".join([d, *after[:n]]), valence)
    if f"{a} {b}" in _PHRASES or f"{b} {c}" in _PHRASES:
        valence += _WEAKER
    return valence


# the score of a text --------------------------------------------------------------------------------------------------


def emphasis(text: str) -> float:
    """What exclamation and question marks add to the sum, away from zero."""
    shouts, doubts = text.count("!"), text.count("?")
    if not shouts and doubts < 2:
        return 0.0
    return min(shouts, 4) * 0.292 + (0 if doubts < 2 else doubts * 0.18 if doubts <= 3 else 0.96)


def rounded(value: float, digits: int) -> float:
    """round(value, digits) for up to four digits, to the last bit, in a third of its time."""
    if value == 0:
        return value
    scale = 1e4 if digits == 4 else 1e3 if digits == 3 else 10.0**digits
    exact = value * scale
    nearest = math.floor(exact + 0.5)
    if nearest and -0.499999 < exact - nearest < 0.499999:  # no tie, and no -0.0
        return nearest / scale
    return round(value, digits)


def compound(valences: list[float], added: float) -> float:
    """The sum of the valences in context and the emphasis, brought between -1 and 1."""
    total = float(sum(valences))
    if total > 0:
        total += added
    elif total < 0:
        total -= added
    return rounded(total / math.sqrt(total * total + 15), 4)


def shares(valences: list[float], n_words: int, added: float) -> tuple[float, float, float]:
    """Negative, neutral and positive share of a text of `n_words` words of two or more characters."""
    if not n_words:
        return 0.0, 0.0, 0.0
    positive = negative = 0.0
    neutral = n_words
    for valence in valences:
        if valence > 0:
            positive += valence + 1
            neutral -= 1
        elif valence < 0:
            negative += valence - 1
            neutral -= 1
    if positive > -negative:
        positive += added
    elif positive < -negative:
        negative -= added
    total = positive - negative + neutral
    return rounded(abs(negative / total), 3), rounded(neutral / total, 3), rounded(positive / total, 3)


def scores(text: str) -> dict[str, float]:
    """NLTK's four numbers for a text.

    >>> scores("Not a good day, but what a GREAT evening!")
    {'neg': 0.124, 'neu': 0.364, 'pos': 0.512, 'compound': 0.8094}
    """
    found = words(text)
    valences = [hit[2] for hit in hits(found)]
    if not valences:
        return {"neg": 0.0, "neu": 1.0 if found else 0.0, "pos": 0.0, "compound": 0.0}
    added = emphasis(text)
    neg, neu, pos = shares(valences, len(found), added)
    return {"neg": neg, "neu": neu, "pos": pos, "compound": compound(valences, added)}
