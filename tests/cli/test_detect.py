import gzip

import duckdb
import numpy as np
import pytest

from opsweave.cli._series import read

N, SPIKE = 900, 700
SECONDS = 1_600_000_000 + 60 * np.arange(N)


@pytest.fixture
def values():
    made = np.random.default_rng(1).normal(100.0, 5.0, N)
    made[SPIKE : SPIKE + 3] += 90.0
    return made


def write(path, columns):
    with duckdb.connect() as connection:
        connection.register("made", columns)
        form = "csv, header" if path.suffix == ".csv" else "parquet"
        connection.execute(f"COPY (FROM made) TO '{path}' (FORMAT {form})")
    return path


def rows(path):
    with duckdb.connect() as connection:
        return connection.execute("FROM read_parquet(?)", [str(path)]).fetchnumpy()


def test_scores_every_row_and_tells_the_episode(opsweave, tmp_path, values):
    file = write(tmp_path / "a.parquet", {"timestamp": SECONDS, "value": values})
    said = opsweave("detect", str(file), "--out", str(tmp_path / "out.parquet"), "--json")
    assert said.code == 0
    [episode] = said.json["episodes"]
    assert episode["onset"] == "2020-09-14T00:06:40.000Z"
    assert episode["direction"] == "up"
    assert episode["lower"] < episode["expected"] < episode["upper"] < episode["seen"]
    assert "expected" in episode["reason"]
    out = rows(tmp_path / "out.parquet")
    assert list(out) == ["timestamp", "value", "score", "expected", "lower", "upper", "anomaly"]
    assert np.flatnonzero(out["anomaly"]).tolist() == [SPIKE]
    assert int(np.argmax(out["score"])) - SPIKE in range(3)


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("s", SECONDS),
        ("ms", SECONDS * 1000),
        ("us", SECONDS * 1_000_000),
        ("ns", SECONDS * 1_000_000_000),
        ("s", SECONDS + 0.25),
        ("timestamp", SECONDS.astype("datetime64[s]").astype("datetime64[us]")),
        ("text", np.datetime_as_string(SECONDS.astype("datetime64[s]")) + np.array("+00:00")),
    ],
)
def test_times_in_any_usual_form(opsweave, tmp_path, values, unit, times):
    if times.dtype.kind == "U":
        times = times.astype(object)
    file = write(tmp_path / "a.parquet", {"timestamp": times, "value": values})
    said = opsweave("detect", str(file), "--json").json
    assert said["times"]["unit"] == unit
    assert [e["onset"][:16] for e in said["episodes"]] == ["2020-09-14T00:06"]


def test_rows_out_of_order_twice_or_without_a_time_are_counted(opsweave, tmp_path, values):
    order = np.random.default_rng(2).permutation(N)
    times = np.ma.masked_array(SECONDS[order].astype(float), order == 5)
    times[order == 10] = SECONDS[11]
    file = write(
        tmp_path / "a.csv",
        {"timestamp": times.filled(np.nan), "value": values[order]},
    )
    text = file.read_text().replace("nan", "")
    file.write_text(text)
    out = tmp_path / "out.parquet"
    said = opsweave("detect", str(file), "--out", str(out), "--json").json
    assert said["times"]["missing"] == 1
    assert said["times"]["duplicates"] == 1
    assert said["times"]["unsorted"] > 100
    found = rows(out)
    assert len(found["score"]) == N
    assert found["value"][np.flatnonzero(found["anomaly"])].tolist() == [values[SPIKE]]


def test_answers_are_never_read(opsweave, tmp_path, values):
    label = np.zeros(N, np.int8)
    split = np.where(np.arange(N) < 400, "train", "test").astype(object)
    plain = write(tmp_path / "a.parquet", {"timestamp": SECONDS, "value": values})
    told = write(
        tmp_path / "b.parquet",
        {"timestamp": SECONDS, "value": values, "label": label, "split": split, "host": split},
    )
    one, two = (opsweave("detect", str(f), "--json").json for f in (plain, told))
    assert one["episodes"] == two["episodes"]
    assert set(two["ignored"]) == {"label", "split", "host"}


def test_without_times_rows_count(opsweave, tmp_path, values):
    file = write(tmp_path / "a.parquet", {"value": values})
    said = opsweave("detect", str(file), "--json").json
    assert said["times"]["column"] is None
    assert [e["onset"] for e in said["episodes"]] == [SPIKE]


