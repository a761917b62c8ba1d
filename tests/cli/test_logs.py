import csv
import gzip
import json

import duckdb
import pytest

from opsweave.cli._app import run
from opsweave.cli._lines import LogFile

LINES = ["user bob logged in", "user 17 logged in", "", "disk full on /dev/sda1"]


def templates(capsys, *arguments):
    assert run(["logs", "templates", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def plain(folder):
    (folder / "app.log").write_text("\n".join(LINES) + "\n")
    return folder / "app.log"


def zipped(folder):
    (folder / "app.log.gz").write_bytes(gzip.compress("\r\n".join(LINES).encode()))
    return folder / "app.log.gz"


def table(folder, name="Content"):
    with (folder / "app.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("n", name))
        writer.writerows(enumerate(LINES))
    return folder / "app.csv"


def parquet(folder):
    duckdb.sql(f"COPY (FROM read_csv('{table(folder)}')) TO '{folder / 'app.parquet'}'")
    return folder / "app.parquet"


@pytest.mark.parametrize("made", [plain, zipped, table, parquet])
def test_every_line_has_its_final_template_and_its_values(tmp_path, capsys, made):
    out = tmp_path / "out.csv"
    body = templates(capsys, made(tmp_path), "--out", out)
    found = rows(out)
    assert list(found[0]) == ["line", "template_id", "template", "parameters"]
    assert [row["line"] for row in found] == ["1", "2", "3", "4"]
    assert [row["template"] for row in found] == [
        "user <*> logged in",
        "user <*> logged in",
        "",
        "disk full on <*>",
    ]
    assert [json.loads(row["parameters"]) for row in found] == [["bob"], ["17"], [], ["/dev/sda1"]]
    assert found[0]["template_id"] == found[1]["template_id"] == body["templates"][0]["id"]
    assert (body["lines"], body["unparsable"]) == (4, {"blank": 1, "cut": 0})
    assert body["templates"][0]["lines"] == 2
    assert body["templates"][0]["examples"] == LINES[:2]
    assert body["lines_per_second"] > 0


def test_headers_of_plain_lines_are_skipped_unless_they_are_wanted(tmp_path, capsys):
    path = tmp_path / "app.log"
    path.write_text("".join(f"2026-01-02 03:04:{i:02d} INFO web: ready now\n" for i in range(30)))
    assert templates(capsys, path)["templates"][0]["template"] == "ready now"
    body = templates(capsys, path, "--no-header")
    assert body["templates"][0]["template"] == "<*> INFO web: ready now"


def test_people_see_a_table(tmp_path, capsys):
    assert run(["logs", "templates", str(plain(tmp_path))]) == 0
    assert "user <*> logged in" in capsys.readouterr().out


def test_bytes_that_are_no_text_are_lines_too(tmp_path, capsys):
    path = tmp_path / "odd.log"
    path.write_bytes(b"ok 1\n\xff\xfe\x00 broken\nok 2\n")
    assert templates(capsys, path)["lines"] == 3


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("gone.log", None, "name a log file"),
        ("app.csv", "a,b\n1,2\n", "name the column of messages content"),
        ("app.parquet", "no parquet", "check the file"),
    ],
)
def test_bad_input_names_the_next_action(tmp_path, capsys, name, body, says):
    if body is not None:
        (tmp_path / name).write_text(body)
    assert run(["logs", "templates", str(tmp_path / name)]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("harm", ["cut", "changed"])
def test_a_broken_gzip_is_said_to_be_one(tmp_path, capsys, harm):
    packed = gzip.compress("\n".join(f"line {n * n}" for n in range(9000)).encode())
    broken = packed[:-20] if harm == "cut" else packed[:400] + bytes(50) + packed[450:]
    (tmp_path / "app.log.gz").write_bytes(broken)
    assert run(["logs", "templates", str(tmp_path / "app.log.gz"), "--json"]) == 2
    assert "is no whole gzip file" in capsys.readouterr().err


def test_what_gzip_unpacks_to_is_not_held_in_memory(tmp_path):
    lines = LogFile(zipped(tmp_path))
    assert list(lines) == list(lines) == LINES
    assert lines._held is None


TEXT = "".join(f"{line}\n" for line in LINES)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("mac.log", TEXT.replace("\n", "\r").encode()),
        ("twice.log", TEXT.replace("\n", "\r\r\n").encode()),
        ("marked.log", TEXT.encode("utf-8-sig")),
        ("little.log", TEXT.encode("utf-16")),
        ("big.log", b"\xfe\xff" + TEXT.encode("utf-16-be")),
        ("wide.log", TEXT.encode("utf-32")),
        ("packed.log.gz", gzip.compress(TEXT.replace("\n", "\r\n").encode("utf-16"))),
        ("no_end.log.gz", gzip.compress(TEXT.rstrip("\n").encode())),
        ("parts.log.gz", b"".join(gzip.compress(f"{line}\n".encode()) for line in LINES)),
        ("one.csv", f"content\n{TEXT}".encode()),
        ("semicolon.csv", ("n;content\n" + "".join(f"1;{line}\n" for line in LINES)).encode()),
        ("wide.csv", f"content\n{TEXT}".encode("utf-16")),
    ],
)
def test_the_same_lines_however_they_are_written(tmp_path, capsys, name, body):
    (tmp_path / name).write_bytes(body)
    out = tmp_path / "out.csv"
    assert templates(capsys, tmp_path / name, "--out", out)["lines"] == 4
    told = [row["template"] for row in rows(out)]
    assert told == ["user <*> logged in", "user <*> logged in", "", "disk full on <*>"]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b"", 0),
        (b"\n", 1),
        (b"\n\n\n", 3),
        (b"10 %\r20 %\r\ndone\n", 2),
        (b"a\x00b\nc\n", 2),
        ("a\u2028b\nc\x0bd\x0ce\x85f\n".encode(), 2),
        (b"x" * 3_000_000 + b"\n" + b"y z " * 800_000 + b"\nshort\n", 3),
        (b"no end yet" * 10_000 + b"\nof a line\n", 2),
    ],
)
def test_as_many_rows_as_lines(tmp_path, capsys, body, lines):
    (tmp_path / "app.log").write_bytes(body)
    out = tmp_path / "out.csv"
    assert templates(capsys, tmp_path / "app.log", "--out", out)["lines"] == lines
    assert len(rows(out)) == lines


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        ("SELECT * FROM (VALUES (1), (22), (NULL)) AS t(content)", ["1", "22", ""]),
        ("SELECT 'a\\xFFb'::BLOB AS content", ["a\ufffdb"]),
        ("SELECT TIMESTAMP '2026-01-02 03:04:05' AS content", ["2026-01-02 03:04:05"]),
        ("SELECT [1, 2] AS content", ["[1, 2]"]),
        ("SELECT true AS content", ["true"]),
    ],
)
def test_messages_that_are_no_text_are_read_as_such(tmp_path, made, wanted):
    duckdb.sql(f"COPY ({made}) TO '{tmp_path / 'app.parquet'}'")
    assert list(LogFile(tmp_path / "app.parquet")) == wanted
