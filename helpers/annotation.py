"""The coded places of one article as marks in its text: what was coded, explained on the spot, without script.

Without the text the same marks stand in a redacted text: bars in the length of the words; only the coded terms that
the tables ship anyway are spelt out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from .markup import escape, number

Row = Mapping[str, str]

BAR = "\u2588"  # stands for a letter that is not shown
RUN = 7  # words in a row that a redacted text spells out at most
SHORT = ("frames", "quantities")  # marks that open on the spot
WORDS = ("sentiment_terms", "targets")
_BARS = re.compile(f"{BAR}+")
_WORD = re.compile(r"\S+")
_BARE = re.compile(r"[\w.#:/-]+\Z")


class Mark(NamedTuple):
    """A coded span of the text: the row it comes from, and one class for its look."""

    start: int
    end: int
    table: str
    look: str
    row: Row


def whole(value: object, missing: int = -1) -> int:
    """A cell as a whole number; `missing` where it is empty."""
    return int(float(value)) if value not in (None, "") else missing


def start_of(table: str, row: Row) -> int:
    """Where a row stands: its start, the first of its spans, or its first mention; -1 if nowhere."""
    if table == "quotes":
        return whole(row["spans"].partition("-")[0] or None)
    if table == "sources":
        return whole(row["first_start"])
    return whole(row.get("start"))


def marks_of(tables: Mapping[str, Sequence[Row]]) -> list[Mark]:
    """The marks of one article's rows, in the order of the text."""
    marks = []
    for row in tables["frames"]:
        look = "f" if row["family"] == "peace" else "f counter"
        marks.append(Mark(whole(row["start"]), whole(row["end"]), "frames", look, row))
    for row in tables["quantities"]:
        look = "n trade" if row["is_trade"] == "1" else "n"
        marks.append(Mark(whole(row["start"]), whole(row["end"]), "quantities", look, row))
    for row in tables["quotes"]:
        for span in filter(None, row["spans"].split(";")):
            a, _, b = span.partition("-")
            marks.append(Mark(int(a), int(b), "quotes", "q", row))
    for row in tables["sentiment_terms"]:
        look = "up" if float(row["valence_in_context"] or row["valence"] or 0) > 0 else "down"
        marks.append(Mark(whole(row["start"]), whole(row["end"]), "sentiment_terms", look, row))
    for row in tables["targets"]:
        marks.append(Mark(whole(row["start"]), whole(row["end"]), "targets", "t", row))
    for row in tables["sources"]:
        if row["first_start"]:
            a = whole(row["first_start"])
            marks.append(Mark(a, a, "sources", "", row))
    return sorted(marks, key=lambda m: (m.start, -m.end, m.table))


def redacted(tables: Mapping[str, Sequence[Row]], length: int) -> str:
    """A text of the article's length in which letters are bars and only coded terms are spelt out.

    Comes from the tables alone. No more than RUN words in a row are spelt out.
    """
    text = [" "] * length
    for line in tables["lines"]:
        at, end = whole(line["start"]), whole(line["end"])
        if lengths := line.get("word_lengths", ""):
            for size in map(int, lengths.split()):
                text[at : at + size] = BAR * size
                at += size + 1
        else:
            for s in tables["sentences"]:
                a, b = whole(s["start"]), whole(s["end"])
                if at <= a < end:
                    text[a:b] = BAR * (b - a)
    for table, column in (("frames", "term"), ("quantities", "surface")):
        for row in tables[table]:
            a, b = whole(row["start"]), whole(row["end"])
            if len(row[column]) == b - a and b <= length:
                text[a:b] = row[column].replace("\n", " ")
    run = 0
    shown = "".join(text)
    for m in _WORD.finditer(shown):
        run = 0 if BAR in m.group() else run + 1
        if run > RUN:
            text[m.start() : m.end()] = BAR * len(m.group())
            run = 0
    return "".join(text)


def words(text: str) -> str:
    """Text as HTML, bars as empty boxes of their width."""
    if BAR not in text:
        return escape(text)
    out, at = [], 0
    for m in _BARS.finditer(text):
        out.append(escape(text[at : m.start()]))
        left = m.end() - m.start()
        while left > 0:
            out.append(f"<w-{min(left, 20)}></w-{min(left, 20)}>")
            left -= 20
        at = m.end()
    return "".join(out) + escape(text[at:])


# one passage ----------------------------------------------------------------------------------------------------------


