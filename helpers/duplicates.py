"""Which articles are copies of an earlier one? Wire copy counted once per outlet misleads every count.

Exact copies share a hash of their words; near copies are found by MinHash over runs of five words (Broder 1997) with
locality-sensitive bands. Shards are signed apart; the signatures are joined in a second step, linear in the articles:
each article is compared with the first article of each of its bands only.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

import numpy as np

RUN = 5  # words of a shingle
BANDS, DEEP = 16, 4  # 16 bands of 4 minima each: half of the pairs with Jaccard .45 share a band
FAR = 9  # at most this many of 64 bits apart: an estimated Jaccard of 1 - 2 * 9 / 64 = .72
SHORTEST = 20  # words; shorter texts have too few shingles and are compared exactly only

_ODD = (np.random.default_rng(5).integers(0, 1 << 63, (2, BANDS * DEEP), dtype=np.uint64) << np.uint64(1)) | np.uint64(
    1
)
_POWERS = np.array([pow(0x9E3779B97F4A7C15, i + 1, 1 << 64) for i in range(RUN)], dtype=np.uint64)
_DEPTHS = np.array([pow(0xBF58476D1CE4E5B9, i + 1, 1 << 64) for i in range(DEEP)], dtype=np.uint64)


class Signature(NamedTuple):
    """What is kept of a text: hash of its words, 64 bits that differ the less the nearer two texts are, band hashes.

    All whole numbers are signed 64 bit; `bands` is empty for texts under SHORTEST words.
    """

    exact: str
    bits: int
    bands: Sequence[int]


def sign(text: str) -> Signature:
    """The signature of a text; case, punctuation at word ends and spacing do not count."""
    words = [w.strip(".,;:!?\"'“”‘’()[]") for w in text.lower().split()]
    data = " ".join(filter(None, words)).encode()
    exact = blake2b(data, digest_size=16).hexdigest()
    codes = np.fromiter(map(crc32, data.split()), dtype=np.uint64)
    if len(codes) < SHORTEST:
        return Signature(exact, 0, ())
    runs = len(codes) - RUN + 1
    shingles = sum(codes[i : i + runs] * _POWERS[i] for i in range(RUN))
    shingles ^= shingles >> np.uint64(29)
    minima = ((np.unique(shingles)[:, None] * _ODD[0]) ^ _ODD[1]).min(axis=0)
    mixed = (minima * _DEPTHS[0]) >> np.uint64(63)
    bits = int(np.packbits(mixed.astype(np.uint8)).view(np.int64)[0])
    bands = (minima.reshape(BANDS, DEEP) * _DEPTHS).sum(axis=1, dtype=np.uint64) + np.arange(BANDS, dtype=np.uint64)
    return Signature(exact, bits, bands.view(np.int64).tolist())


# The join, over signatures(shard, number, nth, article_id, exact, bits, bands), in the order of number (of the shard)
# and nth (in it). Gives shard, nth, duplicate_of (the first article with the same words), near_duplicate_of (the first
# near copy; an exact copy inherits that of its original), repeats (the shard where the article's id stood before).
COPIES = f"""
with placed as (select *, (number::bigint << 32) + nth as place from signatures),
named as (select *, min(place) over (partition by article_id) as namesake from placed),
firsts as (select exact, min(place) as first from named where namesake = place group by exact),
originals as (select n.* from named n join firsts f on n.exact = f.exact and n.place = f.first),
banded as (select place, bits, unnest(range({BANDS})) as band, unnest(bands) as value from originals
    where len(bands) > 0),
leaders as (select band, value, min(place) as leader from banded group by all having count(*) > 1),
nearest as (select b.place, min(o.place) as near from banded b join leaders l using (band, value)
    join originals o on o.place = l.leader and o.place < b.place and bit_count(xor(o.bits, b.bits)) <= {FAR}
    group by b.place)
select n.shard, n.nth, nullif(o.article_id, n.article_id) as duplicate_of, m.article_id as near_duplicate_of,
    case when n.namesake < n.place then s.shard end as repeats
from named n left join firsts f using (exact) left join originals o on o.place = f.first
left join nearest x on x.place = f.first left join originals m on m.place = x.near
left join placed s on s.place = n.namesake
where n.place > f.first or x.near is not null or n.namesake < n.place
order by n.number, n.nth
"""
