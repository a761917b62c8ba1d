"""Reads a folder of what was recorded around an incident. A truth folder is never read."""

from opsweave.practices.aiops.casefile.read import read_case

__all__ = ["read_case"]
