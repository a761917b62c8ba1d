"""The catalog file; read from the configuration folder, not from a door."""

from __future__ import annotations

from opsweave.integrations.backstage.catalog import parse_catalog

__all__ = ["parse_catalog"]
