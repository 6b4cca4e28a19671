"""Which of the numbers are trade figures: of what, from whom to whom, when, and what does the article leave unsaid?

Quantity -> rows of `quantities`. A figure is one of trade if it is money, a percentage, a multiple, a fraction or a
weight, and a word of trade stands in its clause nearer than a word of something else. The slots are read from the same
clause; a slot filled from elsewhere (the sentence before, the article's date, the study's pair of countries) is named
in the column `inherited`. Slots that nothing fills stay empty. All words are the codebook's ([trade]).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from . import quantities, verdicts
from .codebook import Codebook, once
from .language import Document, words_of
from .neighbours import ways
from .nouns import currency_names, is_end, is_plural, singular
from .numerals import Quantity
from .rows import QuantityRow

KINDS: Final = frozenset(("money", "percent", "percentage_point", "multiplier", "fraction"))
WEIGHTS: Final = frozenset(("barrel", "tonne", "kilogram", "cubic metre", "billion cubic metre"))
ONE_WAY: Final = {"exports", "imports", "purchases", "sales", "shipments"}
PAIRED: Final = {"trade", "balance"}
EVALUATIVE: Final = frozenset(("just", "mere", "only", "record", "staggering", "whopping"))  # words that weigh a figure
REACH: Final = 400  # characters of a sentence looked at on either side of a number


@dataclass(slots=True)
class Figure:
    """A trade figure on its way to a row: the quantity and its slots; `inherited` names slots filled from context."""

    measure: str
    cue: str
    commodity: str = ""
    basis: str = ""
    currency: str = ""
    exporter: str = ""
    importer: str = ""
    period: str = ""
    base_period: str = ""
    change: str = ""
    evaluative: str = ""
    inherited: set[str] = field(default_factory=set)
    is_trade: int = 1


@dataclass(frozen=True)
class Lexicon:
    """The codebook's words of trade, ready to search with."""

    cue: re.Pattern[str]
    measures: Mapping[str, str]
    other: re.Pattern[str]
    party: re.Pattern[str]
    parties: Mapping[str, str]
    goods: re.Pattern[str]
    commodities: Mapping[str, str]
    pair: tuple[str, ...]
    pair_words: re.Pattern[str]
    weak: frozenset[str]
    heads: re.Pattern[str]
    not_heads: re.Pattern[str]

    def named(self, text: str) -> list[tuple[int, int, str]]:
        """The countries and blocs in a text: start, end, name."""
        return [(m.start(), m.end(), self.parties[m.group(1)]) for m in self.party.finditer(text)]

    @property
    def both(self) -> str:
        return "<->".join(self.pair)


def code(document: Document, codebook: Codebook) -> list[QuantityRow]:
    """Rows of the table `quantities` for the body of one article, in the order of the text."""
    found = quantities.read(document)
    figures = _figures(found, document, lexicon(codebook)) if codebook.trade else {}
    return [_row(number, q, figures.get(k), document) for k, (number, q) in enumerate(found)]


def _row(number: int, q: Quantity, figure: Figure | None, document: Document) -> QuantityRow:
    start, end = q.start, q.end
    row = QuantityRow(number, start, end, document.text[start:end], q.kind)
    row.value, row.low, row.high, row.comparator = q.value, q.low, q.high, q.comparator
    row.unit, row.per, row.direction = (
        q.unit or None,
        q.per or q.unit.partition(" per ")[2] or None,
        q.direction or None,
    )
    row.unit_assumed, row.rounding, row.rule = 1 if q.unit_assumed else None, q.rounding, q.rule
    inherited = set(q.inherited) if q.inherited else set()
    if figure:
        inherited |= figure.inherited
        for slot in SLOTS:
            setattr(row, slot, getattr(figure, slot) or None)
        row.is_trade, row.trade_rule = figure.is_trade, figure.cue
    if q.kind == "date":
        row.period = str(q.value) if q.value is not None else None
    elif q.kind == "money" and q.unit.isupper():
        row.currency = q.unit
    if q.kind == "money" and q.per:  # a price is no sum of money: its unit is spelled out, as that of any rate
        row.unit = f"{currency_names().get(q.unit, q.unit)} per {q.per}"
    if inherited:
        row.inherited = " ".join(sorted(inherited))
    return row


