"""Scorers: pure, one a file; each says its source and is checked against recorded baselines.

None of them adjusts points: a detector that fires once inside a long window is not credited with
the whole window.
"""
