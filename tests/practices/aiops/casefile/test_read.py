"""Case folders: whole, nearly empty, and broken."""

import gzip
import json

import duckdb
import numpy as np
import pytest

from opsweave.kernel.errors import RejectInput
from opsweave.practices.aiops.casefile import read_case


def write(folder, name, body):
    (folder / name).write_text(json.dumps(body))


def parquet(folder, name, select):
    duckdb.sql(f"COPY ({select}) TO '{folder / name}' (FORMAT parquet)")


METRICS = """
    SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i) AS ts, e AS entity,
           'service' AS entity_kind, 'cpu' AS metric, '' AS unit,
           CASE WHEN i = 3 THEN 'nan'::FLOAT ELSE i::FLOAT END AS value
    FROM range(5) r(i), (VALUES ('b'), ('a')) v(e) ORDER BY i DESC
"""


def test_an_empty_folder_is_a_dossier_without_anything(tmp_path):
    dossier = read_case(tmp_path)
    assert (len(dossier.metrics), len(dossier.lines), len(dossier.spans)) == (0, 0, 0)
    assert dossier.onset_ns is None


def test_series_are_grouped_in_time_order_and_hold_finite_values_only(tmp_path):
    parquet(tmp_path, "metrics.parquet", METRICS)
    dossier = read_case(tmp_path)
    found = list(dossier.metrics)
    assert [name.entity for name, _, _ in found] == ["a", "b"]
    for _, times, values in found:
        assert list(values) == [0.0, 1.0, 2.0, 4.0]
        assert np.all(np.diff(times) > 0)
    assert dossier.start_ns == 1_767_225_600 * 10**9
    assert dossier.end_ns == dossier.start_ns + 4 * 10**9


def test_times_and_windows_of_the_case_count_before_those_of_the_records(tmp_path):
    write(
        tmp_path,
        "case.json",
        {
            "start": "2026-01-01T00:00:00Z",
            "end": "2026-01-01T01:00:00.500Z",
            "onset": "2026-01-01T00:30:00+00:00",
            "reference": [["2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z"]],
            "incident": None,
            "symptom": {"entity": "web", "indicator": "latency"},
            "answer_kinds": ["service"],
        },
    )
    dossier = read_case(tmp_path)
    assert dossier.end_ns - dossier.start_ns == 3_600_500_000_000
    times = np.array([dossier.start_ns, dossier.start_ns + 1_200 * 10**9, dossier.end_ns])
    assert list(dossier.usual(times)) == [True, False, False]
    assert list(dossier.faulty(times)) == [False, False, True]
    assert dossier.symptom_entity == "web"


def test_without_a_word_on_the_onset_the_first_half_is_usual(tmp_path):
    parquet(tmp_path, "metrics.parquet", METRICS)
    dossier = read_case(tmp_path)
    assert dossier.pivot_ns == dossier.start_ns + 2 * 10**9


def test_lines_and_spans_have_empty_texts_for_what_is_not_there(tmp_path):
    at = "TIMESTAMPTZ '2026-01-01 00:00:00+00' AS ts"
    parquet(tmp_path, "logs.parquet", f"SELECT {at}, 'a' AS entity, 'hello' AS body")
    parquet(
        tmp_path,
        "spans.parquet",
        f"SELECT {at}, 7::BIGINT AS duration_us, 't' AS trace_id, 's' AS span_id, "
        "NULL::VARCHAR AS parent_id, 'a' AS entity, 'get' AS operation",
    )
    dossier = read_case(tmp_path)
    assert (dossier.lines.body, dossier.lines.severity) == (["hello"], [""])
    assert (dossier.spans.parent_id, dossier.spans.status) == ([""], [""])
    assert list(dossier.spans.duration_us) == [7]


def test_changes_carry_diffs_steps_and_what_they_ship(tmp_path):
    write(
        tmp_path,
        "changes.json",
        [
            {"id": "c1", "ts": "2026-01-01T00:00:00Z", "entity": None, "kind": "commit"},
            {
                "id": "d1",
                "ts": "2026-01-01T00:05:00Z",
                "entity": "web",
                "kind": "deploy",
                "commit": "c1",
                "steps": [{"ts": "2026-01-01T00:06:00Z", "new_pods": ["web-2"]}],
            },
        ],
    )
    write(tmp_path, "diffs.json", {"c1": "--- a\n+++ b"})
    commit, deploy = read_case(tmp_path).changes
    assert (commit.entity, commit.diff) == ("", "--- a\n+++ b")
    assert deploy.commits == ("c1",)
    assert deploy.steps[0].new == ("web-2",)


def test_a_gzipped_state_is_read(tmp_path):
    (tmp_path / "k8s_state.json.gz").write_bytes(
        gzip.compress(json.dumps({"kubectl get pods": "NAME"}).encode())
    )
    assert read_case(tmp_path).state == {"kubectl get pods": "NAME"}


