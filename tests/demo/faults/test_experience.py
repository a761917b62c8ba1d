import json

from opsweave.demo.faults.experience import Experience


def line(at, **more):
    return json.dumps({"at": at, "path": "/cart", "ms": 500, "ok": True, "wronged": False} | more)


def test_both_files_are_read_as_they_grow(tmp_path):
    outcomes, mailbox = tmp_path / "o.jsonl", tmp_path / "m.jsonl"
    seen = Experience(outcomes, mailbox)
    assert seen.read() == ([], [])
    outcomes.write_text(line(10.0) + "\n" + line(9.0, ok=False) + "\n" + line(11.0)[:20])
    mailbox.write_text('{"at": 4.0, "delay": 1.5}\n')
    rows, mails = seen.read()
    assert [(row.done, row.ok) for row in rows] == [(9.5, False), (10.5, True)]
    assert [(mail.at, mail.delay, mail.ok) for mail in mails] == [(4.0, 1.5, True)]
    with outcomes.open("a") as file:
        file.write(line(11.0)[20:] + "\n")
    rows, _ = seen.read()
    assert [row.done for row in rows] == [9.5, 10.5, 11.5]