class Annotator:
    """Renders passages of one article; every row gets its id once, where it starts."""

    def __init__(self, text: str, marks: Sequence[Mark], explain: Cards):
        self.text, self.explain = text, explain
        self.short = [m for m in marks if m.table in SHORT]
        self.quotes = [m for m in marks if m.table == "quotes"]
        self.light = [m for m in marks if m.table in WORDS]
        self.marks = marks
        self._given: set[str] = set()

    def ids(self, start: int, end: int) -> list[str]:
        """Ids of the rows that start in [start, end) and have none yet."""
        names = {f"{m.table}-{start_of(m.table, m.row)}": None for m in self.marks if start <= m.start < end}
        new = [n for n in names if n not in self._given]
        self._given.update(new)
        return new

    def passage(self, start: int, end: int) -> str:
        """The HTML of text[start:end]."""
        out, at = [], start
        for a, b, cluster in clusters(self.short, start, end):
            out.append(self._plain(at, a))
            out.append(self._opening(a, b, cluster))
            at = b
        return "".join(out) + self._plain(at, end)

    def _opening(self, start: int, end: int, cluster: Sequence[Mark]) -> str:
        """Overlapping short marks as one disclosure: the words themselves open the card."""
        looks = " ".join(dict.fromkeys(m.look for m in cluster))
        cards = "".join(self.explain[m.table](m.row) for m in cluster)
        tags = "".join(self._tag(m) for m in self.quotes if start <= m.start < end and self._first(m))
        words_here = self._plain(start, end, tags=False)
        return f"{tags}<details class={bare(looks)}><summary>{words_here}</summary>{cards}</details>"

    def _first(self, mark: Mark) -> bool:
        return mark.start == start_of("quotes", mark.row)

    def _tag(self, mark: Mark) -> str:
        speaker = self.explain.name(mark.row)
        card = self.explain["quotes"](mark.row)
        return f"<details class=by><summary>{escape(speaker)}</summary>{card}</details>"

    def _plain(self, start: int, end: int, *, tags: bool = True) -> str:
        """Text cut at the borders of quotations and light marks; each piece carries its looks and ids."""
        if start >= end:
            return ""
        active = [m for m in (*self.quotes, *self.light) if m.start < end and m.end > start]
        inside = {x for m in active for x in (m.start, m.end)} | {m.start for m in self.marks}
        cuts = [start, *sorted(x for x in inside if start < x < end), end]
        out = []
        for a, b in pairwise(cuts):
            here = [m for m in active if m.start <= a and m.end >= b]
            looks = " ".join(dict.fromkeys(m.look for m in here))
            if tags:
                out += [self._tag(m) for m in here if m.table == "quotes" and m.start == a and self._first(m)]
            out.append(piece(words(self.text[a:b]), looks, self.ids(a, b)))
        return "".join(out)


def piece(inner: str, looks: str, ids: Sequence[str]) -> str:
    """A stretch of text with its looks and its ids (further ones as empty anchors)."""
    if not looks and not ids:
        return inner
    opened = "a" + (f" id={ids[0]}" if ids else "") + (f" class={bare(looks)}" if looks else "")
    return f"<{opened}>{inner}</a>" + "".join(f"<a id={i}></a>" for i in ids[1:])


def bare(value: str) -> str:
    """An attribute value, in quotation marks only where HTML needs them."""
    return value if _BARE.match(value) else f'"{escape(value, attribute=True)}"'


def clusters(marks: Iterable[Mark], start: int, end: int) -> Iterator[tuple[int, int, list[Mark]]]:
    """Overlapping marks of [start, end) together: (start, end, marks), cut to the passage."""
    together: list[Mark] = []
    reach = -1
    for m in marks:
        if m.end <= start or m.start >= end or m.end <= m.start:
            continue
        if together and m.start >= reach:
            yield max(together[0].start, start), min(reach, end), together
            together, reach = [], -1
        together.append(m)
        reach = max(reach, m.end)
    if together:
        yield max(together[0].start, start), min(reach, end), together


# cards ----------------------------------------------------------------------------------------------------------------


def card(facts: Iterable[tuple[str, object]], *, row_id: str = "", rule: str = "") -> str:
    """What was coded and why, in one paragraph: `facts` are (label, value), empty ones left out; the first is bold."""
    said = [f"{label} {value}".strip() for label, value in facts if value not in ("", None)]
    last = f"<small>{escape(' · '.join(filter(None, [rule, row_id])))}</small>" if row_id else ""
    return f"<p><b>{escape(said[0])}</b>{escape(''.join(f' · {s}' for s in said[1:]))}{last}"