check = verdicts.check  # quantities, references -> rows of `quantity_checks`
SLOTS: Final = ("measure", "commodity", "basis", "currency", "exporter", "importer", "period", "base_period", "change",
         "evaluative")  # fmt: skip


# the codebook's words -------------------------------------------------------------------------------------------------


@once
def lexicon(codebook: Codebook) -> Lexicon:
    """The search patterns of a codebook."""
    trade = codebook.trade
    measures = {word: name for name, words in trade.get("measures", {}).items() for word in words}
    goods = {word: name for name, words in trade.get("commodities", {}).items() for word in words}
    parties: dict[str, str] = {}
    for line in words_of("countries.txt"):
        name, adjectives, seats = (part.strip() for part in line.split("|"))
        name = name.replace("_", " ")
        parties |= {alias.replace("_", " "): name for alias in (name, *adjectives.split(), *seats.split())}
    parties |= {alias: a.name for a in codebook.actors if a.kind == "state" for alias in (a.name, *a.aliases)}
    parties |= {alias: name for name, aliases in trade.get("partners", {}).items() for alias in (name, *aliases)}
    firsts = re.escape("".join(sorted({name[0] for name in parties})))  # most letters of a text begin no name
    return Lexicon(
        cue=_pattern(measures),
        measures={word.rstrip("*").lower(): name for word, name in measures.items()},
        other=_pattern(trade.get("other", {}).get("words", ())),
        party=re.compile(rf"(?<![\w-])(?=[{firsts}])({_any(parties)})(?![\w])"),
        parties=parties,
        goods=_pattern(goods),
        commodities={word.rstrip("*").lower(): name for word, name in goods.items()},
        pair=tuple(trade.get("pair", ())),
        pair_words=_pattern(trade.get("pair_words", ())),
        weak=frozenset(trade.get("need_a_country", ())),
        heads=_pattern(trade.get("heads", ())),
        not_heads=_pattern(trade.get("not_heads", ())),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) or "(?!)"


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Lower-case words as one pattern; group 1 is the word as listed, without what an open end took in."""
    stems = sorted({w.lower() for w in words}, key=lambda w: (-len(w), w))
    parts = [rf"{re.escape(w[:-1])}(?=\w*)" if w.endswith("*") else rf"{re.escape(w)}(?!\w)" for w in stems]
    return re.compile(rf"(?<![\w-])({'|'.join(parts) or '(?!)'})")


# clauses --------------------------------------------------------------------------------------------------------------

_SPLIT: Final = re.compile(
    r"[;:]|,? (?:but|though|although|while|whereas|because)\b"
    r"|, (?:and|so|yet) (?=\w+ (?:\w+ )?(?:is|was|has|had|will|rose|fell)\b)"
)
_ASIDE: Final = re.compile(r"—[^—]*—| [–-] [^–]*? [–-] |\([^()]*\)|, (?:which|who|whose|where) [^,]*,")


def clause_at(text: str, at: int) -> str:
    """The clause of a sentence around an offset, asides blanked out; same length, the rest of the sentence blank.

    >>> clause_at("Tea exports rose 5%, while rents fell 2%.", 17).strip()
    'Tea exports rose 5%'
    """
    for aside in _ASIDE.finditer(text):
        if aside.start() <= at < aside.end():
            a, b = aside.span()
            return " " * a + text[a:b] + " " * (len(text) - b)
    plain = _ASIDE.sub(lambda m: " " * len(m.group()), text)
    a, b = 0, len(plain)
    for m in _SPLIT.finditer(plain):
        if m.end() <= at:
            a = m.end()
        elif m.start() > at:
            b = m.start()
            break
    return " " * a + plain[a:b] + " " * (len(plain) - b)


# the reading ----------------------------------------------------------------------------------------------------------


def _figures(found: list[tuple[int, Quantity]], document: Document, words: Lexicon) -> dict[int, Figure]:
    """The trade figures among the quantities, by their place in the list."""
    figures: dict[int, Figure] = {}
    last: Figure | None = None
    paragraph, years = 0, Years(document)
    searched, cues = 0, False
    for k, (number, q) in enumerate(found):
        sentence = document.sentences[number - 1]
        if sentence.paragraph != paragraph:
            paragraph, last = sentence.paragraph, None
            years.period = ""
        if q.kind == "year":
            years.see(q, number)
        if q.kind == "count" and q.unit.endswith("trading partner"):
            figures[k] = _rank(q, document.folded[max(sentence.start, q.start - REACH) : q.start], words)
        if not (q.kind in KINDS or q.unit in WEIGHTS):
            continue
        if number != searched:
            searched, cues = number, words.cue.search(document.lower, sentence.start, sentence.end) is not None
        if not cues:
            continue
        begin, stop = max(sentence.start, q.start - REACH), min(sentence.end, q.end + REACH)
        if stop - begin < sentence.end - sentence.start and not words.cue.search(document.lower[begin:stop]):
            continue
        clause = clause_at(document.folded[begin:stop], q.start - begin)
        figure = _figure(q, clause, begin, words)
        if not figure:
            continue
        _fill_flow(figure, last, words)
        years.fill(figure, q, clause, begin, number)
        _fill_basis(figure, q, clause.lower(), last)
        figures[k] = last = figure
    for group in _groups(figures, found):
        _zip_goods(group, document, found, figures, words)
    return figures


def _figure(q: Quantity, clause: str, offset: int, words: Lexicon) -> Figure | None:
    """The figure with measure, flow and goods, or None where no word of trade governs the number."""
    lower, at, end = clause.lower(), q.start - offset, q.end - offset
    cues = [m for m in words.cue.finditer(lower) if _is_head(lower, m, words)]
    if not cues:
        return None
    cue = min(cues, key=lambda m: _distance(m, at, end))
    others = [m for m in words.other.finditer(lower) if not (m.start() >= cue.start() and m.end() <= cue.end())]
    if any(_distance(m, at, end) < _distance(cue, at, end) for m in others):
        return None
    measure = words.measures[cue.group(1)]
    if measure in words.weak and not _is_between_states(clause, lower, words):
        return None
    if q.kind not in ("money", "count") and not q.direction and not re.match(r"\s*of\b", lower[end:]):
        return None  # a rate that neither moves nor is a share of anything
    figure = Figure(measure, lower[cue.start() :].split()[0].strip(".,;'\""))
    figure.change = _change(q, lower, cue, end)
    figure.evaluative = next((w for w in reversed(q.t.words[max(0, q.first - 3) : q.first]) if w in EVALUATIVE), "")
    figure.commodity, is_stated = _goods(lower, cue, end, words)
    if not is_stated:
        figure.inherited.add("commodity")
    if measure in PAIRED:
        _two_way(figure, clause, end, words)
    else:
        _one_way(figure, clause, cue, at, words)
    return figure


def _is_between_states(clause: str, lower: str, words: Lexicon) -> bool:
    """Whether a clause names the study's pair, one of its sides, or two countries."""
    names = {name for _, _, name in words.named(clause)}
    return len(names) > 1 or bool(names & set(words.pair)) or bool(words.pair_words.search(lower))


