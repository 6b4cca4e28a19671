"""Every string without blanks, looked at once for all coders: Document -> sentences with their forms.

A text has few spellings and many words. What the coders ask of a spelling (is it in a lexicon, may a number or a name
begin here, which words does it hold) is answered at its first sight and remembered; a sentence without a form that can
set a coder off is not read by that coder.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from . import numerals, targets, terms
from .codebook import Codebook, once
from .language import Document, Remembered, Sentence, lower
from .valences import Lexicons, Token
from .wordclasses import DASHES, cut, lexicon

# what a form can set off
SCORED: Final = 1  # a lexicon word, which has a row
HEARD: Final = 2  # it holds words of two letters and more
ACTOR: Final = 4  # it may be part of a target's name
NUMBER: Final = 8
BOUND: Final = 16  # part of a number without a number word (more than a month)
PART: Final = 32  # it may be part of a frame's term
CAPITAL: Final = 64  # a capitalised word
SAID: Final = 128  # rules of attribution start from it
SEVERAL: Final = 256  # it holds other than one word, marks counted
COMMA: Final = 512  # one word and a comma
TONES: Final = 1024  # it holds several words of two letters and more
PLAIN: Final = 2048  # it holds letters alone
OPENS: Final = 4096  # and a number can start with it
RAISED: Final = 8192  # it holds an exclamation or question mark
# what a sentence can set off by several of its forms
NAME: Final = 16384  # two capitalised words near each other
FRAME: Final = 32768  # the two longest words of a frame's term
ANAPHOR: Final = 65536  # those of an anaphor

_EXPRESSIONS, _ANAPHORS = 45, 15  # bits that frames' terms share: a machine word holds all
MOST: Final = 110_000  # forms remembered
_CAPITALISED: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'-]")


class Form:
    """A string without blanks as it stands in a folded text, and what the coders need to know of it.

    bits          what it can set off
    raw, low      its word as written, and in lower case
    words, lows   all its words and marks, where it is SEVERAL
    tone          the token that the lexicons see, where there is one
    tones         all of them, where there are several
    length        its number of characters, written out
    longest       the bits of the frames' terms whose longest word it holds
    second        of those whose second longest word it holds
    tokens        what the rules of numbers see of it, once they asked, where it is not PLAIN
    """

    __slots__ = ("bits", "length", "longest", "low", "lows", "raw", "second", "tokens", "tone", "tones", "words")

    def __init__(self, string: str, bits: int, tones: list[Token]):
        self.length = str(len(string))
        self.longest = self.second = 0
        self.tokens: tuple[list[str], list[int]] | None = None
        self.tone: Token | None = tones[0] if tones else None
        self.tones: list[Token] | None = tones if len(tones) > 1 else None
        comma = len(string) > 1 and string[-1] == ","
        words = [string] if string.isalnum() else cut(string[:-1] if comma else string)
        self.raw = self.low = ""
        self.words: list[str] | None = None
        self.lows: list[str] | None = None
        noted = lexicon().noted
        if len(words) == 1:
            self.raw = word = words[0]
            self.low = word if word.islower() else _low(word)
            bits |= (SAID if self.low in noted else 0) | (COMMA if comma else 0)
        else:
            self.words = [*words, ","] if comma else words
            self.lows = [_low(word) for word in self.words]
            bits |= SEVERAL
        self.bits = bits | (TONES if self.tones else 0)


def _low(word: str) -> str:
    """A word in lower case, any dash as the long one."""
    return "—" if word in DASHES else lower(word)


class Vocabulary:
    """The forms met so far, as the coders of one codebook see them."""

    def __init__(self, codebook: Codebook):
        self.lexicons = Lexicons(codebook)
        self.names = targets.Names(codebook)
        expressions = [term for frame in codebook.frames for term in frame.terms]
        anaphors = [term for frame in codebook.frames for term in frame.anaphors]
        bits = [(term, i % _EXPRESSIONS) for i, term in enumerate(expressions)]
        self._screen = terms.Screen(bits + [(term, _EXPRESSIONS + i % _ANAPHORS) for i, term in enumerate(anaphors)])
        self.forms: dict[str, Form] = Remembered(self._form, most=MOST)

    def _form(self, string: str) -> Form:
        low = lower(string)
        tones = self.lexicons.tokens(string)
        bits = HEARD if tones else 0
        if any(token.size for token in tones):
            bits |= SCORED
        if numerals.states(low):
            bits |= NUMBER
        if numerals.binds(low):
            bits |= BOUND
        if low.isalpha():
            bits |= PLAIN
            if low in numerals.OPENERS:
                bits |= OPENS
        if "!" in low or "?" in low:
            bits |= RAISED
        if self.names.anchors.search(string):
            bits |= ACTOR
        if low != string and _CAPITALISED.search(string):
            bits |= CAPITAL
        form = Form(string, bits, tones)
        form.longest, form.second = self._screen.parts(low)
        if form.longest or form.second:
            form.bits |= PART
        return form

    def look(self, document: Document) -> None:
        """Give the sentences of a document their forms, and what these can set off."""
        if document.vocabulary is self:
            return
        document.vocabulary = self
        self._look(document.folded, document.sentences)
        self._look(document.folded, document.display)

    def _look(self, folded: str, sentences: list[Sentence]) -> None:
        known = self.forms
        for sentence in sentences:
            forms: list[Form] = []
            bits, last = 0, -9
            longest = second = 0
            for i, string in enumerate(folded[sentence.start : sentence.end].split()):
                form: Form = known[string]
                forms.append(form)
                bits |= form.bits
                if form.bits & PART:
                    longest |= form.longest
                    second |= form.second
                if form.bits & CAPITAL:
                    if i - last < 3:
                        bits |= NAME
                    last = i
            if longest & second:
                bits |= FRAME if longest & second & (1 << _EXPRESSIONS) - 1 else ANAPHOR
            sentence.forms, sentence.bits = forms, bits


@once
def of(codebook: Codebook) -> Vocabulary:
    """The vocabulary of a codebook."""
    return Vocabulary(codebook)


@cache
def plain() -> Vocabulary:
    """That of no study."""
    return Vocabulary(Codebook())


def look(document: Document) -> Vocabulary:
    """Give the sentences of a document forms, if no coder has yet, for what no codebook has a say in."""
    if document.vocabulary is None:
        plain().look(document)
    found: Vocabulary = document.vocabulary
    return found
