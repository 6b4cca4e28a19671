"""How sure, how alike, how diverse: estimators with intervals, in numpy alone. Numbers in, numbers out.

Everything that is resampled is a function of sums: `parts` holds one additive contribution per unit (its numerator and
denominator, its counts per source, its coincidences), a statistic turns summed parts into a value, and whole clusters
(paragraphs, articles, mentions) are drawn with replacement. What cannot be computed is None, never 0.

Bootstrap: Davison & Hinkley 1997; few clusters: Cameron, Gelbach & Miller 2008. Agreement: Krippendorff 2011, Hayes &
Krippendorff 2007. Diversity: Hill 1973; Chao & Jost 2012; Chao, Wang & Jost 2013; Chao et al. 2014. Dispersion: Gries
2008, Lijffijt & Gries 2012. Multiplicity: Holm 1979, Benjamini & Hochberg 1995.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

SEED = 20230320
DRAWS = 2000
ENOUGH = {"units": 30, "articles": 10, "coverage": 0.5}

Statistic = Callable[[np.ndarray], np.ndarray]


class Estimate(NamedTuple):
    """A value with its interval; None = undefined. `n` units in `clusters` clusters stand behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int


# resampling -----------------------------------------------------------------------------------------------------------


def resamples(n: int, *, kinds: np.ndarray | None = None, draws: int = DRAWS, seed: int = SEED) -> Iterator[np.ndarray]:
    """How often each of `n` clusters is drawn, as chunks of rows; `draws` rows in all, from PCG64 and `seed`.

    Clusters that contribute alike may be drawn by kind: `kinds` says how many of the n there are of each.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    p = np.full(n, 1 / n) if kinds is None else kinds / n
    size = max(1, min(draws, 10_000_000 // max(1, len(p))))
    for done in range(0, draws, size):
        yield generator.multinomial(n, p, size=min(size, draws - done))


def gather(parts: Sequence, clusters: Sequence | None = None) -> np.ndarray:
    """The parts summed within clusters, one row each, in the sorted order of the clusters' labels."""
    parts = np.asarray(parts, dtype=float)
    parts = parts.reshape(len(parts), -1)
    if clusters is None:
        return parts
    labels, place = np.unique(np.asarray(clusters).astype(str), return_inverse=True)
    sums = np.zeros((len(labels), parts.shape[1]))
    np.add.at(sums, place, parts)
    return sums


def bootstrap(
    parts: Sequence,
    statistic: Statistic,
    *,
    clusters: Sequence | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = 0.95,
) -> Estimate:
    """`statistic` of the summed parts, with the percentile interval over resampled clusters.

    parts: units x m numbers; statistic: (..., m) sums -> (...) values, nan where undefined (such draws are left out);
    clusters: a label per unit (default: every unit its own). Below two clusters there is no interval.
    """
    if not len(parts):
        return Estimate(None, None, None, 0, 0)
    sums = gather(parts, clusters)
    with np.errstate(all="ignore"):
        value = _number(statistic(sums.sum(0)))
        drawn = [_all(statistic, sums, draws=draws, seed=seed)] if len(sums) > 1 else []
    return Estimate(value, *_percentiles(drawn, level), len(parts), len(sums))


def difference(
    one: Sequence,
    other: Sequence,
    statistic: Statistic,
    *,
    clusters: tuple[Sequence | None, Sequence | None] = (None, None),
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = 0.95,
) -> Estimate:
    """`statistic` of one minus that of the other, both resampled apart: the interval of the difference itself."""
    if not len(one) or not len(other):
        return Estimate(None, None, None, len(one) + len(other), 0)
    a, b = gather(one, clusters[0]), gather(other, clusters[1])
    with np.errstate(all="ignore"):
        value = _number(statistic(a.sum(0)) - statistic(b.sum(0)))
        drawn = []
        if min(len(a), len(b)) > 1:
            pairs = zip(
                _all(statistic, a, draws=draws, seed=seed), _all(statistic, b, draws=draws, seed=seed + 1), strict=True
            )
            drawn = [np.array([x - y for x, y in pairs])]
    return Estimate(value, *_percentiles(drawn, level), len(one) + len(other), len(a) + len(b))


