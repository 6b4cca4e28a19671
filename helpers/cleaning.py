"""Give every line of an article a zone; delete and repair nothing: Article -> Lines.

Rules of structure stand here, one function each; the wording they look for stands in data/zones.toml and
data/pages.toml. The rules run in the order of RULES, the first that knows a line labels it, and its name is kept.
Blocks are what the rules see: a line, or the lines of one paragraph where the text is hard-wrapped.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from . import dates
from .corpus import ZONES, Article

__all__ = ["RULES", "ZONES", "Line", "inline_dateline", "label", "plain", "spans"]


class Line(NamedTuple):
    """One line of the file: number from 1, offsets without the line break, zone, the rule that gave it."""

    line: int
    start: int
    end: int
    zone: str
    rule: str
    unsure: int = 0
    joins: int = 0  # 1 = continues the paragraph of the line before (hard-wrapped text)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the lines of `text`, split at line feeds only, a trailing carriage return left out."""
    start = 0
    for piece in text.split("\n"):
        yield start, start + len(piece) - piece.endswith("\r")
        start += len(piece) + 1


def plain(article: Article) -> list[Line]:
    """Every line that is not blank is body: for texts that are clean already."""
    return [
        Line(i, a, b, *(("body", "plain") if article.text[a:b].strip() else ("blank", "blank")))
        for i, (a, b) in enumerate(spans(article.text), 1)
    ]


def label(article: Article) -> list[Line]:
    """The lines of a page dump, labelled by rules of structure and shared wording; a person's overrides hold."""
    rows = list(spans(article.text))
    page = Page(article.text, rows, article.meta.get("headline", ""))
    for rule in RULES:
        for index, zone, name, unsure in rule(page):
            if page.zone[index] is None:
                page.put(index, zone, name, unsure)
    lines = [Line(i, a, b, "blank", "blank") for i, (a, b) in enumerate(rows, 1)]
    for block, zone, name, unsure in zip(page.blocks, page.zone, page.rule, page.unsure, strict=True):
        for nth, i in enumerate(block.lines):
            lines[i] = lines[i]._replace(zone=zone, rule=name, unsure=unsure, joins=int(nth > 0))
    for number, zone in article.overrides.items():
        if number <= len(lines):
            lines[number - 1] = lines[number - 1]._replace(zone=zone, rule="override", unsure=0)
    return lines


class Block(NamedTuple):
    """A line or a hard-wrapped paragraph: its lines (from 0), text (folded, stripped), lower case without bullets."""

    lines: tuple[int, ...]
    text: str
    lower: str
    n_words: int
    stops: bool  # ends like a sentence
    gap: int  # blank lines above

    @property
    def is_long(self) -> bool:
        """A paragraph by its shape alone: a dozen words that end like a sentence, or three dozen that do not."""
        return (self.stops and self.n_words >= 12) or self.n_words >= 36


class Page:
    """The blocks of a page and what the rules have made of them so far."""

    def __init__(self, text: str, rows: list[tuple[int, int]], headline: str = ""):
        self.blocks = list(_blocks(text, rows))
        self.zone: list[str | None] = [None] * len(self.blocks)
        self.rule = [""] * len(self.blocks)
        self.unsure = [0] * len(self.blocks)
        self.stated = _key(headline)
        self.start = self.end = len(self.blocks)  # of the body

    def put(self, index: int, zone: str | None, rule: str, unsure: int = 0) -> None:
        """Label a block, or with None take its label away."""
        self.zone[index], self.rule[index], self.unsure[index] = zone, rule, unsure

    def open(self, start: int = 0, end: int | None = None) -> list[int]:
        """The blocks without a label in a range."""
        return [i for i in range(start, len(self.blocks) if end is None else end) if self.zone[i] is None]


Labels = Iterator[tuple[int, str, str, int]]

# blocks ---------------------------------------------------------------------------------------------------------------

_STOP = re.compile(r"""[.?!…]["')\]*_]*(?:\s*\[\d+\])?(?:\s*[♦◆■●▪□])?$""")
_BULLET = re.compile(r"^(?:[•◦▪■●*>#|·‣»«]+\s*|\d{1,2}[.)]\s+|[-–—]\s+|_+)+")
_STRAIGHT = str.maketrans("’‘“”„‟\u00a0\u2009\u202f\u200b\ufeff", '\'\'""""     ')


