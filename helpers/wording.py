"""What a line says: the rules that know it by its own wording or by the line beside it.

Wording stands in data/zones.toml, lists of words in data/pages.toml; here is how they are looked for.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from . import dates
from .blocks import Block, Labels, Page, straight

# data -----------------------------------------------------------------------------------------------------------------


class Wording(NamedTuple):
    """A rule of zones.toml."""

    name: str
    zone: str
    most: int
    closes: str
    front: bool
    stop: bool


@cache
def _wording() -> tuple[dict, dict, tuple]:
    """Rules by whole line, by first word, and by a phrase in the line."""
    data = tomllib.loads(files(__package__).joinpath("data", "zones.toml").read_text(encoding="utf-8"))
    equals: dict[str, Wording] = {}
    starts: dict[str, list[tuple[str, Wording]]] = {}
    holds: list[tuple[str, Wording]] = []
    for name, entry in data.items():
        rule = Wording(
            name, entry["zone"], entry.get("most", 14), entry.get("closes", ""), entry.get("front", False),
            entry.get("stop", True),
        )  # fmt: skip
        for phrase in entry.get("equals", ()):
            equals.setdefault(phrase, rule)
        for phrase in entry.get("starts", ()):
            starts.setdefault(_first(phrase), []).append((phrase, rule))
        holds += [(phrase, rule) for phrase in entry.get("holds", ())]
    return equals, starts, tuple(holds)


def _first(phrase: str) -> str:
    """The first word of a line or phrase, as `starts` is looked up."""
    m = re.match(r"\w+|\S", phrase)
    return m.group() if m else ""


@cache
def words(name: str) -> frozenset[str]:
    """A list of data/pages.toml."""
    return frozenset(_pages()[name])


def table(name: str) -> dict[str, str]:
    """A table of data/pages.toml: fields and their zones, columns and ours."""
    return _pages()[name]


@cache
def _pages() -> dict:
    return tomllib.loads(files(__package__).joinpath("data", "pages.toml").read_text(encoding="utf-8"))


# rules that read one block --------------------------------------------------------------------------------------------

_FIELD = re.compile(r"^([A-Za-z][\w -]{0,24}?)\s*:\s*(.*)$")


def fields(page: Page) -> Labels:
    """Labelled fields above a text: front matter between --- lines, or the header of a news database export."""
    blocks = page.blocks
    if blocks and blocks[0].text == "---":
        close = next((i for i, b in enumerate(blocks[1:60], 1) if b.text in ("---", "...")), None)
        if close:
            zone = "navigation"
            for i in range(close + 1):
                m = _FIELD.match(blocks[i].text)
                if m:
                    zone = table("fields").get(m.group(1).lower(), "navigation")
                yield i, zone if i not in (0, close) else "navigation", "front-matter", 0
            return
    found = {}
    for i, block in enumerate(blocks[:30]):
        m = _FIELD.match(block.text)
        if m and m.group(1).lower() in table("fields") and (m.group(2) or m.group(1).isupper()):
            found[i] = table("fields")[m.group(1).lower()]
    if len(found) >= 3:
        yield from ((i, zone, "field", 0) for i, zone in found.items())


def phrases(page: Page) -> Labels:
    """Lines whose wording pages share: menus, credits, boxes, newsletters, editor and copyright lines."""
    equals, starts, holds = _wording()
    sizes = {rule.most for _, rule in holds}
    whole = {most: "\n".join([b.lower for b in page.blocks if b.n_words <= min(most, 140)]) for most in sizes}
    present = [(phrase, rule) for phrase, rule in holds if phrase in whole[rule.most]]
    for i, block in enumerate(page.blocks):
        rule = equals.get(block.lower.strip(" :.,|-–—!>»…()[]"))
        if rule is None or block.n_words > rule.most:
            rule = next((r for p, r in starts.get(_first(block.lower), ()) if _says(block, p, r, 0)), None)
        if rule is None:
            rule = next((r for p, r in present if p in block.lower and _says(block, p, r, block.lower.find(p))), None)
        if rule is not None:
            yield i, rule.zone, rule.name, 0
        elif block.lower.endswith(" words") and re.fullmatch(r"[\d,.]+ words", block.lower):
            yield i, "navigation", "length", 0


def _says(block: Block, phrase: str, rule: Wording, at: int) -> bool:
    if block.n_words > rule.most or (not rule.stop and block.text.endswith((".", '."'))):
        return False
    phrase, _, tail = phrase.partition(" … ")
    if not block.lower.startswith(phrase, at) or not block.lower.rstrip(".").endswith(tail):
        return False
    if at and block.lower[at - 1].isalnum():
        return False
    return not (phrase[-1].isalnum() and block.lower[at + len(phrase) :][:1].isalnum())


_TIME = re.compile(
    r"\b\d{1,2}(?:[:.h]\d\d){1,2}(?:\s?[ap]\.?m\b\.?)?|\b\d{1,2}\s?[ap]\.?m\b\.?|\b\d{1,2} (?=hour|min|day)"
)
_TOKEN = re.compile(r"[a-z]+(?:\.[a-z]+)*|\d+")


def promotions(page: Page) -> Labels:
    """What a page itself brackets: from "skip past ..." to "after ..."."""
    for i, block in enumerate(page.blocks):
        if block.lower.startswith("skip past "):
            name = block.lower.removeprefix("skip past ")
            close = next(
                (j for j in range(i, min(i + 12, len(page.blocks))) if page.blocks[j].lower == f"after {name}"), i
            )
            yield from ((j, "navigation", "promotion", 0) for j in range(i, close + 1))


def emphasised(page: Page) -> Labels:
    """A whole line in emphasis right below a marked headline is its standfirst."""
    for i in range(1, min(len(page.blocks), 20)):
        if page.blocks[i - 1].text.startswith("# ") and re.match(r"[*_]{1,3}[^*_].*[*_]$", page.blocks[i].text):
            yield i, "standfirst", "emphasised", 0


def date_lines(page: Page) -> Labels:
    """A line that holds a date or time, with weekday, time zone or "updated", and nothing else."""
    for i, block in enumerate(page.blocks):
        if block.n_words <= 20 and is_date_line(block.lower):
            yield i, "date", "date" if next(dates.find(block.lower), None) else "time", 0
        elif block.n_words <= 16 and not block.stops:
            first = next((d for d in dates.find(block.lower) if d.iso), None)
            desk = re.search(r"(?: [-–—|] |, )[A-Za-z]+(?: [A-Za-z]+)?$", block.text)
            if (
                first
                and first.start == 0
                and desk
                and (block.n_words <= 7 or is_date_line(block.lower[: desk.start()]))
            ):
                yield i, "date", "date-and-desk", 0


def is_date_line(lower: str) -> bool:
    """Whether a line in lower case is only a date.

    >>> is_date_line("published on wednesday, 22 march 2023 at 14:05 gmt"), is_date_line("march 22 protest")
    (True, False)
    """
    found = list(dates.find(lower))
    rest = lower
    for d in reversed(found):
        rest = rest[: d.start] + " " + rest[d.end :]
    rest, times = _TIME.subn(" ", rest)
    known = words("date_fillers") | words("weekdays")
    return bool(found or times) and all(t in known for t in _TOKEN.findall(rest))


_PICTURES = ("photo", "picture", "image", "illustration", "credit", "foto")
_CREDITED = re.compile(
    r"\b(?:photo|photograph|picture|image|illustration|credit|foto)s?(?:: |\.\.\.| by [a-z]+ [a-z]+/)"
)
_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,90})[)\]]\.?$")


def credits(page: Page) -> Labels:
    """Captions by the credit at their end: an agency or "photo" in brackets, after a slash, a bar or a © sign."""
    agencies, marks = words("agencies"), words("credit_words")
    short = "\n".join([block.lower for block in page.blocks if block.n_words <= 60])
    inside = any(word in short for word in _PICTURES)
    for i, block in enumerate(page.blocks):
        if block.n_words > 90:
            continue
        if inside and block.n_words <= 60 and _CREDITED.search(block.lower):
            yield i, "caption", "credit-inside", 0
            continue
        m = _BRACKET.search(block.lower) if block.lower.endswith((")", "]", ").", "].")) else None
        named = m and re.search(r"[(\[][A-Z][\w .'-]+/[A-Z][\w .'/-]+[)\]]\.?$", block.text)
        if m and (named or _credits(m.group(1), agencies | marks)):
            yield i, "caption", "credit-brackets", 0
            continue
        whole = block.lower.rstrip(".")
        tail = whole[max(whole.rfind("|") + 1, whole.rfind("©") + 1, whole.rfind(". ") + 1) :].strip()
        if tail != whole or "/" in tail:
            if len(tail.split()) <= 8 and not block.lower.startswith("by ") and _credits(tail, agencies):
                yield i, "caption", "credit-end", 0
        elif block.n_words <= 6 and _credits(tail, agencies) and not block.stops:
            yield i, "caption", "credit-alone", 0


def _credits(piece: str, known: frozenset[str]) -> bool:
    parts = [p.strip() for p in re.split(r"[/,|:;]| via | - | by |[–—]", f" {piece} ")]
    return any(p in known for p in parts)


def captions_beside(page: Page) -> Labels:
    """A line without a full stop beside a credit on its own line, below it or else above, belongs to the picture."""
    for i, block in enumerate(page.blocks):
        if not page.rule[i].startswith("credit") or block.n_words > 12:
            continue
        if i + 1 < len(page.blocks) and page.rule[i] == "credit-alone" and _beside(page, i + 1, page.blocks[i + 1].gap):
            yield i + 1, "caption", "below-credit", 0
        elif i and _beside(page, i - 1, block.gap):
            yield i - 1, "caption", "above-credit", 0


def _beside(page: Page, i: int, gap: int) -> bool:
    block = page.blocks[i]
    return not gap and page.zone[i] is None and 3 <= block.n_words <= 60 and not block.is_long and not names_role(block)


_SIGNED_END = re.compile(r"[-–—]\s?[^—–]{2,60}\(@\w+\) \w+ \d{1,2}, \d{4}$")
_SIGNED = re.compile(r"^[-–—]\s?.{2,60}\(@\w+\)|^.{2,40}@\w{2,20}\b.{0,12}(?:·|\d{4})|^@\w{2,20}$")


def embeds(page: Page) -> Labels:
    """An embedded post: the signature line with its @handle, and the text above it."""
    for i, block in enumerate(page.blocks):
        if (
            block.n_words <= 100
            and "(@" in block.text
            and _SIGNED_END.search(block.text[-120:])
            and block.text[0] not in "-–—"
        ):
            yield i, "related", "embed", 0
        elif block.n_words <= 14 and _SIGNED.match(block.text):
            yield i, "related", "embed", 0
            if i and block.text[0] in "-–—" and page.blocks[i - 1].n_words <= 70:
                yield i - 1, "related", "embed", 0


BYLINE = re.compile(r"^(?:(?:[A-Z][a-z]+ )?[Bb]y|BY|Von|Par|Por|From our|[Aa]uthors?:|AUTHOR:|Reporter:|Words)[:\s]\s*")
_BAR_PLACE = re.compile(r"^\|\s?[A-Z][\w .,'-]{2,40}$")


def bylines(page: Page) -> Labels:
    """By ..., then a capital; or a bar and a place, where the date left of it was lost."""
    for i, block in enumerate(page.blocks):
        if _BAR_PLACE.match(block.text) and block.n_words <= 6:
            yield i, "dateline", "bar-place", 0
        m = BYLINE.match(block.text)
        if (
            m
            and block.n_words <= 22
            and block.text[m.end() :][:1].isupper()
            and (not block.stops or block.n_words <= 8)
        ):
            yield i, "byline", "by", 0


def is_head(line: str) -> bool:
    """A byline or a date: never joined to the line above, however long that is."""
    return bool(BYLINE.match(line)) or is_date_line(line.lower())


_PARTICLES = frozenset(
    "al al- and bin da dal de del della der di dos du el el- ibn la le ten ter van von y zu & | ,".split()
)
_NAME = re.compile(r"^(?!.*'[sS]$)(?:[A-ZÀ-ÞĀ-Ž][\w'-]*\.?|[A-Z]\.)$")


def is_name(text: str) -> bool:
    """Whether a line could be one to three personal names: two to four capitalised words each.

    >>> is_name("Ada Roe and Jan van der Berg"), is_name("Taldor leaves Hask"), is_name("By Ada Roe")
    (True, False, False)
    """
    if len(text) > 100 or any(c.isdigit() for c in text):
        return False
    for person in re.split(r",| and | & |\|", text):
        parts = person.split()
        names = [p for p in parts if p.lower() not in _PARTICLES]
        if not 2 <= len(names) <= 4 or not all(_NAME.match(p) for p in names) or len(names[-1].strip(".")) < 2:
            return False
        never = words("sections") | words("weekdays") | words("not_names")
        if {p.lower().strip(".") for p in names} & never:
            return False
    return True


@cache
def rules() -> dict[str, Wording]:
    equals, starts, holds = _wording()
    both = [*equals.values(), *(r for pairs in starts.values() for _, r in pairs), *(r for _, r in holds)]
    return {rule.name: rule for rule in both}


# what a line may be: places, names, posts, bios ----------------------------------------------------------------------

_DATELINE = re.compile(
    r"\(?(?P<caps>[A-Z][A-Z.'-]+(?:[ ,/]+[A-Z][A-Za-z.'-]+){0,4}?)(?:,? [A-Z][a-z]+\.? \d{1,2})?"
    r"(?: ?\((?P<agency>[A-Za-z][^()]{1,40})\))?(?:\s?(?:—|–|--)\s?|:\s| - )"
    r"|(?P<place>[A-Z][\w.'-]+(?:[ ,/]+[A-Z][\w.'-]*){0,4}?)(?:,? [A-Z][a-z]+\.? \d{1,2})?"
    r" ?\((?P<by>[A-Za-z][^()]{1,40})\)\s?(?:—|–|--|-|:)\s?"
)


def inline_dateline(text: str) -> str:
    """The place that opens a paragraph, in capitals or before an agency in brackets; "" if none does.

    >>> inline_dateline("HASK (AP) - The leaders met."), inline_dateline("Hask, Orlu (dpa) — The leaders met.")
    ('HASK', 'Hask, Orlu')
    """
    m = _DATELINE.match(straight(text[:120]))
    agency = m and (m["agency"] or m["by"])
    if not m or (agency and not agency[0].isupper() and agency not in words("agencies")):
        return ""
    place = (m["caps"] or m["place"]).strip(" ,")
    return "" if place.lower() in words("sections") | words("agencies") | words("not_places") else place


def is_wire(text: str) -> bool:
    """An agency in brackets opens the paragraph: (Reuters) - ..., (CNN) ..."""
    m = re.match(r"\(([A-Z][A-Za-z ]{1,20})\)\s?[-–—A-Z]", text)
    return m is not None and m.group(1).lower() in words("agencies") | {"cnn"}


_REPORTED = re.compile(r"^(?:[A-Z][\w'.-]*,? (?:and )?){2,8}report(?:ed|s|ing) from ")


def reported(text: str) -> bool:
    """Jane Roe and John Doe reported from Hask."""
    return bool(_REPORTED.match(text))


def names_role(block: Block) -> bool:
    """Jane Roe, Moscow correspondent · Chief reporter · Jane Roe in Moscow"""
    tokens = re.findall(r"[a-z'.-]+", block.lower)
    if not tokens or block.stops:
        return False
    placed = len(tokens) <= 5 and tokens[-2:-1] == ["in"] and is_name(block.text.partition(" in ")[0])
    return tokens[-1] in words("roles") or placed


_BIO = re.compile(
    r"^[-–—*_(]*(?:The (?:author|writer) "
    r"|(?P<name>(?!The )(?:[A-ZÀ-ÞĀ-Ž][\w'.-]*,? (?:(?:de|van|von|der|den|bin|al|la) ){0,3}){2,7}))"
    r"(?P<verb>is|was|are|were|has|have|writes|covers|reports|teaches|works|serves|holds|studies|leads)\b(?P<rest>.{0,160})"
)


def is_bio(text: str) -> bool:
    """Whether a paragraph presents its author: a full name, a verb of being, a post.

    >>> is_bio("Jonas Feld is a fellow at the Centre for River Studies."), is_bio("Jonas Feld is late for the talks.")
    (True, False)
    """
    m = _BIO.match(straight(text))
    if not m or len(text.split()) > 90:
        return False
    if m["verb"] in ("covers", "writes", "reports", "teaches"):
        return True
    tokens = re.findall(r"[\w.'-]+", m["rest"].lower())[:9]
    return (
        bool(tokens)
        and tokens[0] in {"a", "an", "the", "our", "also", "currently"} | words("roles")
        and bool(words("roles") & set(tokens))
    )