_NEXT: Final = re.compile(r" (\w+)")


def _is_head(lower: str, cue: re.Match[str], words: Lexicon) -> bool:
    """Whether a word of trade stands for trade itself: not in "export firms" or "trade minister"."""
    m = _NEXT.match(lower, cue.end())  # an open end took in letters: "exports", "exported"
    if not m or words.heads.match(m.group(1)) or words.measures[cue.group(1)] in ("purchases", "sales"):
        return True
    return not words.not_heads.match(m.group(1)) and (m.group(1) in ways() or not is_plural(m.group(1)))


def _distance(m: re.Match[str], start: int, end: int) -> int:
    """Characters between a word and the number, words behind the number counted double: English puts subjects first."""
    return start - m.end() if m.end() <= start else 2 * max(0, m.start() - end)


def _change(q: Quantity, lower: str, cue: re.Match[str], end: int) -> str:
    """Level, change or share."""
    if q.kind in ("percent", "fraction") and not q.direction and re.match(r"\s*of\b", lower[end:]):
        return "share"
    if q.kind == "money" or q.unit in WEIGHTS:
        return "change" if q.direction and q.t.at(q.first - 1) == "by" else "level"
    if q.kind in ("percent", "percentage_point", "multiplier"):
        return "change"
    return "share" if re.match(r"\s*(?:of\b|the\b)", lower[end:]) else "level"