def _all(statistic: Statistic, sums: np.ndarray, **options) -> np.ndarray:
    """The statistic of every draw; clusters with the same sums are drawn as one kind, which is the same and faster."""
    kinds, counts = np.unique(sums, axis=0, return_counts=True)
    drawn = resamples(len(sums), kinds=counts, **options)
    return np.concatenate([np.atleast_1d(statistic(c @ kinds)) for c in drawn])


def permutation(
    parts: Sequence, groups: Sequence, statistic: Statistic, *, draws: int = DRAWS, seed: int = SEED
) -> float | None:
    """Two-sided p of the difference between the two groups when whole units (articles) change places.

    p = (b + 1) / (B + 1), Phipson & Smyth 2010. None where a group has fewer than two units.
    """
    parts, groups = gather(parts), np.asarray(groups).astype(str)
    labels = np.unique(groups)
    if len(labels) != 2 or min((groups == label).sum() for label in labels) < 2:
        return None
    first = groups == labels[0]
    total, beyond = parts.sum(0), 0
    with np.errstate(all="ignore"):
        observed = _number(abs(statistic(parts[first].sum(0)) - statistic(parts[~first].sum(0))))
        for masks in _shuffles(first, draws=draws, seed=seed):
            sums = masks @ parts
            gaps = np.nan_to_num(abs(statistic(sums) - statistic(total - sums)))
            beyond += int((gaps >= (observed or 0.0) - 1e-12).sum())
    return None if observed is None else (beyond + 1) / (draws + 1)


def _shuffles(mask: np.ndarray, *, draws: int, seed: int) -> Iterator[np.ndarray]:
    """`draws` random rearrangements of a mask, as chunks of rows."""
    generator = np.random.Generator(np.random.PCG64(seed))
    size = max(1, min(draws, 10_000_000 // max(1, len(mask))))
    for done in range(0, draws, size):
        yield generator.permuted(np.tile(mask, (min(size, draws - done), 1)), axis=1).astype(float)


def _number(value) -> float | None:
    value = float(value)
    return value if math.isfinite(value) else None


def _percentiles(drawn: list, level: float) -> tuple[float | None, float | None]:
    values = np.concatenate([np.atleast_1d(d) for d in drawn]) if drawn else np.array([])
    values = values[np.isfinite(values)]
    if not len(values):
        return None, None
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


# statistics of sums ---------------------------------------------------------------------------------------------------


def share(sums: np.ndarray) -> np.ndarray:
    """Column 0 over column 1: a mean, a rate, recall, precision."""
    return sums[..., 0] / sums[..., 1]


def f1(sums: np.ndarray) -> np.ndarray:
    """F1 from the columns right, coded, wanted."""
    return 2 * sums[..., 0] / (sums[..., 1] + sums[..., 2])


def scores(right: int, coded: int, wanted: int) -> dict[str, float | None]:
    """Precision, recall and F1; None where there is nothing to divide by."""
    return {
        "precision": right / coded if coded else None,
        "recall": right / wanted if wanted else None,
        "f1": 2 * right / (coded + wanted) if coded + wanted else None,
    }


def confusion(gold: Sequence, coded: Sequence, labels: Sequence | None = None) -> tuple[list[str], np.ndarray]:
    """Labels in sorted order (or as given) and the counts, gold in rows, coded in columns."""
    labels = list(labels) if labels is not None else sorted({*map(str, gold), *map(str, coded)})
    place = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)), dtype=int)
    for g, c in zip(gold, coded, strict=True):
        table[place[str(g)], place[str(c)]] += 1
    return labels, table


def macro_f1(gold: Sequence, coded: Sequence) -> float | None:
    """Mean F1 over the labels that stand in the gold."""
    if not len(gold):
        return None
    labels, table = confusion(gold, coded)
    wanted, found = table.sum(1), table.sum(0)
    return float(np.mean([2 * table[i, i] / (wanted[i] + found[i]) for i in range(len(labels)) if wanted[i]]))


