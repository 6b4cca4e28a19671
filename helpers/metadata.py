"""What a page states of itself: outlet, author, date, place, section. Empty = not stated; nothing is guessed.

Catalogue and text are kept apart: a value of the catalogue is used, the text's own stands beside it, and where both
exist and differ, the field is named in `disagrees`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from . import dates
from .cleaning import Line
from .corpus import Article
from .wording import BYLINE, inline_dateline, is_name, words

BOTH: Final = ("outlet", "headline", "author", "published")


def describe(article: Article, lines: Sequence[Line]) -> dict[str, str]:
    """Columns of the table articles: what is known (`outlet`, ...) and what the text states (`outlet_in_text`, ...)."""
    stated = extract(article, lines)
    url_date = re.search(r"/((?:19|20)\d\d)[/-]([01]\d)[/-]([0-3]\d)(?:/|-|$)", article.meta.get("url", ""))
    row = {"published_in_url": "-".join(url_date.groups()) if url_date else "", "remark": article.remark}
    row |= {k: v for k, v in stated.items() if k not in BOTH} | {f"{k}_in_text": stated.get(k, "") for k in BOTH}
    row |= {k: stated[k] for k in BOTH if stated.get(k)} | dict(article.meta)
    if article.meta.get("published"):
        row["published_kind"] = article.meta.get("published_kind", "catalogue")
    both = [k for k in BOTH if article.meta.get(k) and stated.get(k)]
    row["disagrees"] = "; ".join(k for k in both if _bare(article.meta[k]) != _bare(stated[k]))
    return row


def _bare(value: str) -> str:
    return re.sub(r"^the |\W+", "", value.lower())


def extract(article: Article, lines: Sequence[Line]) -> dict[str, str]:
    """What the text itself states, by field; no key where it states nothing."""
    page = _Page(article, lines)
    found: dict[str, str] = {}
    for rule in (_headline, _outlet, _author, _published, _dateline, _section, _print, _editor):
        for field, value in rule(page, found):
            if value and field not in found:
                found[field] = value
    found |= _not_before(page, found)
    return found


class _Page:
    """The lines that are not blank: (zone, rule, text), and the body's paragraphs."""

    def __init__(self, article: Article, lines: Sequence[Line]):
        joined: list[tuple[str, str, list[str]]] = []
        for row in lines:
            text = article.text[row.start : row.end].strip().replace("’", "'").replace("\u00a0", " ")
            if row.joins and joined:
                joined[-1][2].append(text)
            elif row.zone != "blank":
                joined.append((row.zone, row.rule, [text]))
        self.rows = [(zone, rule, " ".join(texts)) for zone, rule, texts in joined]

    def of(self, *zones: str) -> list[str]:
        return [text for zone, _, text in self.rows if zone in zones]

    def by(self, *rules: str) -> list[str]:
        return [text for _, rule, text in self.rows if rule in rules]

    @property
    def top(self) -> list[tuple[str, str, str]]:
        """What stands above the body."""
        first = next((i for i, row in enumerate(self.rows) if row[0] == "body"), len(self.rows))
        return self.rows[:first]


Found = Iterator[tuple[str, str]]


def _value(text: str) -> str:
    """The value of a labelled field, without quotation marks; other lines as they are."""
    m = re.match(r"^[A-Za-z][\w -]{0,24}?\s*:\s*(.*)$", text)
    return (m.group(1) if m else text).strip().strip("\"'")


def _headline(page: _Page, found: dict) -> Found:
    for zone, rule, text in page.rows:
        if zone == "headline":
            yield "headline", _value(text) if rule in ("field", "front-matter") else text.lstrip("# ").strip()