def test_several_columns_are_one_entity(opsweave, tmp_path, values):
    calm = np.random.default_rng(3).normal(5.0, 1.0, N)
    file = write(tmp_path / "a.parquet", {"m00": calm, "m01": values, "label": np.zeros(N)})
    out = tmp_path / "out.parquet"
    said = opsweave("detect", str(file), "--out", str(out), "--json").json
    assert said["kind"] == "entity"
    assert said["columns"] == ["m00", "m01"]
    found = rows(out)
    worst = int(np.argmax(found["score"]))
    assert SPIKE <= worst < SPIKE + 20
    assert found["contribution.m01"][worst] > 0.8


def test_several_series_of_one_file(opsweave, tmp_path, values):
    file = write(
        tmp_path / "a.parquet",
        {
            "series": np.repeat(["x", "y"], N).astype(object),
            "timestamp": np.tile(SECONDS, 2),
            "value": np.concatenate([values[::-1].copy(), values]),
        },
    )
    said = opsweave("detect", str(file), "--json").json
    assert said["series"] == 2
    assert [e["series"] for e in said["episodes"]] == ["x", "y"]


def test_a_folder_at_once_and_what_is_wrong_with_one(opsweave, tmp_path, values):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    write(folder / "a.parquet", {"timestamp": SECONDS, "value": values})
    write(folder / "b.csv", {"timestamp": SECONDS, "value": values})
    (folder / "c.parquet").write_bytes(b"no parquet")
    said = opsweave("detect", "--dir", str(folder), "--out", str(out), "--json")
    assert said.code == 1
    assert sorted(p.name for p in out.iterdir()) == ["a.parquet", "b.parquet"]
    assert [f["file"][-9:] for f in said.json["files"] if "error" in f] == ["c.parquet"]
    a, b = (rows(out / f"{name}.parquet") for name in "ab")
    assert np.array_equal(a["anomaly"], b["anomaly"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("timestamp,host\n2020-01-01,a\n", "no column of numbers"),
        ("timestamp,value\nnoon,1\nlater,2\n", "is no time"),
        ("timestamp,value\n1e22,1\n2e22,2\n", "is no time"),
    ],
)
def test_what_is_wrong_is_said(opsweave, tmp_path, text, says):
    (tmp_path / "a.csv").write_text(text)
    said = opsweave("detect", str(tmp_path / "a.csv"))
    assert said.code == 2
    assert says in said.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give a FILE, or --dir"),
        (("absent.parquet",), "no such file"),
        (("notes.txt",), "neither .parquet nor .csv"),
        (("--dir", "absent"), "no such folder"),
        (("a.csv", "--out", "b.json"), "neither .parquet nor .csv"),
        (("a.csv", "--out", "absent/b.csv"), "no such folder"),
    ],
)
def test_what_is_missing_is_said(opsweave, arguments, says):
    said = opsweave("detect", *arguments)
    assert said.code == 2
    assert says in said.err


def test_answers_do_not_change_with_later_rows(opsweave, tmp_path, values):
    whole = write(tmp_path / "a.parquet", {"timestamp": SECONDS, "value": values})
    part = write(tmp_path / "b.parquet", {"timestamp": SECONDS[:750], "value": values[:750]})
    for file in (whole, part):
        opsweave("detect", str(file), "--out", str(file.with_suffix(".out.parquet")), "--json")
    a, b = (rows(f.with_suffix(".out.parquet")) for f in (whole, part))
    for name in ("score", "expected", "lower", "upper", "anomaly"):
        assert np.ma.allequal(a[name][:750], b[name]), name


def test_for_people(opsweave, tmp_path, values):
    file = write(tmp_path / "a.parquet", {"timestamp": SECONDS, "value": values})
    said = opsweave("detect", str(file))
    assert said.code == 0
    assert "2020-09-14 00:06" in said.out
    calm = write(tmp_path / "b.parquet", {"timestamp": SECONDS, "value": np.full(N, 3.0)})
    assert "Nothing unusual." in opsweave("detect", str(calm)).out


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("cpu[0].csv", "timestamp,value\n1,5\n2,6\n", 0),
        ("cp*.csv", "timestamp,value\n1,5\n2,6\n", 0),
        ("a.csv", "timestamp,value\n1,\n2,\n", 2),
        ("a.csv", "timestamp,value\n1,5\n2,NA\n3,null\n", 2),
    ],
)
def test_any_file_name_and_any_word_for_no_value(opsweave, tmp_path, name, text, missing):
    (tmp_path / name).write_text(text)
    said = opsweave("detect", str(tmp_path / name), "--json")
    assert said.code == 0
    assert (said.json["rows"], said.json["missing_values"]) == (text.count("\n") - 1, missing)