def _blocks(text: str, rows: list[tuple[int, int]]) -> Iterator[Block]:
    gap, run = 0, []
    width = _wrap_width(text, rows)
    for i, (a, b) in enumerate(rows):
        line = text[a:b].strip()
        if not line:
            if run:
                yield _block(text, rows, run, gap)
                run, gap = [], 0
            gap += 1
            continue
        heads = i < 12 and (BYLINE.match(line) or is_date_line(line.lower()))
        if run and not (width and not heads and _continues(text, rows, run[-1], i, width)):
            yield _block(text, rows, run, gap)
            run, gap = [], 0
        run.append(i)
    if run:
        yield _block(text, rows, run, gap)


def _block(text: str, rows: list[tuple[int, int]], run: list[int], gap: int) -> Block:
    folded = " ".join(text[rows[i][0] : rows[i][1]].translate(_STRAIGHT).strip() for i in run)
    bare = _BULLET.sub("", folded) or folded
    return Block(tuple(run), folded, bare.lower().rstrip("*_# "), len(folded.split()), bool(_STOP.search(folded)), gap)


def _wrap_width(text: str, rows: list[tuple[int, int]]) -> int:
    """The width a text is hard-wrapped at, 0 if it is not: most lines of a run end where no other word would fit."""
    lengths = sorted(b - a for a, b in rows if b - a)
    if len(lengths) < 6 or lengths[-1 - len(lengths) // 50] > 120:
        return 0
    width = lengths[-1 - len(lengths) // 50]
    pairs = [(i, i + 1) for i in range(len(rows) - 1) if _solid(text, rows[i]) and _solid(text, rows[i + 1])]
    full = sum(_continues(text, rows, i, j, width) for i, j in pairs)
    return width if width >= 40 and full >= 4 and full * 2 > len(pairs) and full * 5 > len(lengths) else 0


def _solid(text: str, row: tuple[int, int]) -> bool:
    return bool(text[row[0] : row[1]].strip())


def _continues(text: str, rows: list[tuple[int, int]], i: int, j: int, width: int) -> bool:
    """Whether line j goes on from line i: its first word would not have fitted there, and it is not indented more."""
    above, below = text[slice(*rows[i])].rstrip(), text[slice(*rows[j])].rstrip()
    indent = len(below) - len(below.lstrip())
    if indent > len(above) - len(above.lstrip()) + 1:
        return False
    return len(above) + 1 + len(below.split(maxsplit=1)[0]) > width - 3 and len(above) <= width + 8


def _key(text: str) -> str:
    """A line for comparison: lower case, letters and digits only."""
    return re.sub(r"\W+", " ", text.lower()).strip()


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
    data = tomllib.loads(files(__package__).joinpath("data", "pages.toml").read_text(encoding="utf-8"))
    return frozenset(data[name])


@cache
def _fields() -> dict[str, str]:
    data = tomllib.loads(files(__package__).joinpath("data", "pages.toml").read_text(encoding="utf-8"))
    return data["fields"]


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
                    zone = _fields().get(m.group(1).lower(), "navigation")
                yield i, zone if i not in (0, close) else "navigation", "front-matter", 0
            return
    found = {}
    for i, block in enumerate(blocks[:30]):
        m = _FIELD.match(block.text)
        if m and m.group(1).lower() in _fields() and (m.group(2) or m.group(1).isupper()):
            found[i] = _fields()[m.group(1).lower()]
    if len(found) >= 3:
        yield from ((i, zone, "field", 0) for i, zone in found.items())


def wording(page: Page) -> Labels:
    """Lines whose wording pages share: menus, credits, boxes, newsletters, editor and copyright lines."""
    equals, starts, holds = _wording()
    whole = "\n".join(b.lower for b in page.blocks if b.n_words <= 140)
    present = [(phrase, rule) for phrase, rule in holds if phrase in whole]
    for i, block in enumerate(page.blocks):
        rule = equals.get(block.lower.strip(" :.,|-–—!>»…()[]"))
        if rule is None or block.n_words > rule.most:
            rule = next((r for p, r in starts.get(_first(block.lower), ()) if _says(block, p, r, 0)), None)
        if rule is None:
            rule = next((r for p, r in present if p in block.lower and _says(block, p, r, block.lower.find(p))), None)
        if rule is not None:
            yield i, rule.zone, rule.name, 0


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


_CREDITED = re.compile(
    r"\b(?:photo|photograph|picture|image|illustration|credit|foto)s?(?:: |\.\.\.| by [a-z]+ [a-z]+/)"
)
_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,90})[)\]]\.?$")
_SLASHED = re.compile(r"[^/]{2,60}(?:/[^/]{2,40})+$")