# agreement ------------------------------------------------------------------------------------------------------------


def coincidences(ratings: Sequence[Sequence]) -> tuple[list, np.ndarray]:
    """Distinct values, and per unit its value-by-value coincidences (Krippendorff 2011), from coders x units.

    Missing ratings are None, nan or ""; a unit with fewer than two ratings contributes nothing.
    """
    units = [[v for v in unit if not _missing(v)] for unit in zip(*ratings, strict=True)]
    values = sorted({v for unit in units for v in unit if len(unit) > 1})
    place = {v: i for i, v in enumerate(values)}
    out = np.zeros((len(units), len(values), len(values)))
    for table, unit in zip(out, units, strict=True):
        if len(unit) > 1:
            for i, a in enumerate(unit):
                for j, b in enumerate(unit):
                    if i != j:
                        table[place[a], place[b]] += 1 / (len(unit) - 1)
    return values, out


def _missing(value) -> bool:
    return value is None or value == "" or value != value  # nan differs from itself


def _distances(values: list, metric: str) -> np.ndarray:
    if metric == "nominal":
        return 1 - np.eye(len(values))
    v = np.array(values, dtype=float)
    gap, total = v[:, None] - v[None, :], v[:, None] + v[None, :]
    if metric == "interval":
        return gap**2
    if metric == "ratio":
        return np.divide(gap, total, out=np.zeros_like(gap), where=total != 0) ** 2
    raise ValueError(f"metric is nominal, interval or ratio, not {metric}")


def alpha(
    ratings: Sequence[Sequence],
    *,
    metric: str = "nominal",
    clusters: Sequence | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Estimate:
    """Krippendorff's alpha of coders x units with a bootstrap interval over units or clusters of units.

    metric: nominal, interval or ratio. Value None = undefined: nothing to compare, or one label everywhere.
    `n` counts the units at least two coders rated; draws with one label only are left out.
    """
    if metric == "nominal":
        ratings = [[v if _missing(v) else str(v) for v in row] for row in ratings]
    values, parts = coincidences(ratings)
    paired = parts.sum((1, 2)) > 0
    distances = _distances(values, metric)
    chosen = None if clusters is None else np.asarray(clusters).astype(str)[paired]
    return bootstrap(parts[paired], lambda s: _alpha(s, distances), clusters=chosen, draws=draws, seed=seed)


def _alpha(coincidences: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """1 - observed / expected disagreement of (..., k * k) coincidences; nan with a single label."""
    k = len(distances)
    table, flat = coincidences.reshape(*coincidences.shape[:-1], k, k), distances.ravel()
    totals = table.sum(-1)
    n = totals.sum(-1)
    expected = (totals[..., :, None] * totals[..., None, :]).reshape(*n.shape, k * k) @ flat / (n - 1)
    return np.where(expected > 0, 1 - coincidences @ flat / np.where(expected > 0, expected, 1), np.nan)


def power(
    true: float,
    n: int,
    shares: Sequence[float],
    *,
    mark: float = 0.8,
    runs: int = 400,
    draws: int = 400,
    seed: int = SEED,
) -> float:
    """The probability that the lower bound of a nominal alpha reaches `mark` with `n` units and two coders.

    true: the alpha there is; shares: how often each label occurs. Simulated: the second coder repeats the first one's
    label with probability `true`, else picks by `shares`; each run is bootstrapped over units.
    """  # fmt: skip
    p = np.asarray(shares, dtype=float) / np.sum(shares)
    k, generator = len(p), np.random.Generator(np.random.PCG64(seed))
    joint = true * np.diag(p) + (1 - true) * np.outer(p, p)
    tables = generator.multinomial(n, joint.ravel(), size=runs)
    drawn = generator.multinomial(n, tables[:, None, :] / n, size=(runs, draws)).reshape(runs, draws, k, k)
    with np.errstate(all="ignore"):
        found = _alpha((drawn + drawn.swapaxes(-1, -2)).reshape(runs, draws, k * k).astype(float), 1 - np.eye(k))
    found = np.where(np.isnan(found), -1.0, found)  # one label only: nothing is shown
    return float((np.quantile(found, 0.025, axis=1) >= mark).mean())


# counts and shares ----------------------------------------------------------------------------------------------------


def wilson(hits: int, n: int, *, level: float = 0.95) -> Estimate:
    """A share with Wilson's score interval (Wilson 1927; Brown, Cai & DasGupta 2001)."""
    if not n:
        return Estimate(None, None, None, 0, 0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    p, centre = hits / n, (hits + z * z / 2) / (n + z * z)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Estimate(p, max(0.0, centre - half), min(1.0, centre + half), n, n)


def garwood(count: int, exposure: float = 1.0, *, level: float = 0.95) -> Estimate:
    """A rate (count / exposure) with the exact Poisson interval of Garwood 1936."""
    if exposure <= 0:
        return Estimate(None, None, None, count, count)
    tail = (1 - level) / 2
    low = _poisson_mean(count - 1, 1 - tail) if count else 0.0
    return Estimate(count / exposure, low / exposure, _poisson_mean(count, tail) / exposure, count, count)


def _poisson_mean(count: int, probability: float) -> float:
    """The mean at which a Poisson variable stays at or below `count` with `probability`, by bisection."""
    steps = np.arange(count + 1)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])
    low, high = 0.0, count + 20 + 10 * math.sqrt(count + 1)
    for _ in range(100):
        mean = (low + high) / 2
        below = np.exp(steps * math.log(mean) - mean - factorials).sum() if mean > 0 else 1.0
        low, high = (mean, high) if below > probability else (low, mean)
    return (low + high) / 2


def holm(p: Sequence[float]) -> list[float]:
    """p values adjusted by Holm's step-down method (family-wise error)."""
    order, m, out, running = np.argsort(p, kind="stable"), len(p), [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (m - rank) * p[i]))
        out[i] = running
    return out


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """p values adjusted by Benjamini & Hochberg's step-up method (false discovery rate)."""
    order, m, out, running = np.argsort(p, kind="stable"), len(p), [0.0] * len(p), 1.0
    for rank in range(m - 1, -1, -1):
        i = order[rank]
        running = min(running, p[i] * m / (rank + 1))
        out[i] = running
    return out


