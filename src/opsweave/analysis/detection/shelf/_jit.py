"""How kernels are compiled: cached where that is possible, and never a reason to fail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Record = Any
"""One series' state, a numpy record as numba sees it: fields are attributes."""
F = TypeVar("F", bound=Callable[..., Any])


def sources() -> str:
    """A digest of this package, to be held in the closure of a kernel that is kept on disk.

    numba's cache looks at the file of a kernel, not at what the kernel calls, but at its closure,
    too: a kernel of an older version of what it calls is not taken.
    """
    parts = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def inline(function: F) -> F:
    """A step that other kernels call."""
    made: Any = numba.njit(error_model="numpy")(function)
    return cast("F", made)


def kernel(function: F) -> F:
    """A loop over series: kept on disk, or compiled once a process where no folder is writable."""
    try:
        made: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # numba's word for: nowhere to keep it
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("F", made)
