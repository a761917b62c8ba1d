from __future__ import annotations

import stat
import tomllib
from pathlib import Path

from opsweave.demo.company.catalog import write_config
from opsweave.demo.company.prepare import names_of
from opsweave.facts.entity import RelationKind
from opsweave.integrations.backstage.parse import parse_catalog
from opsweave.practices.sre.slos import load_slos

NAMES = names_of(7)


def test_the_catalog_names_every_entity_as_telemetry_does(tmp_path: Path) -> None:
    write_config(tmp_path, NAMES, "http://127.0.0.1:1", "secret")
    entities, relations = parse_catalog((tmp_path / "catalog-info.yaml").read_text())
    assert {one.ref for one in entities} == {NAMES.entity(role) for role in NAMES.roles}
    assert [one.ref for one in entities if one.outside] == [NAMES.entity("provider")]
    known = {one.ref for one in entities}
    needs = {(one.source, one.target) for one in relations if one.kind is RelationKind.DEPENDS_ON}
    assert (NAMES.entity("payment"), NAMES.entity("provider")) in needs
    assert (NAMES.entity("model"), NAMES.entity("features")) in needs
    assert {target for _, target in needs} <= known


def test_objectives_and_access(tmp_path: Path) -> None:
    write_config(tmp_path, NAMES, "http://127.0.0.1:1", "secret")
    assert [slo.entity for slo in load_slos(tmp_path / "slos.yaml")] == [
        NAMES.entity("edge"),
        NAMES.entity("checkout"),
    ]
    access = tomllib.loads((tmp_path / "integrations.toml").read_text())["control_plane"]
    token = tmp_path / access["token_file"]
    assert (access["url"], token.read_text().strip()) == ("http://127.0.0.1:1", "secret")
    assert stat.S_IMODE(token.stat().st_mode) == 0o600


def test_seeds_give_names() -> None:
    assert names_of(7) == NAMES
    assert any(names_of(seed).roles != NAMES.roles for seed in range(5))