# diversity ------------------------------------------------------------------------------------------------------------


def hill(counts: np.ndarray, order: float) -> np.ndarray:
    """Effective number of sources of order 0 (all), 1 (typical) or 2 (dominant) along the last axis; nan if empty."""
    counts = np.asarray(counts, dtype=float)
    with np.errstate(all="ignore"):
        p = counts / counts.sum(-1, keepdims=True)
        if order == 1:
            return np.exp(-np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), p * 0).sum(-1))
        return np.where(p > 0, p**order, p * 0).sum(-1) ** (1 / (1 - order))


def coverage(counts: Sequence[int], size: int | None = None) -> float | None:
    """Share of all speech that comes from the sources seen in a sample of `size` (Chao & Jost 2012).

    Below n it is rarefied, above n extrapolated. None for fewer than two observations.
    """
    x = _whole(counts)
    n, f1, f2 = int(x.sum()), int((x == 1).sum()), int((x == 2).sum())
    size = n if size is None else size
    if n < 2 or size < 1:
        return None
    if size < n:
        unseen = [_choose(n - c, size) - _choose(n - 1, size) for c in x if n - c >= size]
        weights = [c / n for c in x if n - c >= size]
        return float(1 - sum(w * math.exp(u) for w, u in zip(weights, unseen, strict=True)))
    if f1 == 0:
        return 1.0
    top = (n - 1) * f1 if f2 else (n - 1) * (f1 - 1)
    return float(1 - f1 / n * (top / (top + 2 * (f2 or 1))) ** (size - n + 1))


def chao1(counts: Sequence[int]) -> float | None:
    """Lower bound of the number of sources there are, unseen ones included (Chao 1984)."""
    x = _whole(counts)
    n, f1, f2 = x.sum(), (x == 1).sum(), (x == 2).sum()
    return float(len(x) + (n - 1) / n * (f1 * f1 / (2 * f2) if f2 else f1 * (f1 - 1) / 2)) if n else None


