"""Rows of the six longest tables, cells as attributes: a third of the memory of dictionaries, and read like them.

Text, whole and real numbers are cells that every row has; a cell that may be empty holds None.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast


class Row:
    """A row that can be read as the mapping of its columns to its cells."""

    __slots__ = ("article_id",)

    def __init__(self) -> None:
        self.article_id = ""

    def __getitem__(self, column: str) -> Any:
        if column not in self.keys():
            raise KeyError(column)
        return getattr(self, column)

    def get(self, column: str, default: Any = None) -> Any:
        return self[column] if column in self.keys() else default

    def keys(self) -> tuple[str, ...]:
        raise NotImplementedError

    def values(self) -> list[Any]:
        return [getattr(self, column) for column in self.keys()]

    def items(self) -> list[tuple[str, Any]]:
        return [(column, getattr(self, column)) for column in self.keys()]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.values() == cast(Row, other).values()

    def __reduce__(self) -> tuple:
        return restored, (type(self), self.values())


def restored(kind: Any, cells: list) -> Row:
    """A row as it was before it went to another process."""
    row: Row = kind()
    for column, cell in zip(row.keys(), cells, strict=True):
        setattr(row, column, cell)
    return row


# the columns, as coding.TABLES has them
_LINE: Final = ("article_id", "line", "start", "end", "zone", "n_words", "word_lengths", "rule", "unsure")
_SENTENCE: Final = (
    "article_id", "sentence", "paragraph", "start", "end", "n_words", "n_quoted_words", "vader_neg", "vader_neu",
    "vader_pos", "vader_compound", "vader_masked", "emphasis", "n_lexicon_words", "n_topic_words", "n_name_parts",
    "afinn", "lsd", "huliu", "own", "z_mean", "z_mean_masked", "label", "label_masked", "flipped", "lex_disagree",
)  # fmt: skip
_TERM: Final = (
    "article_id", "sentence", "start", "end", "term", "valence", "valence_in_context", "valence_masked", "rule",
    "is_topic", "is_name_part", "is_quoted", "afinn", "lsd", "huliu", "own",
)  # fmt: skip
_QUANTITY: Final = (
    "article_id", "sentence", "start", "end", "surface", "kind", "value", "low", "high", "comparator", "unit",
    "unit_assumed", "per", "measure", "commodity", "basis", "currency", "exporter", "importer", "period",
    "base_period", "change", "direction", "evaluative", "inherited", "is_trade", "trade_rule", "rounding", "rule",
)  # fmt: skip
_SOURCE: Final = (
    "article_id", "source_id", "name", "kind", "named", "role", "role_start", "affiliation", "affiliation_start",
    "affiliation_type", "affiliation_country", "country_basis", "is_expert", "expert_rule", "former", "gender_in_text",
    "gender_start", "central_actor", "members", "n_direct", "n_mixed", "n_indirect", "n_partial", "n_quoted_words",
    "first_start",
)  # fmt: skip
_QUOTE: Final = (
    "article_id", "sentence", "spans", "kind", "cue", "cue_start", "cue_end", "speaker", "speaker_start",
    "speaker_end", "source_id", "via", "resolution", "status", "n_words", "n_quoted_words", "tier", "rule",
)  # fmt: skip


class LineRow(Row):
    """A row of `lines`."""

    __slots__ = _LINE[1:]

    def keys(self) -> tuple[str, ...]:
        return _LINE

    def __init__(self, line: int = 0, start: int = 0, end: int = 0, zone: str = "", rule: str = "", unsure: int = 0):
        super().__init__()
        self.line, self.start, self.end, self.zone, self.rule, self.unsure = line, start, end, zone, rule, unsure
        self.n_words = 0
        self.word_lengths = ""


class SentenceRow(Row):
    """A row of `sentences`; as it is made, one without a lexicon word, `neutral` the mean of its standard scores."""

    __slots__ = _SENTENCE[1:]

    def keys(self) -> tuple[str, ...]:
        return _SENTENCE

    def __init__(
        self, sentence: int = 0, paragraph: int = 0, start: int = 0, end: int = 0, n_words: int = 0,
        neutral: float = 0.0,
    ):  # fmt: skip
        super().__init__()
        self.sentence, self.paragraph, self.start, self.end, self.n_words = sentence, paragraph, start, end, n_words
        self.n_quoted_words = self.n_lexicon_words = self.n_topic_words = self.n_name_parts = 0
        self.vader_neg = self.vader_neu = self.vader_pos = self.vader_compound = self.vader_masked = 0.0
        self.emphasis = 0.0
        self.afinn = 0.0
        self.lsd: float | None = None
        self.huliu: float | None = None
        self.own: float | None = None
        self.z_mean = self.z_mean_masked = neutral
        self.label = self.label_masked = "neutral"
        self.flipped = self.lex_disagree = 0


class TermRow(Row):
    """A row of `sentiment_terms`."""

    __slots__ = _TERM[1:]

    def keys(self) -> tuple[str, ...]:
        return _TERM

    def __init__(
        self, sentence: int = 0, start: int = 0, end: int = 0, term: str = "", is_topic: int = 0, is_name_part: int = 0
    ):
        super().__init__()
        self.sentence, self.start, self.end, self.term = sentence, start, end, term
        self.is_topic, self.is_name_part, self.is_quoted = is_topic, is_name_part, 0
        self.valence: float | None = None
        self.valence_in_context: float | None = None
        self.valence_masked: float | None = None
        self.rule: str | None = None
        self.afinn: float | None = None
        self.lsd: float | None = None
        self.huliu: float | None = None
        self.own: float | None = None


class QuoteRow(Row):
    """A row of `quotes`; cue, speaker and source are filled where there are any."""

    __slots__ = _QUOTE[1:]

    def keys(self) -> tuple[str, ...]:
        return _QUOTE

    def __init__(self, spans: str = "", kind: str = "", status: str = "", rule: str = ""):
        super().__init__()
        self.spans, self.kind, self.status, self.rule = spans, kind, status, rule
        self.resolution: str | None = None
        self.tier = "D"
        self.n_words = self.n_quoted_words = 0
        self.sentence: int | None = None
        self.cue: str | None = None
        self.cue_start: int | None = None
        self.cue_end: int | None = None
        self.speaker: str | None = None
        self.speaker_start: int | None = None
        self.speaker_end: int | None = None
        self.source_id: str | None = None
        self.via: str | None = None


class QuantityRow(Row):
    """A row of `quantities`; the slots of a trade figure are filled where it is one."""

    __slots__ = _QUANTITY[1:]

    def keys(self) -> tuple[str, ...]:
        return _QUANTITY

    def __init__(self, sentence: int = 0, start: int = 0, end: int = 0, surface: str = "", kind: str = ""):
        super().__init__()
        self.sentence, self.start, self.end, self.surface, self.kind = sentence, start, end, surface, kind
        self.comparator = self.rule = ""
        self.is_trade = 0
        self.value: float | str | None = None
        self.low: float | None = None
        self.high: float | None = None
        self.unit: str | None = None
        self.unit_assumed: int | None = None
        self.per: str | None = None
        self.direction: str | None = None
        self.rounding: float | None = None
        self.inherited: str | None = None
        self.measure: str | None = None
        self.commodity: str | None = None
        self.basis: str | None = None
        self.currency: str | None = None
        self.exporter: str | None = None
        self.importer: str | None = None
        self.period: str | None = None
        self.base_period: str | None = None
        self.change: str | None = None
        self.evaluative: str | None = None
        self.trade_rule: str | None = None


class SourceRow(Row):
    """A row of `sources`; as it is made, one of whom nothing is said."""

    __slots__ = _SOURCE[1:]

    def keys(self) -> tuple[str, ...]:
        return _SOURCE

    def __init__(self, source_id: str = "", name: str = "", kind: str = "", named: int = 0, first_start: int = 0):
        super().__init__()
        self.source_id, self.name, self.kind, self.named, self.first_start = source_id, name, kind, named, first_start
        self.role = self.affiliation = self.affiliation_type = self.affiliation_country = self.country_basis = ""
        self.role_start: int | None = None
        self.affiliation_start: int | None = None
        self.is_expert = self.former = 0
        self.expert_rule = ""
        self.gender_in_text = "none"
        self.gender_start: int | None = None
        self.central_actor: str | None = None
        self.members: str | None = None
        self.n_direct = self.n_mixed = self.n_indirect = self.n_partial = self.n_quoted_words = 0
