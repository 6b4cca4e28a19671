"""What do the lexicons of a study say of a word? Codebook -> Lexicons; string without blanks -> Tokens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from . import lexicons, vader
from .codebook import Codebook

FILLER: Final = "thing"  # stands for a word set aside: in no lexicon


class Token(vader.Word):
    """A token as all lexicons see it: `matters` says "in any lexicon".

    others    the valences of the further lexicons: name, valence
    topic     whether it is a topic word (0|1)
    capital   whether it may be part of a name
    padded    the string it was read from between blanks, "" for the second and further words of a string
    lead      where the word begins in that string
    size      the length of the word, 0: no row
    """

    __slots__ = ("capital", "lead", "others", "padded", "size", "topic")

    def __init__(self, token: str, others: tuple[tuple[str, float], ...], topic: int, core: str):
        super().__init__(token)
        self.others, self.topic, self.padded = others, topic, ""
        self.matters = self.matters or bool(others)
        scored = self.form if self.valence is not None else core if others else ""
        self.lead = max(0, token.find(scored), token.lower().find(scored)) if scored else 0
        self.size = len(scored)
        self.capital = self.upper or self.form[0].isupper()


class Lexicons:
    """The lexicons of a study's codebook and its topic words; `columns`: the names of all but VADER's."""

    def __init__(self, codebook: Codebook):
        settings = codebook.sentiment
        folder = Path(codebook.study.get("folder", "."))
        self.all = (lexicons.afinn(), *(lexicons.read(s, folder) for s in settings.get("lexicons", ())))
        self.columns = tuple(lexicon.name for lexicon in self.all)
        self.topic = lexicons.of_pairs("topic", ((term, 1.0) for term in settings.get("topic_words", ())))
        self.fillers = [Token(form, (), 0, "") for form in (FILLER, FILLER.upper())]
        self._listed = vader.listed().union(*(lexicon.whole for lexicon in self.all))
        self._open = any(lexicon.stems for lexicon in self.all)

    def tokens(self, string: str) -> list[Token]:
        """The tokens of a string without blanks, those of one character left out."""
        core = string if string.isalnum() else string[:-1] if string[-1] in _CLOSING else ""
        if 1 < len(core) <= 100 and not self._open and core.isalnum() and core.lower() not in self._listed:
            return [self.fillers[int(core.isupper())]]  # most are in no lexicon
        found: list[Token] = []
        at = -1
        for token in (levelled := level(string)).split():
            at = levelled.find(token, at + 1)
            if len(token) > 1:
                made = self._token(token)
                if made.size:
                    made.padded = "" if any(other.size for other in found) else f" {string} "
                    made.lead += at
                found.append(made)
        return found

    def _token(self, token: str) -> Token:
        """A token; words that no rule looks at share one, the filler."""
        word = vader.Word(token)
        core = word.low if len(word.low) <= 100 else ""  # the pattern is quadratic, and no word is longer
        if not core.isalnum():
            loose = _LOOSE.search(core)
            core = loose.group() if loose else ""
        valences = [(lexicon.name, lexicon.valence(core)) for lexicon in self.all]
        others = tuple([(name, valence) for name, valence in valences if valence is not None])
        if not (word.matters or others or word.low in vader.NEIGHBOURS):
            return self.fillers[int(word.upper)]
        return Token(token, others, int(self.topic.valence(core) is not None), core)


_CLOSING: Final = frozenset(".,;:!?")
_LOOSE: Final = re.compile(r"\w(?:[\w'.-]*\w)??(?='s?\b|\W*$)")  # the word without punctuation and genitive


# typography -----------------------------------------------------------------------------------------------------------

_BLANKED: Final = ('"', "(", ")", "[", "]", "{", "}", "`", "—", "–", "…", "\n")
_EDGE: Final = re.compile(r"'(?:(?!\w)|(?<!\w'))")
_RUN: Final = re.compile(r"[.,;:][.,;:]+(?!\w)")


def level(folded: str) -> str:
    """Text in which VADER finds its words: quotes, brackets and dashes blank, one closing mark. Same length.

    >>> level('He said: "peace"... (so far).')
    'He said:  peace .    so far .'
    """
    if folded.isalnum():
        return folded
    for mark in _BLANKED:
        folded = folded.replace(mark, " ")
    return _RUN.sub(lambda m: m.group()[0] + " " * (len(m.group()) - 1), _EDGE.sub(" ", folded))