def credits(page: Page) -> Labels:
    """Captions by the credit at their end: an agency or "photo" in brackets, after a slash, a bar or a © sign."""
    agencies, marks = words("agencies"), words("credit_words")
    for i, block in enumerate(page.blocks):
        if block.n_words > 90:
            continue
        if block.n_words <= 60 and _CREDITED.search(block.lower):
            yield i, "caption", "credit-inside", 0
            continue
        m = _BRACKET.search(block.lower)
        named = m and re.search(r"[(\[][A-Z][\w .'-]+/[A-Z][\w .'/-]+[)\]]\.?$", block.text)
        if m and (named or _credits(m.group(1), agencies | marks)):
            yield i, "caption", "credit-brackets", 0
            continue
        tail = re.split(r"[|©]|\. ", block.lower.rstrip("."))[-1].strip()
        if tail != block.lower.rstrip(".") or "/" in tail:
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
    return (
        not gap and page.zone[i] is None and 3 <= block.n_words <= 60 and not block.is_long and not _names_role(block)
    )


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


# rules that read the page ---------------------------------------------------------------------------------------------

_FRONT = frozenset({"byline", "date", "dateline", "audio"})
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
    m = _DATELINE.match(text[:120].translate(_STRAIGHT))
    agency = m and (m["agency"] or m["by"])
    if not m or (agency and not agency[0].isupper() and agency not in words("agencies")):
        return ""
    place = (m["caps"] or m["place"]).strip(" ,")
    return "" if place.lower() in words("sections") | words("agencies") | words("not_places") else place


def _is_wire(text: str) -> bool:
    """An agency in brackets opens the paragraph: (Reuters) - ..., (CNN) ..."""
    m = re.match(r"\(([A-Z][A-Za-z ]{1,20})\)\s?[-–—A-Z]", text)
    return bool(m) and m.group(1).lower() in words("agencies") | {"cnn"}


def body_start(page: Page) -> Labels:
    """Where the article begins: the first paragraph that no byline, date or caption follows before the next ones."""
    counts = Counter(b.lower for b in page.blocks)
    longs = [i for i in page.open() if page.blocks[i].is_long and counts[page.blocks[i].lower] == 1]
    page.start = longs[0] if longs else _first_stop(page)
    total = sum(page.blocks[i].n_words for i in longs)
    while longs:
        first = longs[0]
        if inline_dateline(page.blocks[first].text) or _is_wire(page.blocks[first].text):
            break
        ahead = range(first + 1, min(first + 9, len(page.blocks)))
        marks = [i for i in ahead if page.zone[i] in _FRONT and page.rule[i] not in ("front-matter", "time")]
        captions = [i for i in ahead if page.zone[i] == "caption"]
        last = marks[-1] if marks else captions[-1] if captions and longs[1:2] and captions[0] < longs[1] else None
        if last is None:
            break
        before = [i for i in longs if i < last]
        words_before = sum(page.blocks[i].n_words for i in before)
        after = [i for i in longs if i > last]
        begun = any(page.zone[i] in ("byline", "date") for i in range(first))
        if not after or words_before > (70 if begun else 110) or words_before * 3 > total:
            break
        for i in before:
            yield i, "standfirst", "above-the-front-matter", int(not marks)
        longs = after
        page.start = longs[0]
    _withdraw(page)


def _withdraw(page: Page) -> None:
    """Wording that counts above the body only is taken back below its start."""
    front = {name for name, rule in _rules().items() if rule.front}
    for i in range(page.start, len(page.blocks)):
        if page.rule[i] in front:
            page.put(i, None, "")


def _first_stop(page: Page) -> int:
    """Without paragraphs: the first line that ends like a sentence, else the longest line of at least 20 words."""
    stops = [i for i in page.open() if page.blocks[i].stops and page.blocks[i].n_words >= 4]
    if stops:
        return stops[0]
    longest = max(page.open(), key=lambda i: page.blocks[i].n_words, default=None)
    if longest is not None and page.blocks[longest].n_words >= 20:
        return longest
    return len(page.blocks)


def headline(page: Page) -> Labels:
    """One line above the body: as stated, repeated on the page, or the first of a headline's length."""
    keys = [_key(b.text) for b in page.blocks]
    if "headline" in page.zone:
        best = page.zone.index("headline")
        keys[best] = _key(re.sub(r"^\w+:\s*", "", page.blocks[best].text))
    elif page.stated and page.stated in keys:
        best = keys.index(page.stated)
        page.put(best, "headline", "stated-headline")
    else:
        front = [i for i in page.open(0, page.start) if 2 <= page.blocks[i].n_words <= 32]
        if not front:
            return
        best = max(front, key=lambda i: (_headline_score(page, i, keys), -i))
        if _headline_score(page, best, keys) < 2:
            return
        best = next(i for i in front if keys[i] == keys[best])
        page.put(best, "headline", "headline")
    for i in page.open(best + 1):
        if keys[i] == keys[best]:
            below = i + 1 < len(keys) and page.zone[i + 1] == "caption" and page.blocks[i + 1].gap == 0
            repeat = "caption" if below else "navigation" if i < page.start else "related"
            yield i, repeat, "repeated-headline", 0
    for i in page.open(0, best):
        if len(keys[best]) > 15 and keys[i].startswith(keys[best]):
            yield i, "navigation", "repeated-headline", 0