def asymptotic(counts: Sequence[int], order: int) -> float | None:
    """Estimate of the Hill number of the whole (order 0: Chao 1984; 1: Chao, Wang & Jost 2013; 2: unbiased)."""
    x = _whole(counts)
    n, f1, f2 = int(x.sum()), int((x == 1).sum()), int((x == 2).sum())
    if n < 2:
        return None
    if order == 0:
        return chao1(counts)
    if order == 2:
        repeats = (x * (x - 1)).sum() / (n * (n - 1))
        return float(1 / repeats) if repeats else None
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, n + 1))])
    entropy = sum(c / n * (harmonic[n - 1] - harmonic[c - 1]) for c in x)
    a = 2 * f2 / ((n - 1) * f1 + 2 * f2) if f2 else (2 / ((n - 1) * (f1 - 1) + 2) if f1 else 1.0)
    if f1 and a < 1:
        tail = -math.log(a) - sum((1 - a) ** r / r for r in range(1, n))
        entropy += f1 / n * (1 - a) ** (1 - n) * tail if (1 - a) ** (n - 1) > 1e-200 else 0.0
    return math.exp(entropy)


def standardised(counts: Sequence[int], order: int, size: int) -> float | None:
    """The Hill number expected in a sample of `size`: rarefied below n, extrapolated above (Chao et al. 2014).

    None for fewer than two observations or a size beyond 2n, where extrapolation is guesswork.
    """
    x = _whole(counts)
    n, f1 = int(x.sum()), int((x == 1).sum())
    if n < 2 or not 1 <= size <= 2 * n:
        return None
    if size >= n:
        extra = size - n
        if order == 0:
            unseen = chao1(counts) - len(x)
            return float(len(x) + (unseen * (1 - (1 - f1 / (n * unseen + f1)) ** extra) if unseen else 0))
        if order == 1:
            end = asymptotic(counts, 1)
            return math.exp((n * math.log(hill(x, 1)) + extra * math.log(end)) / size)
        return float(1 / (1 / size + (size - 1) / size * (x * (x - 1)).sum() / (n * (n - 1))))
    expected = np.zeros(size + 1)  # how many sources are expected k times in the smaller sample
    for c in x:
        for k in range(max(1, size - (n - c)), min(c, size) + 1):
            expected[k] += math.exp(_choose(c, k) + _choose(n - c, size - k) - _choose(n, size))
    p = np.arange(1, size + 1) / size
    if order == 1:
        return math.exp(-(expected[1:] * p * np.log(p)).sum())
    return float((expected[1:] * p**order).sum() ** (1 / (1 - order)))


def at_coverage(counts: Sequence[int], order: int, target: float) -> float | None:
    """The Hill number at the sample size whose coverage is nearest `target`; None if beyond 2n."""
    n = int(_whole(counts).sum())
    if n < 2 or target > coverage(counts, 2 * n) + 1e-12:
        return None
    low, high = 1, 2 * n
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if coverage(counts, middle) >= target else (middle + 1, high)
    return standardised(counts, order, low)


def common_coverage(samples: Sequence[Sequence[int]]) -> float | None:
    """The highest coverage all samples can be brought to: the least of their coverages at 2n."""
    reached = [coverage(s, 2 * int(np.sum(s))) for s in samples]
    return None if None in reached or not reached else min(reached)


def gini(counts: Sequence[float]) -> float | None:
    """Inequality of the shares, 0 (all alike) to 1 - 1/k (one has all)."""
    x = np.sort(np.asarray(counts, dtype=float))
    x = x[x > 0]
    return float((2 * np.arange(1, len(x) + 1) - len(x) - 1) @ x / (len(x) * x.sum())) if len(x) else None


