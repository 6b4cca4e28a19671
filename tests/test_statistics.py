"""The estimators against independent implementations, published numbers and properties."""

import itertools
import math

import krippendorff
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import statistics

SPIDERS = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, 2, 2, 2, 2] + [1] * 12  # "Girdled", of the iNEXT package
counts = st.lists(st.integers(0, 40), min_size=1, max_size=12)
quick = settings(max_examples=30, deadline=None, derandomize=True)


# agreement


@pytest.mark.parametrize("metric", ["nominal", "interval", "ratio"])
@pytest.mark.parametrize("seed", range(4))
def test_alpha_equals_the_krippendorff_package_with_missing_data(metric, seed):
    generator = np.random.default_rng(seed)
    data = generator.integers(1, 5, size=(3, 25)).astype(float)
    data[1] = np.where(generator.random(25) < 0.7, data[0], data[1])
    data[generator.random(data.shape) < 0.2] = np.nan
    ours = statistics.alpha([list(row) for row in data], metric=metric, draws=20).value
    assert ours == pytest.approx(krippendorff.alpha(data, level_of_measurement=metric), abs=1e-12)


def test_alpha_equals_nltk():
    from nltk.metrics.agreement import AnnotationTask

    one, two = list("aabbccabca"), list("aabbcabbca")
    task = AnnotationTask([(c, str(i), v) for c, row in zip("xy", (one, two), strict=True) for i, v in enumerate(row)])
    assert statistics.alpha([one, two], draws=20).value == pytest.approx(task.alpha(), abs=1e-12)


def test_alpha_is_undefined_with_one_label_or_no_pair():
    assert statistics.alpha([["a", "a"], ["a", "a"]]).value is None
    assert statistics.alpha([["a", None], [None, "b"]]) == (None, None, None, 0, 0)
    assert statistics.alpha([[], []]).value is None


def test_alpha_interval_holds_the_value_and_shrinks_with_n():
    one, two = ["a", "b", "c", "a", "b"] * 8, ["a", "b", "c", "b", "b"] * 8
    small, large = statistics.alpha([one, two]), statistics.alpha([one * 10, two * 10])
    assert small.low < small.value < small.high
    assert large.high - large.low < (small.high - small.low) / 2
    assert statistics.alpha([one, two]) == small


def test_clusters_widen_the_interval_where_they_are_alike_inside():
    parts = [(value, 1) for value in (0, 1) * 10 for _ in range(5)]
    clusters = [i // 5 for i in range(100)]
    alone, together = (statistics.bootstrap(parts, statistics.share, clusters=c) for c in (None, clusters))
    assert (alone.n, alone.clusters, together.n, together.clusters) == (100, 100, 100, 20)
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


# intervals


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (3, 10), (10, 10), (450, 900)])
def test_wilson_equals_scipy(hits, n):
    low, high = scipy.stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert statistics.wilson(hits, n)[:3] == pytest.approx((hits / n, low, high))


@pytest.mark.parametrize("count", [0, 1, 6, 32, 400, 20_000])
def test_garwood_equals_the_chi_square_quantiles(count):
    low = scipy.stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0
    high = scipy.stats.chi2.ppf(0.975, 2 * count + 2) / 2
    assert statistics.garwood(count, 2.0)[:3] == pytest.approx((count / 2, low / 2, high / 2), rel=1e-9)


def test_bootstrap_of_a_mean_equals_scipy_within_sampling_error():
    data = np.random.default_rng(3).normal(2, 1, 60)
    ours = statistics.bootstrap(np.c_[data, np.ones(60)], statistics.share, draws=4000)
    theirs = scipy.stats.bootstrap((data,), np.mean, method="percentile", n_resamples=4000, rng=3).confidence_interval
    assert ours[1:3] == pytest.approx((theirs.low, theirs.high), abs=0.03)


def test_difference_has_its_own_interval():
    low = [(v, 1) for v in (0.1, 0.2, 0.3, 0.2) * 5]
    high = [(v + 1, 1) for v, _ in low]
    assert statistics.difference(high, low, statistics.share).value == pytest.approx(1)
    found = statistics.difference(high, low, statistics.share)
    assert 0.9 < found.low < 1 < found.high < 1.1
    assert statistics.difference([], low, statistics.share).value is None


def test_permutation_equals_full_enumeration():
    values, groups = [1.0, 2.0, 3.0, 10.0, 11.0, 12.5], list("aaabbb")
    parts = [(v, 1) for v in values]
    observed = abs(np.mean(values[:3]) - np.mean(values[3:]))
    splits = list(itertools.combinations(range(6), 3))
    exact = sum(
        abs(np.mean([values[i] for i in s]) - np.mean([values[i] for i in range(6) if i not in s])) >= observed - 1e-9
        for s in splits
    ) / len(splits)
    assert statistics.permutation(parts, groups, statistics.share, draws=4000) == pytest.approx(exact, abs=0.02)
    assert statistics.permutation(parts[:4], list("aaab"), statistics.share) is None


def test_adjusted_p_values():
    p = [0.01, 0.04, 0.03, 0.5]
    assert statistics.benjamini_hochberg(p) == pytest.approx(scipy.stats.false_discovery_control(p))
    assert statistics.holm(p) == pytest.approx([0.04, 0.09, 0.09, 0.5])


def test_resamples_cover_all_draws_whatever_the_size():
    chunks = list(statistics.resamples(6_000_000, draws=3))
    assert [c.shape for c in chunks] == [(1, 6_000_000)] * 3
    assert all(c.sum() == 6_000_000 for c in chunks)


# scores