class Cards:
    """The explanations of one article's rows."""

    def __init__(self, article_id: str, tables: Mapping[str, Sequence[Row]], codebook):
        self.id = article_id
        self.frames_by_id = {f.id: f for f in codebook.frames}
        self.actors = {a.id: a.name for a in codebook.actors}
        self.sources = {r["source_id"]: r for r in tables["sources"]}
        self.checks = defaultdict(list)
        for r in tables["quantity_checks"]:
            self.checks[r["start"]].append(r)
        self.terms, self.heard = defaultdict(list), defaultdict(list)
        for r in tables["sentiment_terms"]:
            self.terms[r["sentence"]].append(r)
        for r in tables["targets"]:
            self.heard[r["sentence"]].append(r)

    def __getitem__(self, table: str):
        return getattr(self, table)

    def row_id(self, table: str, row: Row) -> str:
        return f"{table}:{self.id}:{start_of(table, row)}"

    def name(self, quote: Row) -> str:
        """Who speaks: the source's name, or the words of the text that point to it."""
        return self.sources.get(quote["source_id"], {}).get("name") or quote["speaker"] or "unnamed"

    def source(self, source_id: str) -> str:
        """A source in words: name, role, affiliation."""
        r = self.sources.get(source_id)
        return ", ".join(filter(None, [r["name"], r["role"], r["affiliation"]])) if r else ""

    def frames(self, r: Row) -> str:
        frame = self.frames_by_id.get(r["frame"])
        flags = {k for k in ("distanced", "questioned") if r[k] == "1"}
        flags |= {k for k, yes in (("negated", r["polarity"] == "-"), ("hedged", r["certainty"] == "hedged")) if yes}
        facts = [
            ("", r["stance"].replace("_", " ")),
            ("of", self.actors.get(r["actor"], r["actor"])),
            ("voice", r["voice"]),
            ("said by", self.source(r["source_id"])),
            ("also", ", ".join(sorted(flags - {r["stance"]}))),
            ("evaluation", r["evaluation"]),
        ]
        facts.insert(0, ("frame", frame.label if frame else r["frame"]))
        return card(facts, row_id=self.row_id("frames", r), rule=r["rule"])

    def quotes(self, r: Row) -> str:
        source = self.sources.get(r["source_id"], {})
        facts = [
            ("said by", self.source(r["source_id"]) or r["speaker"]),
            ("", "expert" if source.get("is_expert") == "1" else source.get("affiliation_type", "").replace("_", " ")),
            ("from", source.get("affiliation_country", "")),
            ("verb", r["cue"]),
            ("by way of", self.source(r["via"])),
            ("words", r["n_words"]),
            ("precision tier", r["tier"]),
        ]
        return card([("", f"{r['kind']} quotation"), *facts], row_id=self.row_id("quotes", r), rule=r["rule"])

    def quantities(self, r: Row) -> str:
        between = f"{r['exporter'] or '?'} to {r['importer'] or '?'}" if r["exporter"] or r["importer"] else ""
        value = " to ".join(filter(None, [r["low"], r["high"]])) if r["comparator"] == "range" else r["value"]
        shown = " to ".join(amount(v) for v in value.split(" to "))
        sign = "" if r["comparator"] in ("=", "range", "") else r["comparator"] + " "
        facts = [
            ("", f"{sign}{shown} {r['unit']}".strip()),
            ("", r["measure"]),
            ("", r["commodity"]),
            ("", between),
            ("in", r["period"]),
            ("against", r["base_period"]),
            ("", " ".join(filter(None, [r["change"], r["direction"]]))),
            ("taken from context:", r["inherited"].replace(";", ", ").replace("|", ", ")),
        ]
        for check in self.checks[r["start"]]:
            facts.append((f"against {check['reference_id']}:", check["verdict"].replace("_", " ")))
        kind = f"{r['kind'].replace('_', ' ')}{' of trade' if r['is_trade'] == '1' else ''}"
        return card([("", kind), *facts], row_id=self.row_id("quantities", r), rule=r["trade_rule"] or r["rule"])

    def tone(self, r: Row) -> str:
        """The tone of a sentence: its scored words and the people and states it speaks of."""
        if not r["vader_compound"]:
            return ""
        compound = float(r["vader_compound"])
        terms, heard = self.terms[r["sentence"]], self.heard[r["sentence"]]
        if not terms and not heard:
            return ""
        facts = [(t["term"], signed(t["valence_in_context"] or t["valence"]) + _aside(t)) for t in terms]
        for t in heard:  # what a clause says of somebody, where it is not the score of the whole sentence
            clause = (f"on {self.actors.get(t['target'], t['target'])}", signed(t["vader_clause"]))
            if t["vader_clause"] and clause[1] != signed(compound) and clause not in facts:
                facts.append(clause)
        if r["vader_masked"] and signed(r["vader_masked"]) != signed(compound):
            facts.append(("topic words aside", signed(r["vader_masked"])))
        box = card(facts) if facts else "<p>no scored word"
        look = "up" if compound > 0 else "down" if compound < 0 else "even"
        return f'<details class="tone {look}"><summary>{signed(compound)}</summary>{box}</details>'


def _aside(term: Row) -> str:
    return " (topic)" if term["is_topic"] == "1" else " (name)" if term["is_name_part"] == "1" else ""


def amount(value: str) -> str:
    """A cell that may hold a number, for a reader."""
    try:
        return number(float(value))
    except ValueError:
        return value


def signed(value: object) -> str:
    """A score with its sign: +0.42, −0.3, 0."""
    score = float(value) if value not in ("", None) else 0.0
    return ("+" if score > 0 else "") + number(round(score, 2))