# who to whom ----------------------------------------------------------------------------------------------------------


def _one_way(figure: Figure, clause: str, cue: re.Match[str], at: int, words: Lexicon) -> None:
    """Exporter and importer of a flow that goes one way, as the clause states them."""
    before = [p for p in words.named(clause) if p[1] <= cue.start()]
    after = [p for p in words.named(clause) if p[0] >= cue.end()]
    to = _after(("to", "into", "for"), clause, after)
    origin = _after(("from",), clause, after)
    subject = before[-1][2] if before else ""
    if figure.measure in ("imports", "purchases"):
        figure.importer = subject
        figure.exporter = origin or next((p[2] for p in after if _qualifies(clause, p) and p[2] != subject), "")
    else:
        figure.importer = to
        figure.exporter = origin or subject
    if figure.exporter == figure.importer:
        figure.exporter = ""


def _after(prepositions: tuple[str, ...], clause: str, parties: list[tuple[int, int, str]]) -> str:
    for start, _, name in parties:
        lead = clause[:start].rstrip().rpartition(" ")[2].lower()
        if lead in prepositions or (lead == "the" and clause[:start].split()[-2:-1] == [prepositions[0]]):
            return name
    return ""


def _qualifies(clause: str, party: tuple[int, int, str]) -> bool:
    """Whether a country's name stands before a noun: Russian weapons."""
    follows = clause[party[1] : party[1] + 20]
    return bool(re.match(r"(?:'s)? [a-z]+", follows)) and not is_end(follows.replace("'s", "").split()[0])


def _two_way(figure: Figure, clause: str, end: int, words: Lexicon) -> None:
    """The two sides of trade: between A and B, A-B trade, A's trade with B, bilateral; of A's total: a denominator."""
    parties = words.named(clause)
    names = list(dict.fromkeys(p[2] for p in parties))
    is_pair = words.pair_words.search(clause.lower())
    if figure.change == "share":
        whole = next((p[2] for p in parties if p[0] >= end), "")
        part = list(dict.fromkeys(p[2] for p in parties if p[1] <= end))
        figure.importer = f"{whole}<->World" if whole else ""
        if is_pair or len(part) >= 2:
            figure.exporter = words.both if is_pair else "<->".join(part[:2])
        elif whole in words.pair:
            figure.exporter = words.both
            figure.inherited.add("exporter")
    elif is_pair:
        figure.exporter = figure.importer = words.both
    elif len(names) >= 2:
        figure.exporter = figure.importer = "<->".join(names[:2])
    elif names:
        figure.exporter = figure.importer = f"{names[0]}<->World"


def _fill_flow(figure: Figure, last: Figure | None, words: Lexicon) -> None:
    """A side that the clause leaves open: from the figure before in the paragraph, else from the study's pair."""
    if figure.measure in PAIRED or figure.measure not in ONE_WAY:
        return
    sides = {"exporter": figure.exporter, "importer": figure.importer}
    is_open = figure.measure in ("shipments", "sales", "purchases")
    carries = is_open and last is not None and last.measure in ONE_WAY and last.exporter and last.importer
    if carries and all(name in ("", getattr(last, side)) for side, name in sides.items()):
        for side in [side for side, name in sides.items() if not name]:
            setattr(figure, side, getattr(last, side))
            figure.inherited.add(side)
        return
    open_side = [side for side, name in sides.items() if not name]
    known = figure.exporter or figure.importer
    if len(open_side) == 1 and is_open and known in words.pair and len(words.pair) == 2:
        setattr(figure, open_side[0], words.pair[1 - words.pair.index(known)])
        figure.inherited.add(open_side[0])


# what -----------------------------------------------------------------------------------------------------------------

_WHOLE: Final = "all goods"


