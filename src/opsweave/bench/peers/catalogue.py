"""Which peers there are, what they need, and what they are."""

from __future__ import annotations

import msgspec

PINS = (
    "drain3==0.9.11",
    "numpy>=2.1,<3",
    "pandas>=2.2",
    "rcaeval==1.8.1",
    "requests>=2.31",
    "river==0.26.1",
    "scikit-learn>=1.5",
    "tqdm>=4.66",
)
"""``rcaeval`` without extras: BARO and NSigma need no more. It wants Python 3.10, 3.12 or 3.14."""


class Peer(msgspec.Struct, frozen=True):
    """One method of one package."""

    bench: str
    method: str
    """As the worker knows it."""
    title: str
    """As tables name it."""
    datasets: tuple[str, ...] = ()
    """For detectors: those they are run on; empty for all."""


_SERIES, _ENTITIES = ("nab", "wsd"), ("smd", "jumpstarter")
PEERS = (
    Peer("detect", "band", "band of 26 h (own re-implementation)", _SERIES),
    Peer("detect", "ewma", "EWMA of 100 (own re-implementation)", _SERIES),
    Peer("detect", "gaussian", "NAB windowedGaussian (own re-implementation)", _SERIES),
    Peer("detect", "trees", "river HalfSpaceTrees 0.26", ("nab",)),
    Peer("detect", "top3", "rolling Gaussian(5000), top 3, RMS 30 (own)", _ENTITIES),
    Peer("detect", "random", "random"),
    Peer("logs", "drain3", "drain3 0.9.11, defaults"),
    Peer("logs", "drain3-masks", "drain3 0.9.11, masks of its example"),
    Peer("rca", "baro", "BARO (rcaeval 1.8.1)"),
    Peer("rca", "baro-varied", "BARO, columns that vary (rcaeval 1.8.1)"),
    Peer("rca", "nsigma", "NSigma (rcaeval 1.8.1)"),
    Peer("rca", "nsigma-varied", "NSigma, columns that vary (rcaeval 1.8.1)"),
)


def peers(bench: str) -> tuple[Peer, ...]:
    """Those of a benchmark.

    >>> [peer.method for peer in peers("logs")]
    ['drain3', 'drain3-masks']
    """
    return tuple(peer for peer in PEERS if peer.bench == bench)
