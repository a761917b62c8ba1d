import json

import duckdb

from opsweave.cli._app import run


def case(folder):
    """Twenty quiet seconds of three services, then one of them is busy."""
    duckdb.sql(
        f"""COPY (
            SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i) AS ts, e AS entity,
                   'service' AS entity_kind, 'cpu_usage' AS metric, '%' AS unit,
                   (10 + (i * 7 + length(e)) % 3
                    + CASE WHEN e = 'pay' AND i >= 20 THEN 60 ELSE 0 END)::FLOAT AS value
            FROM range(40) r(i), (VALUES ('pay'), ('web'), ('search')) v(e)
        ) TO '{folder / "metrics.parquet"}' (FORMAT parquet)"""
    )
    (folder / "case.json").write_text(json.dumps({"onset": "2026-01-01T00:00:20Z"}))
    return folder


def test_json_has_the_shape_of_the_contract(tmp_path, capsys):
    assert run(["rca", str(case(tmp_path)), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"causes", "dismissed", "no_change_is_guilty", "seconds"}
    first = answer["causes"][0]
    assert (first["rank"], first["entity"], first["indicator"]) == (1, "pay", "cpu_usage")
    assert first["change"] is None
    assert 0.0 < first["confidence"] <= 1.0
    assert first["parts"]
    assert first["evidence"]


def test_people_see_who_and_why(tmp_path, capsys):
    assert run(["rca", str(case(tmp_path))]) == 0
    out = capsys.readouterr().out
    assert "pay" in out
    assert "No change is guilty" in out


def test_an_empty_case_has_no_cause(tmp_path, capsys):
    assert run(["rca", str(tmp_path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["causes"], answer["no_change_is_guilty"]) == ([], None)


def test_a_folder_that_is_not_there_is_bad_input(tmp_path, capsys):
    assert run(["rca", str(tmp_path / "absent")]) == 2
    assert "absent" in capsys.readouterr().err