def test_a_fraction_after_thousands_of_whole_numbers(opsweave, tmp_path):
    whole = "".join(f"{n},{n % 9}\n" for n in range(25_000))
    (tmp_path / "a.csv").write_text(f"timestamp,value\n{whole}25000,1.5\n")
    said = opsweave("detect", str(tmp_path / "a.csv"), "--json")
    assert (said.code, said.json["rows"]) == (0, 25_001)


def test_a_file_without_rows(opsweave, tmp_path):
    (tmp_path / "a.csv").write_text("timestamp,value\n")
    said = opsweave("detect", str(tmp_path / "a.csv"))
    assert (said.code, "has no rows" in said.err) == (2, True)


def test_numbers_as_large_as_there_are(opsweave, tmp_path):
    body = "".join(f"{n},{'-' * (n % 2)}1e308\n" for n in range(300))
    (tmp_path / "a.csv").write_text(f"timestamp,value\n{body}")
    said = opsweave("detect", str(tmp_path / "a.csv"), "--json")
    assert (said.code, said.json["rows"]) == (0, 300)


def test_a_folder_that_is_not_there_is_said_before_the_work(opsweave, tmp_path):
    (tmp_path / "a.csv").write_text("timestamp,value\n1,5\n")
    said = opsweave("detect", str(tmp_path / "a.csv"), "--out", str(tmp_path / "no" / "a.csv"))
    assert (said.code, said.out) == (2, "")
    assert "no such folder" in said.err