def _headline_score(page: Page, i: int, keys: list[str]) -> float:
    block, score = page.blocks[i], 0.0
    score += 2 if block.n_words >= 5 else 1 if block.n_words >= 4 else 0
    score += 3 * (len(keys[i]) > 15 and sum(k.startswith(keys[i]) for k in keys) > 1)
    score += 5 * block.text.startswith("# ")
    score -= 2 * (is_name(block.text) or " · " in block.text) + block.text.endswith((")", ":"))
    score -= 2 * block.text.endswith(".") + 2 * (" | " in block.text) + block.text.startswith(("* ", "• ", "- "))
    below = page.blocks[i + 1] if i + 1 < len(keys) else None
    score -= below is not None and page.zone[i + 1] is None and below.n_words <= 3 and not is_name(below.text)
    score -= i + 1 < len(keys) and page.rule[i + 1] in ("menu", "skip-link", "consent")
    score -= 2 * (block.lower in words("sections"))
    return score


def front(page: Page) -> Labels:
    """What else stands above the body: names are bylines, the rest kicker, standfirst or menu by its place."""
    top = next((i for i, z in enumerate(page.zone) if z == "headline"), None)
    for i in page.open(0, page.start):
        block = page.blocks[i]
        near = [page.zone[j] for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(page.zone)]
        if top is not None and i < top:
            close = top - i == 1 and block.n_words <= 8
            kicker = close and ("|" in block.text or block.lower.strip(": ") in words("sections") or block.gap)
            yield i, "kicker" if kicker else "navigation", "above-headline", 0
        elif is_name(block.text.partition(" · ")[0]) and (top is not None or "date" in near or "byline" in near):
            yield i, "byline", "name", 0
        elif block.n_words <= 12 and (_names_role(block) or _REPORTED.match(block.text)):
            yield i, "byline", "name-and-role", 0
        elif top is not None and block.n_words >= 5:
            yield i, "standfirst", "below-headline", 0
        else:
            yield i, "navigation", "front", 0


_REPORTED = re.compile(r"^(?:[A-Z][\w'.-]*,? (?:and )?){2,8}report(?:ed|s|ing) from ")


def _names_role(block: Block) -> bool:
    """Jane Roe, Moscow correspondent · Chief reporter · Jane Roe in Moscow"""
    tokens = re.findall(r"[a-z'.-]+", block.lower)
    if not tokens or block.stops:
        return False
    placed = len(tokens) <= 5 and tokens[-2:-1] == ["in"] and is_name(block.text.partition(" in ")[0])
    return tokens[-1] in words("roles") or placed


def body_end(page: Page) -> Labels:
    """Where the article ends: the first closing line below which little running text is left."""
    closing = {name for name, rule in _rules().items() if rule.closes == "hard"}
    inside = [i for i in range(page.start, len(page.blocks)) if page.zone[i] is None and page.blocks[i].is_long]
    left = total = sum(page.blocks[i].n_words for i in inside)
    page.end = len(page.blocks)
    for i in range(page.start, len(page.blocks)):
        if page.rule[i] in closing and left * 5 < total * 2 and left < total:
            page.end = i
            break
        if page.zone[i] is None and page.blocks[i].is_long:
            left -= page.blocks[i].n_words
    for i in range(page.start, page.end):
        if page.rule[i] in ("editor", "print", "edition") and page.blocks[i].is_long:  # it only sounds like it
            page.put(i, None, "")
    texts = [i for i in page.open(page.start, page.end) if page.blocks[i].stops or page.blocks[i].n_words >= 20]
    for i in page.open(max(texts, default=page.start) + 1, page.end):
        page.end = min(page.end, i)
        yield i, "navigation" if page.blocks[i].n_words <= 4 else "related", "below-the-text", 0
    for i in [j for j in page.open(page.start, page.end) if page.blocks[j].stops][-3:]:
        if i > page.start and is_bio(page.blocks[i].text):
            yield i, "footer", "bio", 0


