# ruff: noqa
"""Who speaks: attributions resolved to sources. Document -> quotes, sources.

A mention stays as written; who is meant is `source_id`. Names merge by full name, then surname; pronouns take the
nearest fitting speaker. Literature: Asr et al. 2021 (Gender Gap Tracker), Spangher et al. 2023, Muzny et al. 2017.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from . import attribution, standing
from .codebook import Codebook
from .language import Document

OFFICIAL = frozenset(("government", "military", "international_organisation"))


def code(document: Document, codebook: Codebook) -> tuple[list[dict], list[dict]]:
    """The rows of quotes and sources of one article, without article_id.

    quotes: one row per attribution, by start; `spans` is the reported content (quotation or clause), `speaker` the
    mention as written, `via` the source_id of the outer speaker. sources: one row per distinct source that speaks.
    """
    people = Register(document, codebook)
    quotes = []
    for made in attribution.read(document):
        sentence = document.sentence_at(made.spans[0][0])
        source = people.resolve(made) if made.speaker else None
        n_words, n_quoted = _counts(document, made.spans)
        cue = made.cue_span
        quotes.append(
            {
                "sentence": sentence.number if sentence else None,
                "spans": ";".join(f"{a}-{b}" for a, b in made.spans),
                "kind": made.kind,
                "cue": document.text[slice(*cue)] if cue else None,
                "cue_start": cue[0] if cue else None,
                "cue_end": cue[1] if cue else None,
                "speaker": document.text[slice(*made.speaker)] if made.speaker else None,
                "speaker_start": made.speaker[0] if made.speaker else None,
                "speaker_end": made.speaker[1] if made.speaker else None,
                "source_id": source["source_id"] if source else None,
                "resolution": made.resolution,
                "status": made.status,
                "via": None,
                "n_words": n_words,
                "n_quoted_words": n_quoted,
                "tier": TIERS.get(made.rule, "C") if made.speaker else "D",
                "rule": made.rule,
            }
        )
    quotes.sort(key=lambda r: (_spans(r)[0], r["cue_start"] or 0))
    _nest(quotes)
    return quotes, people.rows(quotes)


TIERS: dict[str, str] = {}


def voice(source: Mapping) -> str:
    """The class of a source's voice: official, expert, outlet (the author) or other."""
    if source.get("kind") == "author":
        return "outlet"
    if int(source.get("is_expert") or 0):
        return "expert"
    if source.get("kind") == "state" or source.get("affiliation_type") in OFFICIAL:
        return "official"
    return "other"


def speaker_at(document: Document, quotes: Sequence[Mapping], start: int, end: int) -> list[Mapping]:
    """The rows of `quotes` whose content holds the span, outermost first (longest content first)."""
    held = []
    for row in quotes:
        for a, b in _spans(row):
            if a <= start and end <= b:
                held.append((a - b, row["cue_start"] or 0, len(held), row))
                break
    return [row for *_, row in sorted(held, key=lambda h: h[:3])]


def _spans(row: Mapping) -> list[tuple[int, int]]:
    return [tuple(map(int, part.split("-"))) for part in row["spans"].split(";")]


def _counts(document: Document, spans) -> tuple[int, int]:
    """Words, and words inside quotation marks, of the spans."""
    words = sum(len(document.folded[a:b].split()) for a, b in spans)
    starts = document._quotation_starts
    quoted = 0
    for a, b in spans:
        i = max(0, bisect_right(starts, a) - 1)
        while i < len(starts) and starts[i] < b:
            q = document.quotations[i]
            x, y = max(a, q.start), min(b, q.end)
            if x < y:
                quoted += len(document.folded[x:y].replace('"', " ").split())
            i += 1
    return words, quoted


def _nest(quotes: list[dict]) -> None:
    """Fill `via`: the source of the smallest row whose content holds a row's cue and speaker."""
    held = [(_spans(r), r) for r in quotes]
    for row in quotes:
        if row["cue_start"] is None or row["speaker_start"] is None:
            continue
        best = None
        for spans, outer in held:
            if outer is row or outer["speaker_start"] is None:
                continue
            if any(a <= row["cue_start"] and row["cue_end"] <= b and a <= row["speaker_start"] < b for a, b in spans):
                size = sum(b - a for a, b in spans)
                if best is None or size < best[0]:
                    best = size, outer
        if best and best[1]["source_id"] != row["source_id"]:
            row["via"] = best[1]["source_id"]


_NAMES = re.compile(r"\b[A-ZÀ-Þ][\w'-]+(?:\s+(?:[A-Z]\.\s+|de |van |von |bin |al-)?[A-ZÀ-Þ][\w'-]+){1,3}")


