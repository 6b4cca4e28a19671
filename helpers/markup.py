"""Text -> HTML, through one escaping function; tables and findings for notebooks and pages.

Article text is hostile. Nothing of it reaches HTML but through `escape`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from numbers import Number

# Control characters, terminal escapes and bidirectional overrides: shown as a replacement mark, never obeyed.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def escape(value: object, *, attribute: bool = False) -> str:
    """`value` as inert HTML text (or attribute value). Dollar signs in text are kept from MathJax.

    >>> escape("<b>$1bn</b>")
    '&lt;b&gt;<span>$</span>1bn&lt;/b&gt;'
    """
    safe = html.escape(_UNSAFE.sub("\ufffd", str(value)), quote=True)
    return safe if attribute else safe.replace("$", "<span>$</span>")


class Html:
    """A piece of finished HTML that a notebook shows; `plain` is what a terminal shows."""

    def __init__(self, markup: str, plain: str = ""):
        self.markup, self.plain = markup, plain

    def _repr_html_(self) -> str:
        return f'<div class="tex2jax_ignore mathjax_ignore">{self.markup}</div>'

    def __repr__(self) -> str:
        return self.plain

    def __add__(self, other: Html) -> Html:
        return Html(self.markup + other.markup, f"{self.plain}\n{other.plain}")


def href(table: str, article_id: str, start: object) -> str:
    """Where a row stands in the annotated article."""
    return escape(f"article-{article_id}.html#{table}-{start}", attribute=True)


def link(table: str, article_id: str, start: object, label: object) -> Html:
    """A link to a row's place, under `label`."""
    return Html(f'<a href="{href(table, article_id, start)}">{escape(label)}</a>', str(label))


def finding(sentence: str, **values: object) -> Html:
    """The answer to a question, its numbers filled in from the tables: finding("{n} of {all} ...", n=3, all=8)."""
    filled = {k: v if isinstance(v, Html) else Html(f"<b>{escape(v)}</b>", str(v)) for k, v in values.items()}
    return Html(
        f'<p class="finding">{escape(sentence).format(**{k: v.markup for k, v in filled.items()})}</p>',
        sentence.format(**{k: v.plain for k, v in filled.items()}),
    )


def limits(*sentences: str) -> Html:
    """What the data cannot tell, as a list set apart."""
    items = "".join(f"<li>{escape(s)}</li>" for s in sentences)
    return Html(f'<ul class="limits">{items}</ul>', "\n".join(f"- {s}" for s in sentences))


def number(value: object, *, digits: int = 2) -> str:
    """A number as a reader expects it: true minus, thousands set apart, empty where it is missing."""
    if value is None or value != value:  # NaN and NA differ from themselves
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}".replace("-", "−")
    return f"{value:,.{digits}f}".replace("-", "−")


def table(
    rows: Sequence[Mapping] | object,
    *,
    caption: str,
    columns: Mapping[str, str] | None = None,
    links: str = "",
    digits: int = 2,
    formats: Mapping[str, Callable[[object], str]] | None = None,
) -> Html:
    """Rows (dicts, or a data frame) as an accessible HTML table.

    `columns` maps column to heading (all columns, in their order, by default). `links` names the table whose rows
    these are: the first shown column then links each row to its place (needs article_id and start).
    """
    records = rows.to_dict("records") if hasattr(rows, "to_dict") else list(rows)
    if columns is None:
        columns = {c: str(c).replace("_", " ") for c in (records[0] if records else {})}
    formats = formats or {}
    numeric = {c for c in columns for r in records if isinstance(r.get(c), Number) and not isinstance(r[c], bool)}
    head = "".join(
        f'<th scope="col"{" class=n" if c in numeric and i else ""}>{escape(h)}</th>'
        for i, (c, h) in enumerate(columns.items())
    )
    body, plain = [], ["\t".join(columns.values())]
    for record in records:
        cells, texts = [], []
        for i, column in enumerate(columns):
            value = record.get(column)
            value = value.item() if hasattr(value, "item") else value
            shown = formats[column](value) if column in formats else number(value, digits=digits)
            texts.append(shown)
            kind = ' class="n"' if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
            inner = escape(shown)
            if i == 0 and links:
                inner = f'<a href="{href(links, record["article_id"], record["start"])}">{inner or "place"}</a>'
            cells.append(f"<th scope='row'>{inner}</th>" if i == 0 else f"<td{kind}>{inner}</td>")
        body.append(f"<tr>{''.join(cells)}</tr>")
        plain.append("\t".join(texts))
    return Html(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption, attribute=True)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>",
        "\n".join(plain),
    )