@cache
def _rules() -> dict[str, Wording]:
    equals, starts, holds = _wording()
    both = [*equals.values(), *(r for pairs in starts.values() for _, r in pairs), *(r for _, r in holds)]
    return {rule.name: rule for rule in both}


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
    m = _BIO.match(text.translate(_STRAIGHT))
    if not m or len(text.split()) > 90:
        return False
    if m["verb"] in ("covers", "writes", "reports", "teaches"):
        return True
    tokens = re.findall(r"[\w.'-]+", m["rest"].lower())[:9]
    return (
        tokens[:1]
        and tokens[0] in {"a", "an", "the", "our", "also", "currently"} | words("roles")
        and bool(words("roles") & set(tokens))
    )


def inside(page: Page) -> Labels:
    """Between start and end: sentences are body; short lines without a stop are headings, of this text or another."""
    index = page.open(page.start, page.end)
    bodies = "\n".join(_key(page.blocks[i].text) for i in index if page.blocks[i].n_words >= 20)
    seen: dict[str, int] = {}
    box = False
    asks = [i for i in index if _is_question(page.blocks[i])]
    interview = len(asks) * 5 > len(index)
    speakers = Counter(m.group(1) for i in index if (m := _SPEAKER.match(page.blocks[i].text)))
    for nth, i in enumerate(index):
        block, key = page.blocks[i], _key(page.blocks[i].text)
        before = page.rule[i - 1] if i else ""
        box = (before in ("box-soft", "box-hard") and page.blocks[i - 1].n_words <= 5) or (
            box and i == index[nth - 1] + 1
        )
        if box and (not block.stops or _is_question(block)):
            yield i, "related", "in-a-box", 0
            continue
        box = False
        if key in seen and block.n_words >= 3:
            yield i, "related", "repeated", 1
        elif _is_question(block) and not interview:
            yield i, "crosshead", "question", 1
        elif block.stops or block.n_words > 25 or _is_list(page, i) or _speaks(block, speakers):
            if 5 <= block.n_words < 20 and key and key in bodies:
                yield i, "crosshead", "pull-quote", 0
            else:
                yield i, "body", "sentence" if block.stops else "unstopped", int(not block.stops)
        elif block.text.startswith("#"):
            yield i, "crosshead", "heading", 0
        elif block.n_words < 20 and len(key) > 20 and key in bodies:
            yield i, "crosshead", "pull-quote", 0
        elif i + 1 < page.end and page.zone[i + 1] is None and _is_heading(page.blocks[i + 1]):
            yield i, "related", "two-headings", 1
        elif block.n_words <= 18:
            yield i, "crosshead", "short-line", 1
        else:
            yield i, "body", "unstopped", 1
        seen[key] = i


def _is_question(block: Block) -> bool:
    """One short question on its own: a heading more often than a sentence of the text, unless it is an interview."""
    return block.text.endswith("?") and 4 <= block.n_words <= 14 and not re.search(r'["“”.!]|\?.*\?', block.text)


def _is_heading(block: Block) -> bool:
    return not block.stops and block.n_words <= 18 and not block.text.endswith(":")


def _is_list(page: Page, i: int) -> bool:
    """A list item below a line that ends in a colon, or the line with the colon itself."""
    block = page.blocks[i]
    if block.text.endswith(":") and block.n_words >= 6:
        return True
    if not _BULLET.match(block.text) or block.text.startswith("#"):
        return False
    j = i - 1
    while j >= page.start and _BULLET.match(page.blocks[j].text) and page.zone[j] != "related":
        j -= 1
    return j >= page.start and page.blocks[j].text.endswith(":") and page.zone[j] == "body"


_SPEAKER = re.compile(r"^([A-Z][\w.' -]{1,30}): \S")


def _speaks(block: Block, speakers: Counter[str]) -> bool:
    """A line of a transcript (Roe: ...), whose speaker speaks more than once."""
    m = _SPEAKER.match(block.text)
    return bool(m) and speakers[m.group(1)] > 1


def outside(page: Page) -> Labels:
    """What is left after the end: other stories, or the author's bio."""
    for i in page.open():
        if is_bio(page.blocks[i].text):
            yield i, "footer", "bio", 0
        elif i >= page.end:
            tag = page.zone[i - 1] == "navigation" and page.blocks[i].n_words <= 3
            yield i, "navigation" if tag else "related", "after-the-end", 0
        else:
            yield i, "navigation", "before-the-start", 0


RULES = (
    fields, promotions, emphasised, wording, date_lines, credits, captions_beside, embeds, bylines, body_start, headline, front, body_end,
    inside, outside,
)  # fmt: skip
