"""Runners: each asks the commands that users have, and hands the answers to the scorers."""