def _goods(lower: str, cue: re.Match[str], end: int, words: Lexicon) -> tuple[str, bool]:
    """The goods named beside the word of trade; "all goods", not stated, where the figure is restricted to none."""
    names = goods_after(lower, cue, words)
    if not names and words.measures[cue.group(1)] in ("purchases", "sales", "imports", "exports"):
        m = words.goods.search(lower, max(end, cue.end()))
        names = [words.commodities[m.group(1)]] if m else []
    if not names:
        before = list(words.goods.finditer(lower, max(0, cue.start() - 30), cue.start()))
        near = [m for m in before if re.fullmatch(r"\w*\s", lower[m.end() : cue.start()])]
        names = [words.commodities[near[-1].group(1)]] if near else []
    return (" and ".join(names), True) if names else (_WHOLE, False)


def goods_after(lower: str, cue: re.Match[str], words: Lexicon) -> list[str]:
    """The goods in "exports of X and Y", by the codebook's names, else as written."""
    m = re.match(r"\w*\s+of\s+", lower[cue.end() :])
    if cue.group(1).endswith(" of"):
        m = re.match(r"\s+", lower[cue.end() :])
    if not m:
        return []
    phrase = []
    for word in re.findall(r"[\w'-]+|[^\w\s]", lower[cue.end() + m.end() :]):
        if word not in ("and", ",") and (is_end(word) or word in ways() or not word[0].isalpha()):
            break
        phrase.append(word)
    if phrase and phrase[-1] == ",":
        phrase.pop()
    names = []
    for item in re.split(r" , and | and | , ", " ".join(phrase)):
        found = words.goods.search(item)
        name = words.commodities[found.group(1)] if found else " ".join(map(singular, item.split()[-2:]))
        if name and name not in ("which", "that"):
            names.append(name)
    return names


def _groups(figures: Mapping[int, Figure], found: list[tuple[int, Quantity]]) -> list[list[int]]:
    """Figures of one sentence, in order."""
    groups: dict[int, list[int]] = {}
    for k, figure in figures.items():
        if figure.is_trade:
            groups.setdefault(found[k][0], []).append(k)
    return list(groups.values())


def _zip_goods(
    group: list[int], document: Document, found: list[tuple[int, Quantity]], figures: dict[int, Figure], words: Lexicon
) -> None:
    """Respectively: n goods and n figures go together in order; unequal numbers leave the goods empty."""
    sentence = document.sentences[found[group[0]][0] - 1]
    lower = document.lower[max(sentence.start, found[group[0]][1].start - REACH) : sentence.end][: 2 * REACH]
    if "respectively" not in lower:
        return
    cue = words.cue.search(lower)
    names = goods_after(lower, cue, words) if cue else []
    if len(names) < 2:
        return
    for k, name in zip(group, names if len(names) == len(group) else [""] * len(group), strict=True):
        figures[k].commodity = name


# when -----------------------------------------------------------------------------------------------------------------

_YEAR: Final = r"((?:19|20)\d\d)"
_PART: Final = {"first half": (1, 6), "second half": (7, 12), "first quarter": (1, 3), "second quarter": (4, 6),
         "third quarter": (7, 9), "fourth quarter": (10, 12)}  # fmt: skip
_SINCE: Final = re.compile(rf"\bsince (?:then|{_YEAR})")
_BASE: Final = re.compile(rf"\b(?:from|on|over|compared with|compared to|than in|against) (?:in )?{_YEAR}")
_IN: Final = re.compile(rf"\b(?:in|during|for|of|throughout) {_YEAR}|^\s*{_YEAR}\b")
_BETWEEN: Final = re.compile(rf"\b(?:between|from) {_YEAR} (?:and|to) {_YEAR}|{_YEAR}[-–]{_YEAR}")
_MONTHS: Final = re.compile(rf"first (\w+) months of {_YEAR}|({'|'.join(_PART)}) of {_YEAR}")