def test_scores_and_macro_f1():
    assert statistics.scores(8, 10, 16) == {"precision": 0.8, "recall": 0.5, "f1": pytest.approx(16 / 26)}
    assert statistics.scores(0, 0, 0) == {"precision": None, "recall": None, "f1": None}
    assert statistics.macro_f1(list("aabb"), list("aabc")) == pytest.approx((1 + 2 / 3) / 2)
    labels, table = statistics.confusion(list("aab"), list("abb"))
    assert (labels, table.tolist()) == (["a", "b"], [[1, 1], [0, 1]])


# diversity


def test_spiders_give_the_published_numbers():
    assert [float(statistics.hill(SPIDERS, q)) for q in (0, 1, 2)] == pytest.approx([26, 12.06, 7.84], abs=0.005)
    found = [statistics.asymptotic(SPIDERS, q) for q in (0, 1, 2)]
    assert found == pytest.approx([43.893, 13.826, 8.175], abs=0.0005)
    assert statistics.coverage(SPIDERS) == pytest.approx(0.9289, abs=0.00005)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_rarefaction_equals_the_mean_of_all_subsamples(order):
    sources, size = [0, 0, 0, 1, 1, 2, 3], 4
    samples = [np.bincount(s, minlength=4) for s in itertools.combinations(sources, size)]
    expected = np.mean(samples, 0)
    if order == 0:
        assert statistics.standardised([3, 2, 1, 1], 0, size) == pytest.approx(
            np.mean([np.count_nonzero(s) for s in samples])
        )
    if order == 1:
        shares = [s[s > 0] / size for s in samples]
        entropy = np.mean([-(p * np.log(p)).sum() for p in shares])
        assert statistics.standardised([3, 2, 1, 1], 1, size) == pytest.approx(math.exp(entropy))
    if order == 2:
        simpson = np.mean([((s / size) ** 2).sum() for s in samples])
        assert statistics.standardised([3, 2, 1, 1], 2, size) == pytest.approx(1 / simpson)
    assert expected.sum() == pytest.approx(size)


@given(counts, st.sampled_from([0, 1, 2]))
@quick
def test_hill_numbers_equal_scikit_bio(x, order):
    from skbio.diversity import alpha as skbio

    if sum(x):
        assert float(statistics.hill(x, order)) == pytest.approx(skbio.hill(x, order=order))
        gaps = [abs(a - b) for a in x if a for b in x if b]
        assert statistics.gini(x) == pytest.approx(np.mean(gaps) / 2 / np.mean([c for c in x if c]))
        assert max(x) / sum(x) == pytest.approx(skbio.berger_parker_d(x))
    else:
        assert math.isnan(statistics.hill(x, order))


@given(counts)
@quick
def test_size_and_coverage_standardised_numbers_are_consistent(x):
    n = sum(x)
    if n < 2:
        assert statistics.coverage(x) is None
        return
    assert statistics.chao1(x) >= np.count_nonzero(x)
    assert 0 <= statistics.coverage(x, 1) <= statistics.coverage(x) + 1e-9 <= statistics.coverage(x, 2 * n) + 2e-9
    for order in (0, 1, 2):
        assert statistics.standardised(x, order, n) == pytest.approx(float(statistics.hill(x, order)))
        assert statistics.standardised(x, order, 1) == pytest.approx(1)
        assert statistics.standardised(x, order, 2 * n + 1) is None


def test_equal_coverage_compares_what_was_sampled_alike():
    few, many = [3, 1, 1, 1], [30, 20, 10, 5, 5, 2, 1, 1]
    common = statistics.common_coverage([few, many])
    assert common == pytest.approx(statistics.coverage(few, 12))
    assert statistics.at_coverage(many, 0, common) < statistics.hill(many, 0)
    assert statistics.at_coverage(few, 0, 0.999) is None
    assert statistics.common_coverage([few, [1]]) is None


def test_words_are_no_sampling_units():
    with pytest.raises(ValueError, match="whole counts"):
        statistics.coverage([1.5, 2])


def test_three_articles_are_too_few_and_thirty_are_not():
    three = statistics.diversity([[3, 1, 0], [0, 2, 2], [1, 1, 1]])
    assert (three["verdict"], three["n"], three["n_articles"], three["q0"]) == ("too_few", 11, 3, 3)
    assert statistics.diversity([[3, 1, 1], [2, 2, 1]] * 15)["verdict"] == "enough"
    assert statistics.diversity([[4, 2]])["low"] is None
    assert statistics.diversity([[0, 0]])["q1"] is None


# words


def test_dispersion_of_gries():
    assert statistics.dispersion([1, 1], [50, 50]) == 0
    assert statistics.dispersion([2, 0], [50, 50]) == 0.5
    assert statistics.dispersion([0, 0], [50, 50]) is None


def test_keyness_is_a_tuple_not_a_single_p():
    table = [[9, 5], [8, 4], [9, 6], [1, 5], [0, 4], [1, 6]]
    key, common = statistics.keyness(table, [100] * 6, list("aaabbb"), draws=400)
    assert key["log2_ratio"] == pytest.approx(math.log2(26.5 / 2.5))
    assert key["p"] == pytest.approx(0.1, abs=0.03)
    assert key["q"] >= key["p"]
    assert common["log2_ratio"] == 0
    assert common["p"] > 0.5
    assert statistics.keyness(table[:4], [100] * 4, list("aaab"))[0]["p"] is None


def test_power_grows_with_agreement_and_with_n():
    shares = [3, 13, 8, 5, 2, 1]
    few, many = (statistics.power(0.92, n, shares) for n in (32, 200))
    assert 0.3 < few < 0.6
    assert many > 0.95
    assert statistics.power(0.7, 200, shares) < 0.05
    assert statistics.power(0.92, 32, shares) == few