def test_one_file_of_lists_among_good_ones(opsweave, tmp_path, values):
    write(tmp_path / "good.parquet", {"timestamp": SECONDS, "value": values})
    duckdb.sql(f"COPY (SELECT 1 AS timestamp, [2] AS value) TO '{tmp_path / 'bad.parquet'}'")
    said = opsweave("detect", "--dir", str(tmp_path), "--json")
    bad, good = said.json["files"]
    assert (said.code, said.json["failed"], "error" in good) == (1, 1, False)
    assert "value (integer[])" in bad["error"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("timestamp,value\n1,5\n2\n3,6\n", "row 2 has 1 fields"),
        ("timestamp,a,b\n1,5,1\n2,6,1\n3,7,1,9\n", "row 3 has 4 fields"),
        ("timestamp,up\n1,true\n2,false\n", "up (boolean)"),
        ("timestamp,value\n1,5\n2,oops\n", "value (varchar, 'oops' in row 2)"),
        ('timestamp,value\n1,"1,005"\n', "'1,005' in row 1"),
        ("1600000000,5\n1600000060,6\n", "holds no names of columns"),
        ("timestamp,value\n,5\n,6\n", "no row has a time"),
        ("", "has no rows"),
        ("timestamp,größe\n1,2\n".encode("latin-1"), "save it as UTF-8"),
        ("timestamp,value\n1,2\n".encode("utf-16"), "save it as UTF-8"),
    ],
)
def test_a_csv_that_is_not_right_is_told_where(opsweave, tmp_path, text, says):
    (tmp_path / "a.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    said = opsweave("detect", str(tmp_path / "a.csv"))
    assert (said.code, said.out) == (2, "")
    assert says in said.err


@pytest.mark.parametrize("day", ["03/01/2020 10:00", "1-3-2020", "01.03.2020 10:00:00", "1/3/20"])
@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_day_and_month_are_not_guessed(opsweave, tmp_path, day, name):
    if name == "a.csv":
        (tmp_path / name).write_text(f"timestamp,value\n{day},1\n{day},2\n")
    else:
        write(tmp_path / name, {"timestamp": np.array([day, day], object), "value": np.ones(2)})
    said = opsweave("detect", str(tmp_path / name))
    assert said.code == 2
    assert "the day or the month is first" in said.err


@pytest.mark.parametrize(
    "said_as",
    [
        "2020-09-13T14:26:40+02:00",
        "2020-09-13 12:26:40Z",
        "2020/09/13 12:26:40",
        "2020-09-13 12:26:40",
        "20200913T122640Z",
        "20200913T142640+0200",
        "1600000000",
        "1600000000000",
        "1600000000000000000",
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_one_moment_spelled_in_many_ways(tmp_path, said_as, name):
    if name == "a.csv":
        (tmp_path / name).write_text(f"timestamp,series,value\n{said_as},a,1\n")
    else:
        write(tmp_path / name, {"timestamp": np.array([said_as], object), "value": np.ones(1)})
    table = read(tmp_path / name)
    assert table.times_ns.tolist() == [1_600_000_000 * 10**9]


def test_gzip_is_read_and_written(opsweave, tmp_path, values):
    plain = write(tmp_path / "a.csv", {"timestamp": SECONDS, "value": values})
    packed, out = tmp_path / "b.csv.gz", tmp_path / "out.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    one = opsweave("detect", str(plain), "--json").json
    two = opsweave("detect", str(packed), "--out", str(out), "--json").json
    assert one["episodes"] == two["episodes"] != []
    assert len(gzip.decompress(out.read_bytes()).splitlines()) == N + 1
    packed.write_bytes(packed.read_bytes()[:-20])
    said = opsweave("detect", str(packed))
    assert (said.code, "no whole gzip file" in said.err) == (2, True)


@pytest.mark.parametrize("name", ["score", "Score", "expected", "upper", "contribution.calm"])
def test_a_column_named_like_an_answer_is_kept(opsweave, tmp_path, values, name):
    columns = {"timestamp": SECONDS, name: values}
    if name.startswith("contribution"):
        columns["calm"] = np.ones(N)
    file, out = write(tmp_path / "a.parquet", columns), tmp_path / "out.parquet"
    said = opsweave("detect", str(file), "--out", str(out), "--json").json
    assert said["renamed"] == {name: f"value.{name}"}
    found = rows(out)
    assert np.array_equal(found[f"value.{name}"], values)
    assert found["score"].max() > 0.0
    assert f"value.{name}" in opsweave("detect", str(file)).err


def test_a_file_is_not_written_over_itself(opsweave, tmp_path, values):
    file = write(tmp_path / "a.parquet", {"timestamp": SECONDS, "value": values})
    said = opsweave("detect", str(file), "--out", str(file))
    assert (said.code, "would be overwritten" in said.err) == (2, True)
    assert len(rows(file)) == 2


@pytest.mark.parametrize(
    "body",
    ["7,5\n", "".join(f"{n},3\n" for n in range(40)), "1,NaN\n2,NaN\n", "5,1\n5,2\n1,2\n1,3\n"],
)
def test_little_constant_absent_and_doubled(opsweave, tmp_path, body):
    (tmp_path / "a.csv").write_text(f"timestamp,value\n{body}")
    said = opsweave(
        "detect", str(tmp_path / "a.csv"), "--out", str(tmp_path / "o.parquet"), "--json"
    )
    assert (said.code, said.json["episodes"]) == (0, [])
    assert said.json["rows"] == len(rows(tmp_path / "o.parquet")["score"]) == body.count("\n")


def test_names_that_differ_in_their_ending_are_written_apart(opsweave, tmp_path, values):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    write(folder / "a.parquet", {"timestamp": SECONDS, "value": values})
    write(folder / "a.csv", {"timestamp": SECONDS, "value": values[::-1]})
    (folder / "bad.csv").write_text("timestamp,value\n1\n")
    (folder / "odd.csv.gz").write_bytes(b"\x1f\x8bno")
    said = opsweave("detect", "--dir", str(folder), "--out", str(out), "--json")
    assert sorted(p.name for p in out.iterdir()) == ["a.csv.parquet", "a.parquet.parquet"]
    wrong = [(f["file"].rpartition("/")[2], f["error"]) for f in said.json["files"] if "error" in f]
    assert [name for name, _ in wrong] == ["bad.csv", "odd.csv.gz"]
    assert (said.code, said.json["failed"]) == (1, 2)
    assert "row 1 has 1 fields" in wrong[0][1]


def test_several_entities_of_one_file_are_judged_apart(opsweave, tmp_path, values):
    calm = np.random.default_rng(3).normal(5.0, 1.0, N)
    whole = {
        "series": np.repeat(["x", "y"], N).astype(object),
        "timestamp": np.tile(SECONDS, 2),
        "a": np.concatenate([values, calm]),
        "b": np.concatenate([calm, calm[::-1]]),
    }
    one = {"timestamp": SECONDS, "a": values, "b": calm}
    both, alone = (write(tmp_path / f"{n}.parquet", t) for n, t in (("both", whole), ("one", one)))
    out = tmp_path / "out.parquet"
    said = opsweave("detect", str(both), "--out", str(out), "--json").json
    opsweave("detect", str(alone), "--out", str(tmp_path / "o.parquet"), "--json")
    assert said["series"] == 2
    assert "x" in {episode["series"] for episode in said["episodes"]}
    assert np.array_equal(rows(out)["score"][:N], rows(tmp_path / "o.parquet")["score"])
