from opsweave.analysis.detection.shelf import _jit, run


def test_a_kernel_on_disk_knows_all_that_it_calls(monkeypatch, tmp_path):
    before = _jit.sources()
    for name in ("_jit.py", "level.py"):
        (tmp_path / name).write_text("STEP = 1\n")
    monkeypatch.setattr(_jit, "__file__", str(tmp_path / "_jit.py"))
    one = _jit.sources()
    (tmp_path / "level.py").write_text("STEP = 2\n")
    assert len({before, one, _jit.sources()}) == 3


def test_the_digest_is_in_the_closure_of_both_loops():
    for loop in (run.table, run.rows):
        held = [cell.cell_contents for cell in loop.py_func.__closure__]
        assert _jit.sources() in held
