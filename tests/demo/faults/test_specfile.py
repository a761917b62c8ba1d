import json

import pytest

from opsweave.demo.faults import catalogue, fault_named, load_spec
from opsweave.demo.faults.specfile import parse_spec
from opsweave.kernel.errors import RejectInput

FULL = {
    "kind": "deploy-latency",
    "target": "payment",
    "magnitude": 400,
    "ramp": 20,
    "onset": 45,
    "name": "round_total",
    "message": "Round totals",
    "author": "Mara Lind",
    "decoys": [
        {"at": -15, "kind": "deployment", "target": "payment"},
        {"at": 8, "kind": "flag", "target": "cart"},
    ],
    "seed": 4,
}


def test_every_field_is_taken_from_the_file(tmp_path):
    file = tmp_path / "fault.json"
    file.write_text(json.dumps(FULL))
    spec = load_spec(file)
    assert (spec.kind, spec.target, spec.magnitude, spec.ramp) == (
        "deploy-latency",
        "payment",
        400,
        20,
    )
    assert (spec.onset, spec.name, spec.message, spec.author) == (
        45,
        "round_total",
        "Round totals",
        "Mara Lind",
    )
    assert [(d.at, d.kind, d.target) for d in spec.decoys] == [
        (-15, "deployment", "payment"),
        (8, "flag", "cart"),
    ]
    assert spec.seed == 4


def test_yaml_with_a_kind_alone_is_enough(tmp_path):
    file = tmp_path / "fault.yaml"
    file.write_text("kind: hung-process\n")
    assert load_spec(file) == load_spec(file, 1)
    assert load_spec(file, 2) != load_spec(file, 3)


@pytest.mark.parametrize("info", catalogue(), ids=lambda info: info.name)
def test_every_kind_takes_every_target_and_magnitude_in_its_range(info):
    fault = fault_named(info.name)
    for target in fault.targets:
        for magnitude in (fault.magnitude.low, fault.magnitude.high):
            spec = parse_spec({"kind": info.name, "target": target, "magnitude": magnitude})
            assert (spec.target, spec.magnitude) == (target, magnitude)
            assert len(spec.decoys) >= 2


def test_a_role_may_be_named_as_the_company_names_it():
    assert parse_spec({"kind": "hung-process", "target": "basket"}).target == "cart"


def test_a_given_magnitude_is_a_step_unless_a_ramp_is_given():
    for seed in range(40):
        raw = {"kind": "provider-slow", "magnitude": 900, "seed": seed}
        assert parse_spec(raw).ramp == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": None}, "kind"),
        ({"kind": ""}, "kind"),
        ({"kind": "meteor"}, "kind"),
        ({"kind": 5}, "kind"),
        ({"target": "warehouse"}, "target"),
        ({"target": "nobody"}, "target"),
        ({"target": ["cart"]}, "target"),
        ({"magnitude": "much"}, "magnitude"),
        ({"magnitude": True}, "magnitude"),
        ({"magnitude": float("nan")}, "magnitude"),
        ({"magnitude": 1e9}, "magnitude"),
        ({"magnitude": 0}, "magnitude"),
        ({"ramp": -1}, "ramp"),
        ({"ramp": "slowly"}, "ramp"),
        ({"kind": "hung-process", "magnitude": 1, "ramp": 20}, "ramp"),
        ({"kind": "hung-process", "magnitude": 3, "ramp": 0}, "magnitude"),
        ({"kind": "config-pool", "magnitude": 1.5, "ramp": 0}, "magnitude"),
        ({"onset": 1}, "onset"),
        ({"seed": "x"}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"variant": "unit"}, "variant"),
        ({"name": "two\nlines"}, "name"),
        ({"message": "x" * 400}, "message"),
        ({"author": 5}, "author"),
        ({"surprise": 1}, "surprise"),
        ({"decoys": "many"}, "decoys"),
        ({"decoys": 99}, "decoys"),
        ({"decoys": [5]}, "decoys[0]"),
        ({"decoys": [{"at": 0, "kind": "party", "target": "cart"}]}, "decoys[0].kind"),
        ({"decoys": [{"at": "x", "kind": "flag", "target": "cart"}]}, "decoys[0].at"),
        ({"decoys": [{"at": 9, "kind": "flag", "target": "moon"}]}, "decoys[0].target"),
        ({"decoys": [{"at": 9, "kind": "deployment", "target": "payment"}]}, "decoys[0].at"),
        ({"decoys": [{"at": 9, "kind": "flag", "target": "cart", "x": 1}]}, "decoys[0]"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(change, field):
    raw = {key: value for key, value in (FULL | change).items() if value is not None}
    with pytest.raises(RejectInput) as caught:
        parse_spec(raw)
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["[1, 2]", "just words", "", "a: [", "\x00"])
def test_a_file_that_holds_no_mapping_is_refused(tmp_path, text):
    file = tmp_path / "fault.yaml"
    file.write_text(text)
    with pytest.raises(RejectInput) as caught:
        load_spec(file)
    assert caught.value.field == "fault-spec"


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(RejectInput, match="cannot be read"):
        load_spec(tmp_path / "none.yaml")


def test_fewer_than_two_innocent_changes_are_completed():
    assert len(parse_spec({"kind": "job-lock", "decoys": 0}).decoys) == 2
    assert len(parse_spec({"kind": "job-lock", "decoys": 1}).decoys) == 2
    assert len(parse_spec({"kind": "job-lock", "decoys": 7}).decoys) == 7
    listed = [{"at": -9, "kind": "model"}]
    assert len(parse_spec({"kind": "job-lock", "decoys": listed}).decoys) == 2
