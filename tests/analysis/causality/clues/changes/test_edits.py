"""What diffs show."""

from __future__ import annotations

import pytest

from opsweave.analysis.causality.clues.changes.diffs import patch
from opsweave.analysis.causality.clues.changes.edits import edits, placed, spoken


def says(diff: str) -> list[str]:
    return [e.says for e in edits(patch(diff))]


@pytest.mark.parametrize(
    ("diff", "expected"),
    [
        ("-    with lock:\n-        n += 1\n+    n += 1", "takes away a lock"),
        ("-pool_size: 40\n+pool_size: 4", "makes a pool smaller"),
        ("-  timeout: 30s\n+  timeout: 500ms", "waits less long"),
        ("-    cache.put(k, v, ttl)\n+    cache.put(k, v)", "takes away a limit"),
        ("+  for o in orders:\n+    client.get(o.id)", "calls something for each of many"),
        ("-  level: warn\n+  level: debug", "logs more"),
        ('-  A string `json:"total"`\n+  A string `json:"sum"`',
         "renames or retypes what is exchanged"),
        ("-  quantity: int\n+  quantity: string", "renames or retypes what is exchanged"),
        ("-  defer rows.Close()\n   for rows.Next() {", "takes away a release"),
        ("+ALTER TABLE a DROP COLUMN b;", "drops or alters what is stored"),
    ],
)  # fmt: skip
def test_risky_edits(diff, expected):
    assert expected in says(diff)


@pytest.mark.parametrize(
    "diff",
    [
        "-import a\n-import b\n+import b\n+import a",
        "-# one word\n+# another word",
        "-  x = 1;\n+  x = 1",
        "",
    ],
)
def test_form_alone_is_no_edit(diff):
    assert says(diff) == []


def test_code_that_is_moved_is_told_from_code_that_is_lost():
    gone = "-  if ok(a):\n-    send(a, b, c)\n-    rows.close(a, b)"
    come = "+  act(a, b, c)\n+def act(a, b, c):\n+  if ok(a):\n+    send(a, b, c)"
    moved = patch(f"{gone}\n{come}\n+    rows.close(a, b)")
    assert moved.moved
    assert all(e.strength <= 0.5 for e in edits(moved))
    assert not patch(f"{gone}\n{come}").moved
    assert "takes away a release" in says(f"{gone}\n{come}")


def test_a_nudge_weighs_less_than_a_tenfold_change():
    (nudge,) = [e for e in edits(patch("-pool: 40\n+pool: 34")) if "smaller" in e.says]
    (blow,) = [e for e in edits(patch("-pool: 40\n+pool: 4")) if "smaller" in e.says]
    assert nudge.strength < blow.strength / 2


def test_summaries_speak_where_no_diff_is():
    assert "waits less long" in [e.says for e in spoken("gateway.timeout: 30s -> 1s")]
    assert "limits requests" in [e.says for e in spoken("add a rate limiter for partners")]
    assert spoken("nicer words") == []


def test_places_of_files_hint():
    assert placed(["db/migrations/0007_names.py"])[0].says == "alters what is stored"
    assert placed(["app/views.py"]) == []