def test_a_truth_beside_or_inside_the_folder_changes_nothing(tmp_path):
    parquet(tmp_path, "metrics.parquet", METRICS)
    before = read_case(tmp_path)
    (tmp_path / "truth").mkdir()
    write(tmp_path, "truth.json", {"entity": "a"})
    after = read_case(tmp_path)
    assert (before.nodes, before.alerts, before.changes) == (
        after.nodes,
        after.alerts,
        after.changes,
    )


@pytest.mark.parametrize(
    ("name", "raw", "field"),
    [
        ("case.json", b"{", "case.json"),
        ("case.json", b"[]", "case.json"),
        ("case.json", b'{"onset": "yesterday"}', "onset"),
        ("case.json", b'{"incident": ["2026-01-01T00:00:00Z", null]}', "incident"),
        ("changes.json", b'[{"id": "x"}]', "changes.json"),
        ("metrics.parquet", b"no parquet", "metrics.parquet"),
        ("k8s_state.json.gz", b"no gzip", "k8s_state.json"),
        ("graph.json", b"\xff\xfe", "graph.json"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, name, raw, field):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(RejectInput) as refused:
        read_case(tmp_path)
    assert refused.value.field == field


def test_a_missing_column_is_named(tmp_path):
    parquet(tmp_path, "metrics.parquet", "SELECT now() AS ts, 'a' AS entity, 1.0 AS value")
    with pytest.raises(RejectInput, match="metric"):
        read_case(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RejectInput):
        read_case(tmp_path / "absent")


WHEN = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("case.json", {"symptom": "cart"}, "symptom"),
        ("case.json", {"incident": [WHEN]}, "incident"),
        ("case.json", {"reference": [WHEN, WHEN]}, "reference"),
        ("case.json", {"answer_kinds": 3}, "answer_kinds"),
        ("graph.json", [["a", "b", "calls"]], "graph.json"),
        ("graph.json", {"nodes": [{"kind": "service"}]}, "graph.json nodes"),
        ("graph.json", {"edges": [["a"]]}, "graph.json edges"),
        ("changes.json", ["c1"], "changes.json[0]"),
        ("changes.json", {"changes": []}, "changes.json"),
        ("diffs.json", [1], "diffs.json"),
        ("alerts.json", [{"ts": WHEN}, "x"], "alerts.json[1]"),
        ("k8s_state.json", ["a"], "k8s_state.json"),
        ("log_patterns.json", 3, "log_patterns.json"),
    ],
)
def test_a_document_of_another_shape_is_named(tmp_path, name, body, field):
    write(tmp_path, name, body)
    with pytest.raises(RejectInput) as caught:
        read_case(tmp_path)
    assert caught.value.field == field


def test_json_that_is_nested_without_end_is_refused(tmp_path):
    (tmp_path / "case.json").write_text("[" * 200_000)
    with pytest.raises(RejectInput, match=r"case\.json"):
        read_case(tmp_path)


def test_a_graph_may_name_nodes_and_edges_in_either_form(tmp_path):
    edges = [["a", "b"], {"from": "b", "to": "c", "kind": "runs_on"}, ["c", "d", None]]
    write(tmp_path, "graph.json", {"nodes": ["a", {"id": "b", "kind": None}], "edges": edges})
    dossier = read_case(tmp_path)
    assert dossier.nodes == {"a": "", "b": ""}
    assert dossier.edges == (("a", "b", "calls"), ("b", "c", "runs_on"), ("c", "d", "calls"))


def test_rows_without_a_time_are_left_out_and_numbers_may_be_text(tmp_path):
    row = "SELECT {ts} AS ts, 7 AS entity, 'm' AS metric, '1.5' AS value"
    first, second = row.format(ts=f"TIMESTAMPTZ '{WHEN}'"), row.format(ts="NULL::TIMESTAMPTZ")
    parquet(tmp_path, "metrics.parquet", f"{first} UNION ALL {second}")
    [(name, times, values)] = read_case(tmp_path).metrics
    assert (name.entity, list(values)) == ("7", [1.5])
    assert list(times) == [1_767_225_600 * 10**9]


def test_times_of_another_type_are_refused_with_the_remedy(tmp_path):
    select = "SELECT 1 AS ts, 'a' AS entity, 'm' AS metric, 1.0 AS value"
    parquet(tmp_path, "metrics.parquet", select)
    with pytest.raises(RejectInput, match=r"metrics\.parquet: ts is INTEGER \(write it as"):
        read_case(tmp_path)


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path):
    folder = tmp_path / "case[1]*"
    folder.mkdir()
    parquet(folder, "metrics.parquet", METRICS)
    assert len(read_case(folder).metrics) == 2


def test_samples_of_nobody_are_left_out(tmp_path):
    parquet(
        tmp_path,
        "metrics.parquet",
        "SELECT now() AS ts, unnest(['', 'a', NULL]) AS entity, 'cpu' AS metric, 1.0 AS value",
    )
    assert [name.entity for name, _, _ in read_case(tmp_path).metrics] == ["a"]
