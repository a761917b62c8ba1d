"""Opsweave: one record, one graph and one loop for the seven Ops practices."""

__version__ = "0.1.0"