_OUTLET: Final = r"(?P<outlet>(?:The )?[A-Z][\w.&'-]*(?: (?:of|the|[A-Z&][\w.&'-]*)){0,4})"
_TELLS: Final = tuple(
    (re.compile(pattern.replace("OUTLET", _OUTLET).replace("YEAR", r"(?:19|20)\d\d")), weight)
    for pattern, weight in (
        (r"^\(?Source: OUTLET(?:/[a-z]{2,4}(?:\([a-z]+\))?)?\)?$", 2),
        (r"^(?:[Ss]ource|[Pp]ublication|[Oo]utlet|[Ss]ite|[Pp]ublisher|SOURCE|PUBLICATION): \"?OUTLET\"?$", 2),
        (r"^(?:©|\([Cc]\)|Copyright)(?: ©)?(?: YEAR)?(?: [-–] ?YEAR)?,? OUTLET(?:,? YEAR)?(?:[.,] .*|\.)?$", 2),
        (r"^YEAR OUTLET$", 1),
        (r"^(?:Image|Photo|Picture|Credit|Illustration): (?P<outlet>The [A-Z]\w+(?: [A-Z]\w+){0,2})(?:/|$)", 1),
        (r"(?:^|[Ss]ection )OUTLET's [Tt]op [Ss]tor(?:y|ies)$", 1),
        (r"[Ss]kip to more OUTLET sites$", 1),
        (r"^(?:Skip next section )?More stories from OUTLET$", 1),
        (r"^(?:Follow|Subscribe to|Sign up for) OUTLET(?: on [A-Z]\w+|'s newsletter)$", 1),
    )
)  # fmt: skip


def _outlet(page: _Page, found: dict) -> Found:
    """The name that source, copyright, credit and menu lines give: one plain statement or two hints."""
    votes: Counter[str] = Counter()
    for zone, _, text in page.rows:
        if zone == "body" or len(text) > 200:
            continue
        line = re.sub(r"^\d+\.\s*|[., ]*(?i:all rights reserved).*$", "", text)
        for pattern, weight in _TELLS:
            m = pattern.search(line)
            if m and m["outlet"].lower() not in words("agencies") | words("sections"):
                name = m["outlet"].removesuffix(".")
                votes[name] += 1 if name.lower().split()[-1] in words("companies") else weight
                break
        head = found.get("headline", "")
        if len(head) > 15 and line.startswith(head) and (m := re.fullmatch(r" [-|–—] " + _OUTLET, line[len(head) :])):
            votes[m["outlet"]] += 2
    best = votes.most_common(2)
    if best and best[0][1] >= 2 and (len(best) == 1 or best[0][1] > best[1][1]):
        yield "outlet", best[0][0]


def _author(page: _Page, found: dict) -> Found:
    """Names in bylines; else the person whom the bio below the text presents."""
    names: list[str] = []
    for zone, rule, text in page.rows:
        if zone == "byline":
            bare = BYLINE.sub("", re.sub(r"^(?i:byline):\s*", "", text))
            names += [n for n in _names(bare, trusted=rule in ("by", "field", "front-matter")) if n not in names]
    if names:
        yield "author", "; ".join(names)
        yield "author_rule", "byline"
        return
    for bio in page.by("bio"):
        title = "|".join(sorted(words("titles")))
        bare = re.sub(rf"^[-–—*_( ]*(?:(?:{title})\.? )?", "", bio, flags=re.I)
        m = re.match(r"((?:[A-ZÀ-Þ][\w'.-]* (?:(?:de|van|von|der|bin|al) )?){2,5})", bare)
        if m and is_name(m.group(1).strip()):
            yield "author", m.group(1).strip()
            yield "author_rule", "bio"
            return


def _names(text: str, *, trusted: bool) -> list[str]:
    """The persons of a byline, without dates, posts and places; a trusted line that names none is kept whole."""
    text = text.strip("\"'[] ")
    cut = next(dates.find(text.lower()), None)
    text = (text[: cut.start] if cut else text).strip(" ,|-–—·")
    people = []
    for piece in re.split(r"\s+and\s+|\s*[,|&;·/]\s*|\s+[-–—]\s+", text):
        person = re.split(r"\s+(?:in|for|at|with|based on|report(?:ed|s|ing) from)\s+", piece.strip())[0]
        if person.isupper():
            person = re.sub(
                r"\b(?:De|Den|Der|Van|Von|La|Le|Del|Di|Bin)\b(?! *$)", lambda m: m.group().lower(), person.title()
            )
        if is_name(person) and not set(person.lower().split()) & words("roles") and person not in people:
            people.append(person)
        elif people:
            break
    return people or ([text] if trusted and text and len(text) < 60 else [])


