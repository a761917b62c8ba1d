import re
from pathlib import Path

import pytest
import yaml

from opsweave.demo.faults import Decoy, catalogue, fault_named
from opsweave.demo.faults.specfile import FIELDS, parse_spec

DOCS = (Path(__file__).parents[3] / "docs" / "faults.md").read_text()


@pytest.mark.parametrize("info", catalogue(), ids=lambda info: info.name)
def test_every_fault_is_documented_with_its_truth(info):
    fault = fault_named(info.name)
    row = next(line for line in DOCS.splitlines() if line.startswith(f"| `{info.name}`"))
    assert f"`{fault.indicator}`" in row
    section = DOCS.partition("## Targets and magnitudes")[2]
    limits = next(line for line in section.splitlines() if line.startswith(f"| `{info.name}`"))
    for target in fault.targets:
        assert target in limits or "any service" in limits
    if fault.magnitude.low != fault.magnitude.high:
        assert (
            f"{fault.magnitude.low:g} to {fault.magnitude.high:g} {fault.magnitude.unit}" in limits
        )
    assert ("step" in limits) == (not fault.ramps)


@pytest.mark.parametrize("field", [*FIELDS, *(f"decoys[].{f}" for f in Decoy.__struct_fields__)])
def test_every_field_is_documented(field):
    assert f"| `{field}` |" in DOCS


def test_the_examples_are_valid():
    examples = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    assert len(examples) >= 3
    for text in examples:
        parse_spec(yaml.safe_load(text))
