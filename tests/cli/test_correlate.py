"""``opsweave correlate``: shapes of alerts, of graphs, bad lines, and what it says."""

import gzip
import json
import random
import subprocess
import sys

import pytest

GRAPH = {
    "nodes": [{"id": "svc:shop/edge"}, {"id": "svc:shop/pay"}, {"id": "db:shop/orders"}],
    "edges": [["svc:shop/edge", "svc:shop/pay", "calls"], ["svc:shop/pay", "db:shop/orders"]],
}
CATALOG = """
kind: Component
metadata: {name: edge}
spec: {type: service, dependsOn: [component:pay]}
---
kind: Component
metadata: {name: pay}
spec: {type: service, dependsOn: [resource:orders]}
---
kind: Resource
metadata: {name: orders}
spec: {type: database}
"""
ALERTMANAGER = {
    "status": "firing",
    "labels": {"alertname": "Slow", "service": "pay", "severity": "page"},
    "annotations": {"summary": "pay answers in 900 ms"},
    "startsAt": "2026-01-01T10:00:05Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://x",
}
LINES = [
    {"id": "a", "entity": "orders", "starts_at": "2026-01-01T10:00:00Z", "text": "9 lock waits"},
    ALERTMANAGER,
    {"alerts": [{**ALERTMANAGER, "status": "resolved", "endsAt": "2026-01-01T10:09:00Z"}]},
    {"uid": 9, "host": "edge", "title": "5xx", "time": 1767261625000, "labels": ["az:b", "team:x"]},
    {"id": "far", "entity": "elsewhere", "starts_at": 1767270000, "x_custom": "kept"},
]


def run(*arguments: str, input_: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "opsweave.cli", "correlate", *arguments],
        capture_output=True, timeout=60, check=False, input=input_,
    )  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """(alerts, graph)."""
    alerts, graph = tmp_path / "alerts.jsonl", tmp_path / "graph.json"
    alerts.write_text("\n".join(json.dumps(line) for line in LINES) + "\n")
    graph.write_text(json.dumps(GRAPH))
    return str(alerts), str(graph)


def test_foreign_shapes_meet_in_one_incident(files):
    body = json.loads(run(files[0], "--graph", files[1], "--json").stdout)
    one, other = body["incidents"]
    assert len(one["alerts"]) == 3 and other["alerts"] == ["far"]
    assert (one["alerts"][0], one["alerts"][2]) == ("a", "9")
    assert [why["alert"] for why in one["why"]] == one["alerts"]
    assert "leans on orders (1 hop)" in one["why"][1]["says"]
    assert body["compression"] == 0.5
    assert (body["alerts"], body["lines"], body["repeated"]) == (4, 5, 1)
    assert body["bad"] == {"count": 0, "lines": []}


def test_a_catalog_is_a_graph_too(files, tmp_path):
    catalog = tmp_path / "catalog-info.yaml"
    catalog.write_text(CATALOG)
    body = json.loads(run(files[0], "--graph", str(catalog), "--json").stdout)
    assert sorted(len(one["alerts"]) for one in body["incidents"]) == [1, 3]


def test_packed_shuffled_or_piped_the_answer_is_the_same(files, tmp_path):
    plain = json.loads(run(files[0], "--json").stdout)
    lines = [json.dumps(line).encode() for line in LINES]
    random.Random(4).shuffle(lines)
    packed = tmp_path / "a.gz"
    packed.write_bytes(gzip.compress(b"\n".join(lines)))
    for done in (run(str(packed), "--json"), run("-", "--json", input_=b"\n".join(lines))):
        assert json.loads(done.stdout) | {"seconds": 0} == plain | {"seconds": 0}


def test_bad_lines_are_counted_and_named_and_lose_no_good_one(files, tmp_path):
    bad = tmp_path / "bad.jsonl"
    good = json.dumps(LINES[0])
    bad.write_text(f'{{"id": 1\n{good}\n\n[1]\n{{"id": "x"}}\n{{"id": "y", "time": "noon"}}\n')
    done = run(str(bad), "--json")
    body = json.loads(done.stdout)
    assert (done.returncode, body["alerts"], body["bad"]["count"]) == (0, 1, 4)
    assert [entry["line"] for entry in body["bad"]["lines"]] == [1, 4, 5, 6]
    assert "starts_at: no time" in body["bad"]["lines"][2]["says"]
    people = run(str(bad))
    assert b"line 6: time: not a time" in people.stderr
    assert b"5 lines, 0 repeated, 4 bad" in people.stdout


