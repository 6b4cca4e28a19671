"""Where the article is on its page: the rules that need to see the other lines.

The body begins at the first paragraph that no byline, date or caption follows before the next paragraphs, and ends at
the first closing line below which little running text is left.
"""

from __future__ import annotations

import re
from collections import Counter

from .blocks import BULLET, Block, Labels, Page, key
from .wording import inline_dateline, is_bio, is_name, is_wire, names_role, reported, rules, words

_FRONT = frozenset({"byline", "date", "dateline", "audio"})


def body_start(page: Page) -> Labels:
    """Where the article begins: the first paragraph that no byline, date or caption follows before the next ones."""
    counts = Counter(b.lower for b in page.blocks)
    longs = [i for i in page.open() if page.blocks[i].is_long and counts[page.blocks[i].lower] == 1]
    page.start = longs[0] if longs else _first_stop(page)
    total = sum(page.blocks[i].n_words for i in longs)
    above = 0  # words of standfirst so far
    while longs:
        first = longs[0]
        if inline_dateline(page.blocks[first].text) or is_wire(page.blocks[first].text):
            break
        ahead = range(first + 1, min(first + 9, len(page.blocks)))
        marks = [i for i in ahead if page.zone[i] in _FRONT and page.rule[i] not in ("front-matter", "time")]
        captions = [i for i in ahead if page.zone[i] == "caption"]
        last = marks[-1] if marks else captions[-1] if captions and longs[1:2] and captions[0] < longs[1] else None
        if last is None:
            break
        before = [i for i in longs[:9] if i < last]
        above += sum(page.blocks[i].n_words for i in before)
        after = longs[len(before) :]
        begun = any(zone in ("byline", "date") for zone in page.zone[:first])
        if not after or above > (70 if begun else 110) or above * 3 > total:
            break
        for i in before:
            yield i, "standfirst", "above-the-front-matter", int(not marks)
        longs = after
        page.start = longs[0]
    _withdraw(page)


def _withdraw(page: Page) -> None:
    """Wording that counts above the body only is taken back below its start."""
    front = {name for name, rule in rules().items() if rule.front}
    for i in range(page.start, len(page.blocks)):
        if page.rule[i] in front:
            page.put(i, None, "")


def _first_stop(page: Page) -> int:
    """Without paragraphs: the first line that ends like a sentence, else the longest line of at least 20 words."""
    stops = [i for i in page.open() if page.blocks[i].stops]
    if stops:
        return next((i for i in stops if page.blocks[i].n_words >= 4), stops[0])
    longest = max(page.open(), key=lambda i: page.blocks[i].n_words, default=None)
    if longest is not None and page.blocks[longest].n_words >= 20:
        return longest
    return len(page.blocks)


def headline(page: Page) -> Labels:
    """One line above the body: as stated, repeated on the page, or the first of a headline's length."""
    keys = page.keys.copy()
    if "headline" in page.zone:
        best = page.zone.index("headline")
        keys[best] = key(re.sub(r"^\w+:\s*", "", page.blocks[best].text))
    elif page.stated and page.stated in keys:
        best = keys.index(page.stated)
        page.put(best, "headline", "stated-headline")
    else:
        front = [i for i in page.open(0, page.start) if 2 <= page.blocks[i].n_words <= 32][:200]
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
    score += 5 * block.text.startswith("# ") + (i == 0 and block.n_words >= 4)
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
        elif block.n_words <= 12 and (names_role(block) or reported(block.text)):
            yield i, "byline", "name-and-role", 0
        elif top is not None and block.n_words >= 5:
            yield i, "standfirst", "below-headline", 0
        else:
            yield i, "navigation", "front", 0


def body_end(page: Page) -> Labels:
    """Where the article ends: the first closing line below which little running text is left."""
    closing = {name for name, rule in rules().items() if rule.closes == "hard"}
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


def inside(page: Page) -> Labels:
    """Between start and end: sentences are body; short lines without a stop are headings, of this text or another."""
    index = page.open(page.start, page.end)
    paragraphs = {i: page.keys[i] for i in index if 20 <= page.blocks[i].n_words <= 400}
    seen: dict[str, int] = {}
    box = False
    asks = [i for i in index if _is_question(page.blocks[i])]
    interview = len(asks) * 5 > len(index)
    speakers = Counter(m.group(1) for i in index if (m := _SPEAKER.match(page.blocks[i].text)))
    for nth, i in enumerate(index):
        block, bare = page.blocks[i], page.keys[i]
        before = page.rule[i - 1] if i else ""
        box = (before in ("box-soft", "box-hard") and page.blocks[i - 1].n_words <= 5) or (
            box and i == index[nth - 1] + 1
        )
        if box and (not block.stops or _is_question(block)):
            yield i, "related", "in-a-box", 0
            continue
        box = False
        if bare in seen and block.n_words >= 3:
            yield i, "related", "repeated", 1
        elif _is_question(block) and not interview:
            yield i, "crosshead", "question", 1
        elif block.stops or block.n_words > 25 or _is_list(page, i) or _speaks(block, speakers):
            if 5 <= block.n_words < 20 and _is_within(bare, i, paragraphs):
                yield i, "crosshead", "pull-quote", 0
            else:
                yield i, "body", "sentence" if block.stops else "unstopped", int(not block.stops)
        elif block.text.startswith("#"):
            yield i, "crosshead", "heading", 0
        elif block.n_words < 20 and len(bare) > 20 and _is_within(bare, i, paragraphs):
            yield i, "crosshead", "pull-quote", 0
        elif i + 1 < page.end and page.zone[i + 1] is None and _is_heading(page.blocks[i + 1]):
            yield i, "related", "two-headings", 1
        elif block.n_words <= 18:
            yield i, "crosshead", "short-line", 1
        else:
            yield i, "body", "unstopped", 1
        seen[bare] = i


def _is_within(bare: str, i: int, paragraphs: dict[int, str]) -> bool:
    """Whether a line stands word for word in a paragraph near it: a pull quote."""
    return bool(bare) and any(bare in paragraphs.get(j, "") for j in range(i - 20, i + 21))


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
    if not BULLET.match(block.text) or block.text.startswith("#"):
        return False
    j = i - 1
    while j >= max(page.start, i - 60) and BULLET.match(page.blocks[j].text) and page.zone[j] != "related":
        j -= 1
    return j >= page.start and page.blocks[j].text.endswith(":") and page.zone[j] == "body"


_SPEAKER = re.compile(r"^([A-Z][\w.' -]{1,30}): \S")


def _speaks(block: Block, speakers: Counter[str]) -> bool:
    """A line of a transcript (Roe: ...), whose speaker speaks more than once."""
    m = _SPEAKER.match(block.text)
    return m is not None and speakers[m.group(1)] > 1


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
