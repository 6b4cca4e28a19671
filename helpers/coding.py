"""One article -> rows of all tables; many articles -> tables on disk. No language here: the coders do the reading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from . import cleaning, framing, language, metadata, sentiment, sources, trade, vocabulary
from .codebook import Codebook
from .corpus import Article, Refused, write_aside
from .rows import LineRow, Row

Rows = list[Any]  # each a dict, or a Row, which reads like one

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(columns.split())
    for name, columns in {
        "articles": """article_id file sha256 encoding outlet outlet_country genre headline author published
            published_kind not_before not_before_rule url section kicker dateline editor headline_print edition_title
            outlet_in_text headline_in_text author_in_text author_rule published_in_text published_in_url disagrees
            remark n_chars n_lines n_paragraphs n_sentences n_words duplicate_of near_duplicate_of""",
        "lines": "article_id line start end zone n_words word_lengths rule unsure",
        "sentences": """article_id sentence paragraph start end n_words n_quoted_words vader_neg vader_neu vader_pos
            vader_compound vader_masked emphasis n_lexicon_words n_topic_words n_name_parts afinn lsd huliu own z_mean
            z_mean_masked label label_masked flipped lex_disagree""",
        "sentiment_terms": """article_id sentence start end term valence valence_in_context
            valence_masked rule is_topic is_name_part is_quoted afinn lsd huliu own""",
        "targets": """article_id sentence start end target clause_start clause_end voice vader_clause
            vader_clause_masked combined model""",
        "frames": """article_id sentence paragraph zone start end term frame family tier actor actor_rule voice
            source_id chain polarity certainty distanced questioned stance evaluation cue_start cue_end
            evaluation_cue_start evaluation_cue_end needs_review rule""",
        "quantities": """article_id sentence start end surface kind value low high comparator unit unit_assumed per
            measure commodity basis currency exporter importer period base_period change direction evaluative inherited
            is_trade trade_rule rounding rule""",
        "quantity_checks": """article_id start reference_id comparable reference_value difference verdict
            calculation""",
        "quotes": """article_id sentence spans kind cue cue_start cue_end speaker speaker_start speaker_end source_id
            via resolution status n_words n_quoted_words tier rule""",
        "sources": """article_id source_id name kind named role role_start affiliation affiliation_start
            affiliation_type affiliation_country country_basis is_expert expert_rule former gender_in_text
            gender_start central_actor members n_direct n_mixed n_indirect n_partial n_quoted_words first_start""",
    }.items()
}


# What the cells of a column hold, in whatever table: whole numbers, real numbers; all others text.
WHOLE: Final = frozenset(
    """start end line sentence paragraph clause_start clause_end cue_start cue_end speaker_start speaker_end n_chars
    n_lines n_paragraphs n_sentences n_words n_quoted_words n_lexicon_words n_topic_words unsure is_topic is_name_part
    is_quoted distanced questioned evaluation_cue_start evaluation_cue_end needs_review unit_assumed is_trade comparable
    named is_expert former n_direct n_mixed n_indirect n_partial first_start role_start affiliation_start
    gender_start n_name_parts flipped lex_disagree""".split()
)
REAL: Final = frozenset(
    """vader_neg vader_neu vader_pos vader_compound vader_masked vader_clause vader_clause_masked valence
    valence_in_context valence_masked emphasis afinn lsd huliu own z_mean z_mean_masked combined model value low high
    rounding reference_value difference""".split()
)
DATED: Final = frozenset({"value"})  # real numbers, but for dates (YYYY-MM-DD), which stay text where tables have types


def code_article(article: Article, codebook: Codebook, *, plain: bool = False) -> dict[str, Rows]:
    """The rows of all tables for one article: a pure function of the article and the codebook.

    Raises Refused for a page without running text or in another language (`plain` looks at neither).
    """
    return code_block([article], codebook, plain=plain)[0]


def code_block(articles: Sequence[Article], codebook: Codebook, *, plain: bool = False) -> list[dict[str, Rows]]:
    """`code_article` over a few, coder by coder: a fifth sooner, as each stays in the processor's cache.

    Raises whatever one of them raises.
    """
    documents = [_document(article, plain=plain) for article in articles]
    known: vocabulary.Vocabulary = vocabulary.of(codebook)
    for document in documents:
        known.look(document)
    coded = [_described(document, plain=plain) for document in documents]
    for document, rows in zip(documents, coded, strict=True):
        rows["quotes"], rows["sources"] = sources.code(document, codebook)
    for document, rows in zip(documents, coded, strict=True):
        rows["frames"] = framing.code(document, codebook, rows["quotes"], rows["sources"])
    for document, rows in zip(documents, coded, strict=True):
        rows["quantities"] = trade.code(document, codebook)
    for document, rows in zip(documents, coded, strict=True):
        rows["sentences"], rows["sentiment_terms"], rows["targets"] = sentiment.code(document, codebook)
        for table in rows.values():
            for row in table:
                if isinstance(row, Row):
                    row.article_id = document.article.id
                else:
                    row["article_id"] = document.article.id
        if codebook.references:
            figures = [row for row in rows["quantities"] if row.measure]
            rows["quantity_checks"] = trade.check(figures, codebook.references)
    return coded


def _document(article: Article, *, plain: bool) -> language.Document:
    lines = cleaning.plain(article) if plain else cleaning.label(article)
    if not plain and (why := cleaning.objection(article, lines)):
        raise Refused(f"{article.file or article.id}: {why}")
    return language.Document(article, lines)


def _described(document: language.Document, *, plain: bool) -> dict[str, Rows]:
    """All tables of an article, of which articles and lines are filled."""
    article, lines = document.article, document.lines
    rows: dict[str, Rows] = {name: [] for name in TABLES}
    drawn = _lines(document)
    rows["lines"] = drawn
    rows["articles"] = [
        {
            **(article.meta if plain else metadata.describe(article, lines)),
            "file": article.file,
            "sha256": article.sha256,
            "encoding": article.encoding,
            "n_chars": len(article.text),
            "n_lines": len(lines),
            "n_paragraphs": len(document.paragraphs),
            "n_sentences": len(document.sentences),
            "n_words": sum([row.n_words for row in drawn if row.zone == "body"]),
        }
    ]
    return rows


def _lines(document: language.Document) -> list[LineRow]:
    """Rows of `lines`; the page without the text draws one bar a word, of the length in `word_lengths`."""
    rows: list[LineRow] = []
    sentences, i, last = document.sentences, 0, len(document.sentences)
    for line in document.lines:
        number, start, end = line.line, line.start, line.end
        row = LineRow(number, start, end, line.zone, line.rule, line.unsure)
        folded = document.folded[start:end]
        lengths: list[str] = []
        while i < last and sentences[i].line <= number:
            if sentences[i].end <= end:
                forms: list[vocabulary.Form] = sentences[i].forms
                lengths += [form.length for form in forms]
            i += 1
        row.n_words = len(lengths)
        if not lengths or len(lengths) != folded.count(" ") + 1:  # no body, wrapped, or words not one blank apart
            lengths = [_DIGITS[n] if (n := len(word)) < 100 else str(n) for word in folded.split(" ")]
            row.n_words = language.n_words(folded)
        row.word_lengths = " ".join(lengths)
        rows.append(row)
    return rows


_DIGITS: Final = tuple(map(str, range(100)))


def column(rows: Rows, name: str) -> list:
    """The values of a column, None where a row has none."""
    if rows and isinstance(rows[0], Row):
        return [getattr(row, name) for row in rows]
    return [row.get(name) for row in rows]


def cell(value: object) -> str:
    """A value as it stands in a CSV file; floats in their shortest form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def csv_text(columns: Iterable[str], rows: Iterable[Mapping]) -> str:
    """The rows as CSV with line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = list(columns)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(c)) for c in columns])
    return out.getvalue()


def write(coded: Iterable[dict[str, Rows]], folder: Path) -> None:
    """All tables as CSV files in `folder`."""
    gathered: dict[str, Rows] = {name: [] for name in TABLES}
    for rows in coded:
        for name, table in rows.items():
            gathered[name] += table
    for name, columns in TABLES.items():
        write_aside(folder / f"{name}.csv", csv_text(columns, gathered[name]))