def _published(page: _Page, found: dict) -> Found:
    """The date line above the body (one that says updated only for want of another), else the edition's date."""
    front = [text.lower() for zone, _, text in page.top if zone in ("date", "byline", "dateline")]
    front += [text.lower() for _, rule, text in page.rows if rule == "source" and "publish" in text.lower()]
    front.sort(key=lambda text: bool(re.search(r"\b(?:updated?|modified)\b", text)))
    for text in front:
        for d in dates.find(text):
            if d.iso:
                yield "published", d.iso
                yield "published_kind", "web"
                return
    for text in page.by("edition", "print"):
        for d in dates.find(text.lower()):
            if d.iso:
                yield "published", d.iso
                yield "published_kind", "edition"
                return


def _dateline(page: _Page, found: dict) -> Found:
    """A place on a line of its own above the body, or one that opens the first paragraph."""
    for zone, rule, text in page.top:
        if zone == "dateline":
            place = _value(text) if rule in ("field", "front-matter") else text.strip("| ")
            yield "dateline", _cased(re.sub(r"[,\s]*\d.*$", "", place))
    for text in page.of("body")[:1]:
        place = inline_dateline(text)
        yield "dateline", _cased(place)


def _cased(place: str) -> str:
    """Places in capitals as names are written."""
    return re.sub(r"[A-Z][A-Z'-]{2,}", lambda m: m.group().capitalize(), place)


def _section(page: _Page, found: dict) -> Found:
    """Section and kicker from the lines above the headline, a series name in it, or the print line."""
    for zone, rule, text in page.rows:
        if zone != "kicker":
            continue
        left, bar, right = (_value(text) if rule in ("field", "front-matter") else text).partition(" | ")
        if bar:
            yield "section", left.strip()
            yield "kicker", right.strip()
        else:
            name = re.sub(r"; P(?:g|age)\.? .*$", "", left).strip(": ")
            yield "section" if name.lower() in words("sections") else "kicker", name
    head, colon, _ = found.get("headline", "").partition(":")
    if colon and len(head.split()) <= 3 and set(head.lower().split()) & words("sections"):
        yield "kicker", head
    for text in page.by("print"):
        if m := re.search(r"in the ([A-Z][\w&]*(?: [A-Z&][\w&]*){0,3}) section", text):
            yield "section", m.group(1)


def _print(page: _Page, found: dict) -> Found:
    """The print headline, and the cover line between it and the edition's date."""
    for text in page.by("print"):
        if m := re.search(r"under the headline\s*[\"“']([^\"”]{3,120}?)[\"”']", text):
            yield "headline_print", m.group(1)
    rules = [rule for _, rule, _ in page.rows]
    for i, (above, _, below) in enumerate(zip(rules, rules[1:], rules[2:], strict=False)):
        if above == "print" and below == "edition":
            yield "edition_title", page.rows[i + 1][2]


def _editor(page: _Page, found: dict) -> Found:
    for text in page.by("editor"):
        if m := re.search(r"[Ee]dit(?:ed|ing) by:?\s+([^;()]{2,60})", text):
            yield "editor", m.group(1).strip(" .")
    for text in page.by("source"):
        if m := re.match(r"^\(?Source: [^/]{2,40}/([a-z]{2,4})\b", text):
            yield "editor", m.group(1)


def _is_ahead(before: str) -> bool:
    return not words("ahead").isdisjoint(re.findall(r"[a-z]+", before))


def _not_before(page: _Page, found: dict) -> dict[str, str]:
    """The latest past day that captions and body name; a missing year comes from the page's own dates."""
    published = date.fromisoformat(found["published"]) if found.get("published") else None
    caption = [d for text in page.of("caption") for d in dates.find(text.lower()) if d.iso]
    days: list[tuple[str, str]] = [(d.iso, "caption") for d in caption]
    years = {(d.month, d.day): d.year for d in caption}
    for text in page.of("body"):
        lower = text.lower()
        for d in dates.find(lower):
            year = d.year or years.get((d.month, d.day)) or (published.year if published else None)
            if d.day and year and not _is_ahead(lower[max(0, d.start - 60) : d.start]):
                days.append((f"{year}-{d.month:02}-{d.day:02}", "body day" if d.year else "body day, year of the page"))
    if published and found.get("published_kind") == "web":
        weekday = published.strftime("%A")
        if any(re.search(rf"\bon {weekday}\b", text) for text in page.of("body")[:3]):
            days.append((published.isoformat(), "weekday of the date line"))
    days = [d for d in days if not published or d[0] <= published.isoformat()]
    if not days:
        return {}
    latest = max(days, key=lambda d: d[0])
    return {"not_before": latest[0], "not_before_rule": latest[1]}
