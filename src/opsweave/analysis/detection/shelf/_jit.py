"""How kernels are compiled: at their first call, cached where possible, never a reason to fail.

Until then every step is a plain function, and numba is not even loaded: the loop runs the same
sources uncompiled (`plain`), as the compiler alone is larger than the rest of Opsweave.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Record = Any
"""One series' state, a numpy record as numba sees it: fields are attributes."""
F = TypeVar("F", bound=Callable[..., Any])

_steps: dict[Callable[..., Any], Callable[..., Any]] = {}
"""Steps that are not known to the compiler yet -> what it compiles for them."""
_compiling = threading.Lock()


def sources() -> str:
    """A digest of this package, to be held in the closure of a kernel that is kept on disk.

    numba's cache looks at the file of a kernel, not at what the kernel calls, but at its closure,
    too: a kernel of an older version of what it calls is not taken.
    """
    parts = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def inline(function: F) -> F:
    """A step that other kernels call; a plain function for Python."""
    _steps[function] = function
    return function


def inline_as(loop: Callable[..., Any]) -> Callable[[F], F]:
    """Like `inline`, where the compiler is better served by ``loop``, and Python by numpy."""

    def known(function: F) -> F:
        _steps[function] = loop
        return function

    return known


class Kernel:
    """A loop over series: kept on disk, or compiled once a process where no folder is writable."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.py_func = function
        self._made: Any = None

    @property
    def made(self) -> bool:
        """Whether a call would not have to compile."""
        return self._made is not None

    def __call__(self, *values: Any) -> Any:
        if not self.made:
            with _compiling:
                if not self.made:
                    self._made = _compiled(self.py_func)
        return self._made(*values)


def kernel(function: Callable[..., Any]) -> Kernel:
    """``function`` as a kernel, compiled when it is called first."""
    return Kernel(function)


def _compiled(function: Callable[..., Any]) -> Any:
    import numba
    from numba.extending import overload

    while _steps:
        step, loop = _steps.popitem()
        overload(step, jit_options={"error_model": "numpy"}, strict=False)(_same(loop))
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # numba's word for: nowhere to keep it
        return numba.njit(nogil=True, error_model="numpy")(function)


def _same(loop: Callable[..., Any]) -> Callable[..., Any]:
    """What numba asks for every combination of types; the answer is always the same."""

    def chosen(*_args: Any, **_named: Any) -> Callable[..., Any]:
        return loop

    return chosen
