"""Coded tables against gold: a perfect coding scores 1, each kind of error moves its own measure and no other."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from helpers import coding, matching, reliability, validity
from helpers.codebook import Actor, Codebook
from helpers.study import Study

SEEDS = Path(__file__).parents[1] / "seeds"


def read(table):
    return list(csv.DictReader(io.StringIO((SEEDS / "gold" / f"{table}.csv").read_text(encoding="utf-8"))))


def perfect():
    """Rows of all tables as a coder would write them that sees everything as the gold does."""
    rows = {name: [] for name in coding.TABLES}
    articles = {r["article_id"]: {"article_id": r["article_id"]} for r in read("metadata")}
    for r in read("metadata"):
        if r["field"] in validity.FACTS:
            articles[r["article_id"]][r["field"]] = r["value"]
    rows["articles"] = list(articles.values())
    rows["lines"] = read("lines")
    rows["sentences"] = [r for r in read("sentences") for _ in range(int(r["n_sentences"]))]
    rows["frames"] = [r for r in read("frames") if r["tier"] in ("core", "anaphor", "adjacent", "counter")]
    rows["quotes"] = [{**r, "source_id": r["source_key"]} for r in read("quotes")]
    rows["sources"] = [{**r, "source_id": r["source_key"]} for r in read("sources")]
    rows["quantities"] = [{**r, "sentence": 1} for r in read("quantities") if r["tier"] != "T"]
    return rows


def study(rows, folder=SEEDS):
    tables = {name: coding.csv_text(columns, rows[name]) for name, columns in coding.TABLES.items()}
    actors = tuple(Actor(r["actor"], r["actor"], "person", ()) for r in read("frames")[:1])
    return Study(folder, Codebook(actors=actors), tables)


def scores(rows, folder=SEEDS):
    return {(r.table, r.measure): r.value for r in validity.measures(study(rows, folder)).itertuples()}


@pytest.fixture(scope="module")
def best():
    return scores(perfect())


def changed(best, rows):
    """The measures that a change of the perfect coding moves."""
    now = scores(rows)
    return {key: now[key] for key in best if now[key] != best[key]}


def test_a_perfect_coding_reaches_every_target(best):
    gates = validity.gates(study(perfect()))
    assert set(gates.verdict) == {"target"}
    counts = {key for key, value in best.items() if value == 0}
    assert {m for _, m in counts} == {"traps coded", "others called a named expert", "others called a trade figure"}
    assert {key: value for key, value in best.items() if key not in counts and value != pytest.approx(1)} == {}


def test_every_row_says_what_it_rests_on():
    table = validity.measures(study(perfect()))
    assert tuple(table.columns) == validity.COLUMNS
    assert not table.duplicated(["table", "measure"]).any()
    shares = table[table.low.notna()]
    assert (shares.low <= shares.value + 1e-9).all()
    assert (shares.high >= shares.value - 1e-9).all()
    assert len(read("frames")) == 130
    assert table[(table.table == "frames") & (table.measure == "core mentions found")].n.item() == 32


def test_a_missed_mention_and_a_coded_trap(best):
    rows = perfect()
    trap = next(r for r in read("frames") if r["tier"] == "trap")
    core = next(i for i, r in enumerate(rows["frames"]) if r["tier"] == "core")
    del rows["frames"][core]
    rows["frames"].append({**trap, "family": "peace", "tier": "core"})
    found = changed(best, rows)
    assert found["frames", "core mentions found"] == 31 / 32
    assert found["frames", "core mentions known to the gold"] == 31 / 32
    assert found["frames", "traps coded"] == 1
    assert {table for table, _ in found} == {"frames"}


def test_a_wrong_stance_moves_stance_alone(best):
    rows = perfect()
    row = next(r for r in rows["frames"] if r["tier"] == "core" and r["stance"] == "distanced")
    row["stance"] = "asserted"
    found = changed(best, rows)
    assert all(measure.startswith("stance") for _, measure in found)
    assert 0.9 < found["frames", "stance alpha"] < 1
    table = reliability.confusion(study(rows), "frames", "stance", tier="core")
    assert table.loc["distanced", "asserted"] == 1
    assert table.to_numpy().sum() == 32


def test_a_wrong_speaker_is_no_right_attribution(best):
    rows = perfect()
    row = next(r for r in rows["quotes"] if r["id"] == "dw-26")
    row.update(source_id="chong", speaker="Chong", speaker_start=9999, speaker_end=10004)
    found = changed(best, rows)
    assert found["quotes", "core with the right speaker"] == 79 / 80
    assert ("quotes", "core found") not in found
    assert found["quotes", "precision"] < 1


def test_a_document_may_be_named_in_short_but_a_person_not_by_another_name():
    gold = {"article_id": "x", "source_key": "js", "speaker": "Orlu-Vessany joint statement", "speaker_start": ""}
    short = {"article_id": "x", "source_id": "s1", "speaker": "that", "speaker_start": ""}
    named = matching.speaker({("x", "s1"): "a statement"}, frozenset())
    assert named(gold, short)
    assert not matching.speaker({("x", "s1"): "the ministry"}, frozenset())(gold, short)
    assert not matching.speaker({("x", "s1"): "a statement"}, frozenset({("x", "js")}))(
        {**gold, "speaker": "Ada"}, short
    )


def test_a_quote_nobody_is_named_for_is_not_wrong(best):
    rows = perfect()
    extra = {"article_id": "dw", "spans": "10-20", "kind": "direct", "speaker": "", "source_id": ""}
    assert not changed(best, {**rows, "quotes": [*rows["quotes"], extra]})


def test_an_invented_attribution_costs_precision_alone(best):
    rows = perfect()
    extra = {"article_id": "dw", "spans": "10-20", "kind": "direct", "speaker": "Nobody", "source_id": "s99"}
    found = changed(best, {**rows, "quotes": [*rows["quotes"], extra]})
    assert {m for _, m in found} == {"precision", "precision, borderline aside"}


def test_an_expert_without_affiliation_and_one_invented(best):
    rows = perfect()
    for row in rows["sources"]:
        if row["source_id"] == "havren":
            row["affiliation"] = ""
        if row["source_id"] == "blinken":
            row["is_expert"] = 1
    found = changed(best, rows)
    assert found["sources", "named experts with role and affiliation"] == pytest.approx(8 / 9)
    assert found["sources", "others called a named expert"] == 1
    assert ("sources", "named experts found") not in found


def test_a_number_misread_a_bound_lost_and_a_trap(best):
    rows = perfect()
    row = next(r for r in rows["quantities"] if r["kind"] == "multiplier")
    row["comparator"] = "="
    trap = next(r for r in read("quantities") if r["tier"] == "T")
    rows["quantities"].append({**trap, "kind": "count", "value": "1", "sentence": 1})
    found = changed(best, rows)
    assert found["quantities", "trade figures with value, comparator, unit"] == pytest.approx(6 / 7)
    assert found["quantities", "value and comparator right"] < 1
    assert found["quantities", "traps coded"] == 1
    assert ("quantities", "trade figures with all stated slots") not in found


def test_a_flow_turned_round_is_wrong_unless_it_goes_both_ways(best):
    rows = perfect()
    trade = [r for r in rows["quantities"] if r["is_trade"] == "1"]
    both = next(r for r in trade if r["importer"] == "China<->Russia")
    both["importer"] = both["exporter"] = "Russia<->China"
    assert not changed(best, rows)
    one = next(r for r in trade if r["exporter"] == "Russia" and r["importer"] == "China")
    one["exporter"], one["importer"] = "China", "Russia"
    assert {m for _, m in changed(best, rows)} == {"trade figures with all stated slots", "trade slots right"}


def test_nothing_coded_scores_nothing_and_does_not_fail():
    rows = perfect()
    empty = {name: [] for name in rows} | {"articles": rows["articles"]}
    found = scores(empty)
    assert found["frames", "core mentions found"] == 0
    assert found["frames", "stance alpha"] is None or found["frames", "stance alpha"] != found["frames", "stance alpha"]
    assert set(validity.gates(study(empty)).verdict) >= {"below", "not measured"}


def test_a_study_without_gold_has_no_measures(tmp_path):
    assert validity.measures(study(perfect(), tmp_path)).empty
    assert validity.gates(study(perfect(), tmp_path)).empty


def test_a_person_joins_by_a_file_in_the_folder(tmp_path):
    (tmp_path / "gold").mkdir()
    for path in (SEEDS / "gold").glob("frames.csv"):
        (tmp_path / "gold" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    person = [dict(r) for r in read("frames") if r["tier"] == "core"][:20]
    person[0]["voice"] = "other"
    text = coding.csv_text(person[0].keys(), person)
    (tmp_path / "gold" / "frames.ada.csv").write_text(text, encoding="utf-8")
    data = study(perfect(), tmp_path)
    assert reliability.coders(data, "frames") == ["machine", "gold", "ada"]
    found = reliability.agreement(data, "frames").set_index(["variable", "one", "other"])
    assert len(found) == 9
    assert found.loc[("voice", "gold", "ada"), "n"] == 20
    assert 0.8 < found.loc[("voice", "machine", "ada"), "value"] < 1
    assert found.loc[("stance", "machine", "ada"), "value"] == 1


@pytest.mark.parametrize(("table", "variable"), [("frames", "voice"), ("quotes", "kind"), ("quantities", "kind")])
def test_a_person_may_state_the_start_alone(tmp_path, table, variable):
    (tmp_path / "gold").mkdir()
    rows = perfect()
    made = [r for r in rows[table] if (r.get("start") or r.get("spans")) and r[variable]]
    person = [
        {"article_id": r["article_id"], "start": matching.place(r)[0], "coder": "ada", variable: r[variable]}
        for r in made
    ]
    text = coding.csv_text(person[0].keys(), person)
    (tmp_path / "gold" / f"{table}.ada.csv").write_text(text, encoding="utf-8")
    found = reliability.agreement(study(rows, tmp_path), table).set_index("variable").loc[variable]
    assert found.n >= len({(r["article_id"], r["start"]) for r in person})
    assert found.value > 0.95


def test_marks_are_read_as_floor_and_target():
    row = {"must_be": "at least", "floor": 0.5, "target": 0.9}
    verdicts = [validity._verdict({**row, "value": v}) for v in (0.95, 0.9, 0.6, 0.4, float("nan"))]
    assert verdicts == ["target", "target", "floor", "below", "not measured"]
    assert validity._verdict({**row, "value": 0.6, "floor": float("nan")}) == "short"
    assert validity._verdict({"must_be": "at most", "floor": 0, "target": 0, "value": 1}) == "below"


@pytest.mark.parametrize(
    ("gold", "coded", "same"),
    [
        ({"value": "12.8"}, {"value": "12.80"}, True),
        ({"low": "100"}, {"value": "100"}, True),
        ({"low": "100"}, {"low": "100"}, True),
        ({"low": "2", "high": "5"}, {"low": "2"}, True),
        ({"low": "2", "high": "5"}, {"low": "2", "high": "6"}, False),
        ({"value": "1950", "low": "1950", "high": "1953"}, {"low": "1950", "high": "1959"}, True),
        ({"value": "2031-03-21"}, {"value": "2031-03-22"}, False),
        ({"value": "3"}, {}, False),
    ],
)
def test_same_value(gold, coded, same):
    assert matching.same_value(gold, coded) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("fellow", "a senior fellow at the Orlu Institute", True),
        ("University of Velm (UV)", "UV", True),
        ("University of Velm", "Institute for Tides", False),
        ("analyst", "", False),
    ],
)
def test_same_text(one, other, same):
    assert matching.same_text(one, other) is same


def test_no_measure_of_the_seeds_is_under_its_floor(tmp_path):
    from helpers import study as studies

    folder, texts = SEEDS, sorted((SEEDS.parents[1] / "shared/seeds").glob("*.txt"))
    if texts and not any(SEEDS.glob("*.txt")):
        folder = shutil.copytree(SEEDS, tmp_path / "seeds")
        for path in texts:
            shutil.copy(path, folder)
    data = studies.read(folder)
    if data.articles.empty:
        pytest.skip("neither the seeds' texts nor their coded tables are at hand")
    gates = validity.gates(data)
    assert gates[gates.verdict.isin(["below", "not measured"])].empty


def test_anchors_and_benchmark_scores_fit_together():
    anchors, shown, scores = (validity.data(f"{n}.csv") for n in ("anchors", "benchmark_measures", "benchmarks"))
    assert {r["role"] for r in anchors} == {"human", "tool", "target"}
    assert all(0 <= float(r["value"]) <= 1 for r in anchors)
    assert {(r["task"], r["anchor"]) for r in shown} == {(r["task"], r["measure"]) for r in anchors}
    counts = ("hill1.mean_gold", "hill1.mean_coded", "irrelevant_coded")
    assert all(-1 <= float(r["value"]) <= 1 for r in scores if r["measure"] not in counts)
    assert all(float(r["low"]) <= float(r["high"]) for r in scores if r["low"])


def test_benchmark_scores_are_those_of_the_scorer_with_intervals_over_articles():
    from tests.benchmarks import scores

    folder = Path(__file__).parents[2] / "shared/benchmarks"
    if not folder.exists():
        pytest.skip("the benchmarks and their scorer are not at hand")
    module = scores.scorer(folder)
    units = [{"start": 0, "end": 5, "relevant": "yes", "voice": v} for v in ("outlet", "official")]
    golds = [{"id": str(i), "text": "truce", "units": [units[i % 2]]} for i in range(12)]
    rows = {str(i): [{"start": "0", "end": "5", "family": "peace", "voice": "outlet"}] for i in range(10)}
    module.gold, module.rows = lambda _: golds, lambda *_: rows
    made = {r["measure"]: r for r in scores.score(module, "frames", Path("invented.jsonl"), Path(), draws=50)}
    assert made["recall"]["value"] == pytest.approx(10 / 12, abs=0.001)
    assert made["recall"]["low"] < 10 / 12 < made["recall"]["high"]
    assert made["voice.accuracy"]["value"] == 0.5
    assert made["recall"]["n"] == 12


@pytest.mark.parametrize("case", ["perfect", "nothing coded", "no gold"])
def test_charts_are_drawn_with_their_tables_whatever_is_there(case, tmp_path):
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    from helpers.charts import validity as charts

    rows = perfect()
    if case == "nothing coded":
        rows = {name: [] for name in rows} | {"articles": rows["articles"]}
    data = study(rows, tmp_path if case == "no gold" else SEEDS)
    for draw in charts.CHARTS.values():
        figure, table = draw(data)
        figure.canvas.draw()
        assert figure.texts[0].get_text()
        assert list(table.columns)
        pyplot.close(figure)
    assert "." in charts.describe(charts.scored(data, agreement=True), "Agreement")


def test_misses_name_the_place_and_both_readings():
    rows = perfect()
    assert all(validity.misses(study(rows), t).empty for t in ("frames", "quotes", "quantities"))
    row = next(r for r in rows["frames"] if r["tier"] == "core")
    row["voice"] = "other"
    quote = next(r for r in rows["quotes"] if r["id"] == "dw-26")
    quote.update(source_id="chong", speaker="Chong", speaker_start=9999, speaker_end=10004)
    rows["quantities"] = [r for r in rows["quantities"] if r["surface"] != "12.8%"]
    found = {t: validity.misses(study(rows), t) for t in ("frames", "quotes", "quantities")}
    frame = {"article_id": "cna", "start": 324, "error": "voice", "gold": "outlet", "coded": "other", "found": 1}
    assert found["frames"].drop(columns="place").to_dict("records") == [frame]
    assert found["quotes"].drop(columns=["place", "found"]).iloc[0].to_dict() | {"start": 0} == {
        "article_id": "dw", "start": 0, "error": "speaker", "gold": "Antony Blinken", "coded": "Ian Chong",
    }  # fmt: skip
    assert found["quantities"][["error", "gold", "coded", "found"]].to_numpy().tolist() == [["figure", "= 12.8", "", 0]]


def test_verbs_of_saying_are_counted_by_their_cue():
    from tests.benchmarks import scores

    text = "Roe said it rains. Lund wants rain. Roe noted the wind."
    gold = [
        {"content": [[9, 17]], "cue": [[4, 8]], "source": [[0, 3]], "kind": "indirect"},
        {"content": [[30, 34]], "cue": [[24, 29]], "source": [[19, 23]], "kind": "indirect"},
        {"content": [[46, 54]], "cue": [[40, 45]], "source": [[36, 39]], "kind": "direct"},
    ]
    row = {"spans": "9-17", "speaker_start": "0", "speaker_end": "3", "cue_start": "4", "cue_end": "8"}
    rows = [row | {"kind": "indirect"}, row | {"kind": "direct", "spans": "46-54", "speaker_start": "19"}]
    counts = scores.speech({"text": text, "attributions": gold}, rows)
    assert counts.tolist() == [[1, 2, 1, 2], [1, 1, 1, 1]]
    assert scores.speech_scores(counts[None])["speech_verb.p"] == 0.5