def test_a_file_without_any_alert_is_refused(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text("hello\n")
    done = run(str(bad))
    assert done.returncode == 2
    assert b"no alert could be read; line 1: not JSON" in done.stderr
    bad.write_text("")
    assert b"The file holds no alert" in run(str(bad)).stdout


def test_a_wrong_graph_says_what_to_write(files, tmp_path):
    wrong = tmp_path / "graph.json"
    wrong.write_text('{"nodes": []}')
    done = run(files[0], "--graph", str(wrong))
    assert done.returncode == 2
    assert b'"edges": [["a", "b", "calls"]]' in done.stderr


def test_lines_are_written_again_with_all_their_fields(files, tmp_path):
    out = tmp_path / "out.jsonl"
    body = json.loads(run(files[0], "--graph", files[1], "--json", "--out", str(out)).stdout)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == 5
    assert rows[4]["x_custom"] == "kept"
    assert rows[0]["incident"] == rows[1]["incident"] == body["incidents"][0]["id"]


def test_opsweave_s_own_alerts(tmp_path):
    import msgspec

    from opsweave.facts import Alert

    def alert(entity, indicator, at_s):
        return Alert(
            id=f"{entity}-{indicator}", fingerprint=f"{entity}{indicator}", source="detector",
            entity=f"service:demo/shop/{entity}", indicator=indicator, started_ns=at_s * 10**9,
        )  # fmt: skip

    facts = [alert("cart", "self_time_p95", 1000), alert("cart", "latency_p95", 1005)]
    file = tmp_path / "own.jsonl"
    file.write_bytes(b"\n".join(msgspec.json.encode(fact) for fact in facts))
    body = json.loads(run(str(file), "--json").stdout)
    assert [one["alerts"] for one in body["incidents"]] == [
        ["cart-self_time_p95", "cart-latency_p95"]
    ]
    assert body["incidents"][0]["cause"] == "service:demo/shop/cart"


def test_it_says_which_type_comes_before_which(tmp_path):
    file = tmp_path / "a.jsonl"
    rows = [
        {"id": f"{type_}{n}", "device": "d", "type": type_, "ts": 1e9 + 9000 * n + after}
        for n in range(8)
        for type_, after in (("fiber", 0), ("radio", 30))
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    body = json.loads(run(str(file), "--json").stdout)
    (edge,) = body["type_edges"]
    assert (edge["cause"], edge["effect"], edge["first"], edge["n"]) == ("fiber", "radio", 16, 16)


def test_people_read_a_table(files):
    told = run(files[0], "--graph", files[1]).stdout.decode()
    assert "4 alerts in 2 incidents: 50.0% fewer to look at" in told
    assert "orders" in told


ONE = b'{"id": "a", "service": "cart", "time": 1700000000}\n'


@pytest.mark.parametrize(
    ("alerts", "graph", "says"),
    [
        (gzip.compress(ONE * 900)[:-12], None, "no whole gzip file"),
        (b"[" * 200_000, None, "line 1: not JSON"),
        (ONE, b"\xff\xfe", "not UTF-8"),
        (ONE, b'{"nodes": ' + b"[" * 200_000, "not a graph"),
        (ONE, b"{[1]}", "not a graph"),
    ],
)
def test_what_cannot_be_read_is_one_line(opsweave, tmp_path, alerts, graph, says):
    (tmp_path / "alerts.jsonl").write_bytes(alerts)
    (tmp_path / "graph.json").write_bytes(graph or b'{"nodes": [], "edges": []}')
    given = (str(tmp_path / "alerts.jsonl"), "--graph", str(tmp_path / "graph.json"))
    said = opsweave("correlate", *given, "--json")
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert said.err.count("\n") == 1


def test_a_mark_of_byte_order_and_a_graph_of_nulls_do_no_harm(opsweave, tmp_path):
    (tmp_path / "alerts.jsonl").write_bytes(b"\xef\xbb\xbf" + ONE)
    (tmp_path / "graph.json").write_bytes(
        b'\xef\xbb\xbf{"nodes": null, "edges": [["a", "b", null]]}'
    )
    given = (str(tmp_path / "alerts.jsonl"), "--graph", str(tmp_path / "graph.json"))
    assert opsweave("correlate", *given, "--json").json["alerts"] == 1
