"""Peers, beside us over the same cases: each in an environment of its own, never imported here.

``worker.py`` is run by the peers' own Python and knows nothing of Opsweave; requests and answers
are JSON, one a line.
"""
