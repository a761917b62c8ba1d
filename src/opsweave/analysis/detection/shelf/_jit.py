"""How kernels are compiled: cached where that is possible, and never a reason to fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Record = Any
"""One series' state, a numpy record as numba sees it: fields are attributes."""
F = TypeVar("F", bound=Callable[..., Any])


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