class Register:
    """The sources of one article, found as their attributions are read in order."""

    def __init__(self, document: Document, codebook: Codebook):
        self.document, self.codebook = document, codebook
        self.sources: dict[str, dict] = {}
        self.order: list[tuple[int, int, dict]] = []  # paragraph, offset, source
        self.actors = {alias.lower(): actor for actor in codebook.actors for alias in (actor.name, *actor.aliases)}
        self.full: dict[str, str] = {}
        for m in _NAMES.finditer(document.folded):
            found = standing.mention(m.group())
            if found.kind == "person" and " " in found.name:
                parts = found.name.split()
                self.full.setdefault(parts[-1], found.name)
                self.full.setdefault(parts[0], found.name)
        surnames = {name.split()[-1]: name for name in self.full.values()}
        self.full |= surnames

    def resolve(self, made) -> dict | None:
        """The source a mention stands for, or None where it is ambiguous."""
        text = self.document.folded[slice(*(made.antecedent or made.speaker))]
        low = text.lower()
        if low in ("he", "she", "his", "her", "they", "their", "it", "its", "i", "we", "you", "who", "my", "our"):
            source = self._pronoun(low, made)
            made.resolution = "pronoun" if source else "ambiguous"
        else:
            source = self._named(text, made)
            made.resolution = "name" if source["named"] else "description"
        if source:
            self.order.append((made.unit.paragraph, made.speaker[0], source))
        return source

    def _named(self, text: str, made) -> dict:
        found = standing.mention(text)
        name = found.name
        if found.kind == "person" and " " not in name:
            name = self.full.get(name, name)
        actor = self.actors.get(name.lower()) or self.actors.get(text.lower())
        key = actor.id if actor else slug(name or text)
        source = self.sources.get(key)
        if not source:
            kind = (
                {"state": "state", "person": "person", "organisation": "organisation", "group": "group"}[actor.kind]
                if actor
                else found.kind
            )
            source = self.sources[key] = {
                "source_id": key, "name": actor.name if actor else name or text, "kind": kind,
                "named": int(bool(name) or kind == "state"), "descriptions": [], "surface": name, "gender": set(),
                "central_actor": actor.id if actor and actor.central else None, "first_start": made.speaker[0],
            }  # fmt: skip
            if actor and actor.country:
                source["country"] = actor.country
        if found.before:
            source["descriptions"].append(found.before)
        words = found.before.lower().replace(".", "").split()
        lex = standing.words().heads
        if any(w in lex["male"] for w in words):
            source["gender"].add("he")
        if any(w in lex["female"] for w in words):
            source["gender"].add("she")
        return source

    def _pronoun(self, low: str, made) -> dict | None:
        paragraph = made.unit.paragraph
        gender = {"he": "he", "his": "he", "she": "she", "her": "she"}.get(low)
        wanted = {"he": ("person", "unnamed_person", "author"), "she": ("person", "unnamed_person", "author"),
                  "they": ("group", "organisation", "state"), "it": ("organisation", "state", "document")}.get(
                      {"his": "he", "her": "she", "their": "they", "its": "it"}.get(low, low), ())  # fmt: skip
        for p, _, source in reversed(self.order):
            if p < paragraph - 2:
                break
            if source["kind"] in wanted and (not gender or not source["gender"] or gender in source["gender"]):
                if gender:
                    source["gender"].add(gender)
                return source
        return None

    def rows(self, quotes: list[dict]) -> list[dict]:
        """The rows of the sources table."""
        text = self.document.folded
        out = []
        for key, source in self.sources.items():
            own = [q for q in quotes if q["source_id"] == key]
            at = []
            if source["kind"] == "person" and source["surface"]:
                at = [m.span() for m in re.finditer(re.escape(source["name"]), text)] or [
                    m.span() for m in re.finditer(re.escape(source["surface"]), text)
                ]
            descriptions = source["descriptions"] + [d[0] for d in standing.describe(text, at, [])]
            found = standing.standing(source["kind"], descriptions or [source["name"]], source["name"])
            out.append(
                {
                    **{k: source[k] for k in ("source_id", "name", "kind", "named", "central_actor", "first_start")},
                    **found._asdict(),
                    "gender_in_text": next(iter(source["gender"])) if len(source["gender"]) == 1 else "none",
                    **{f"n_{k}": sum(q["kind"] == k for q in own) for k in ("direct", "mixed", "indirect", "partial")},
                    "n_quoted_words": sum(q["n_quoted_words"] for q in own),
                }
            )
        return sorted(out, key=lambda r: (r["first_start"], r["source_id"]))


def slug(name: str) -> str:
    """A source_id from a name: lower case, words joined by hyphens.

    >>> slug("the Orlu News Agency")
    'orlu-news-agency'
    """
    return "-".join(re.findall(r"\w+", name.lower().removeprefix("the "))) or "unnamed"