class Years:
    """The periods of a text as a reader follows them: the last year named, the paragraph's last period."""

    def __init__(self, document: Document):
        meta = document.article.meta
        stated = (meta.get("published") or meta.get("not_before") or "")[:4]
        self.now = int(stated) if stated.isdigit() else 0
        self.named, self.named_in, self.period = 0, 0, ""

    def see(self, q: Quantity, number: int) -> None:
        self.named, self.named_in = int(q.high or q.value or 0), number

    def fill(self, figure: Figure, q: Quantity, clause: str, offset: int, number: int) -> None:
        """Period and base period of a figure; what comes from outside its sentence is inherited."""
        lower = clause.lower()
        figure.period = self._stated(q, lower, offset)
        if not figure.period:
            figure.period, outside = self._pointed(lower, number)
            if not figure.period and self.period:
                figure.period, outside = self.period, True
            if figure.period and outside:
                figure.inherited.add("period")
        if figure.period:
            self.period = figure.period
        if figure.change == "change":
            base = _BASE.search(lower)
            if base:
                figure.base_period = base.group(1)
            elif (
                figure.period[:4].isdigit()
                and "-20" not in figure.period[4:]
                and not re.search(r"\d{4}-\d{4}", figure.period)
            ):
                figure.base_period = str(int(figure.period[:4]) - 1) + figure.period[4:]
                figure.inherited.add("base_period")

    def _stated(self, q: Quantity, lower: str, offset: int) -> str:
        near = re.match(rf"\W*(?:\w+ )?in {_YEAR}", lower[q.end - offset :])
        if near:
            return near.group(1)
        m = _MONTHS.search(lower)
        if m and m.group(3):
            (first, last), year = _PART[m.group(3)], m.group(4)
            return f"{year}-{first:02d}/{year}-{last:02d}"
        if m:
            months = quantities.CARDINALS.get(m.group(1), m.group(1))
            if str(months).isdigit() and 1 <= int(months) <= 12:
                return f"{m.group(2)}-01/{m.group(2)}-{int(months):02d}"
        m = _BETWEEN.search(lower)
        if m:
            a, b = [g for g in m.groups() if g]
            return f"{a}-{b}"
        m = _SINCE.search(lower)
        if m and m.group(1):
            return f"{m.group(1)}-{self.now}" if self.now else f"{m.group(1)}-"
        m = _IN.search(lower)
        return (m.group(1) or m.group(2)) if m else ""

    def _pointed(self, lower: str, number: int) -> tuple[str, bool]:
        """That year, since then, last year: the period, and whether it comes from another sentence or the date."""
        if "that year" in lower and self.named:
            return str(self.named), self.named_in != number
        m = _SINCE.search(lower)
        if m and self.named:
            return f"{self.named}-{self.now or ''}", True
        for words, years in (("last year", 1), ("this year", 0)):
            if words in lower and self.now:
                return str(self.now - years), True
        return "", False


# value or volume, ranks -----------------------------------------------------------------------------------------------

_TERMS: Final = re.compile(
    r"in (dollar|yuan|euro|rouble|ruble|value|volume)s?(?:-denominated)? ?terms"
    r"|\bby (value|volume|weight)\b|in (value|volume)\b"
)
_CURRENCY: Final = {"dollar": "USD", "euro": "EUR", "rouble": "RUB", "ruble": "RUB", "yuan": "CNY"}


def _fill_basis(figure: Figure, q: Quantity, lower: str, last: Figure | None) -> None:
    """Value or volume, and a value's currency; a bare rate is unstated unless the same measure was just specified."""
    m = _TERMS.search(lower)
    if q.kind == "money":
        figure.basis, figure.currency = "value", q.unit
    elif q.unit in WEIGHTS:
        figure.basis = "volume"
    elif m:
        word = next(g for g in m.groups() if g)
        figure.basis = "volume" if word in ("volume", "weight") else "value"
        figure.currency = _CURRENCY.get(word, "")
    elif last and last.measure == figure.measure and last.basis in ("value", "volume"):
        figure.basis, figure.currency = last.basis, last.currency
        figure.inherited |= {"basis"}
    else:
        figure.basis = "unstated"


def _rank(q: Quantity, before: str, words: Lexicon) -> Figure:
    """A claim of rank ("its two biggest trading partners"): no trade figure, but it can be checked.

    exporter: whose partners they are; importer: the partners named, joined by semicolons.
    """
    named = [name for _, _, name in words.named(before)]
    figure = Figure("rank", "trading partner", is_trade=0, basis="", change="level")
    wanted = int(q.value) if isinstance(q.value, float) else 0
    partners = named[-wanted:] if wanted else []
    owner = [n for n in named[: -wanted or None] if n in words.pair]
    figure.importer = ";".join(sorted(partners))
    figure.exporter = owner[-1] if owner else ""
    return figure