def diversity(counts: Sequence[Sequence[int]], *, draws: int = DRAWS, seed: int = SEED) -> dict:
    """Diversity of one outlet from articles x sources: counts, Hill numbers, interval of q1 over articles, verdict.

    Returns n, n_articles, q0, q1, q2, low, high (of q1), evenness (q1/q0), top_share (Berger & Parker 1970), gini,
    coverage, chao1, verdict. The bootstrap never finds new sources: read q0 with coverage and chao1.
    """
    table = np.asarray(counts, dtype=float).reshape(len(counts), -1)
    total = table.sum(0)
    n, articles = int(total.sum()), len(table)
    q1 = bootstrap(table, lambda sums: hill(sums, 1), draws=draws, seed=seed)
    q0, q2 = (float(hill(total, q)) if n else None for q in (0, 2))
    return {
        "n": n,
        "n_articles": articles,
        "q0": q0,
        "q1": q1.value,
        "q2": q2,
        "low": q1.low,
        "high": q1.high,
        "evenness": q1.value / q0 if n else None,
        "top_share": float(total.max() / n) if n else None,
        "gini": gini(total),
        "coverage": coverage(total),
        "chao1": chao1(total),
        "verdict": verdict(units=n, articles=articles, coverage=coverage(total)),
    }


def verdict(**given: float | None) -> str:
    """enough or too_few, by the thresholds in ENOUGH: at least 30 units, 10 articles, coverage .5; None = too few.

    Ten articles: below that a bootstrap over articles is too narrow (Cameron, Gelbach & Miller 2008). Thirty units: a
    share is then known to about 18 points either way at worst. Half coverage: below it most of what is compared is
    extrapolated.
    """
    return "enough" if all(v is not None and v >= ENOUGH[k] for k, v in given.items()) else "too_few"


def _whole(counts: Sequence[int]) -> np.ndarray:
    x = np.asarray(counts, dtype=float).ravel()
    if (x != np.round(x)).any() or (x < 0).any():
        raise ValueError("coverage and rarefaction need whole counts of sampling units; words are none, use shares")
    return x[x > 0].astype(int)


def _choose(n: int, k: int) -> float:
    """Log of the number of ways to choose k of n."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


# words ----------------------------------------------------------------------------------------------------------------


def dispersion(counts: Sequence[float], sizes: Sequence[float]) -> float | None:
    """DP of Gries 2008: 0 = spread like the text itself, towards 1 = clumped. None if the word never occurs."""
    x, s = np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float)
    return float(np.abs(x / x.sum() - s / s.sum()).sum() / 2) if x.sum() and s.sum() else None


def keyness(
    counts: Sequence[Sequence[int]], sizes: Sequence[int], groups: Sequence, *, draws: int = DRAWS, seed: int = SEED
) -> list[dict]:
    """What sets the first group (in sorted order) apart, one row per term: log2 ratio, dispersion, p over articles.

    counts: articles x terms; sizes: words per article; groups: one of two labels per article. The ratio has half an
    occurrence added on both sides. p permutes whole articles, since words of one article are not independent (Lijffijt
    et al. 2016), and q is p by Benjamini & Hochberg; both None where a group has fewer than two articles.
    """
    table, sizes = np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float)
    groups = np.asarray(groups).astype(str)
    first = groups == np.unique(groups)[0]
    ratio = np.log2((table[first].sum(0) + 0.5) / sizes[first].sum())
    ratio -= np.log2((table[~first].sum(0) + 0.5) / sizes[~first].sum())
    p: list[float | None] = [None] * table.shape[1]
    if min(first.sum(), (~first).sum()) > 1:
        observed = abs(table[first].sum(0) / sizes[first].sum() - table[~first].sum(0) / sizes[~first].sum())
        beyond = np.zeros(table.shape[1])
        for masks in _shuffles(first, draws=draws, seed=seed):
            here, words = masks @ table, (masks @ sizes)[:, None]
            gaps = abs(here / words - (table.sum(0) - here) / (sizes.sum() - words))
            beyond += (gaps >= observed - 1e-12).sum(0)
        p = list((beyond + 1) / (draws + 1))
    q = benjamini_hochberg(p) if p and None not in p else p
    return [
        {"log2_ratio": float(r), "dispersion": dispersion(column, sizes), "p": a, "q": b}
        for r, column, a, b in zip(ratio, table.T, p, q, strict=True)
    ]
