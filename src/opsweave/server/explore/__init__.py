"""Explore: metrics, logs, traces and events through one filter language, and SQL."""
