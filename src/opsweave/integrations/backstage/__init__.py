"""Backstage catalog."""
