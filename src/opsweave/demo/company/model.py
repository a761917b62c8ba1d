"""The fraud model: customers with a history, and a logistic regression trained on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
CUSTOMERS = 240
BAD_SHARE = 0.05


def customers(seed: int) -> list[dict[str, Any]]:
    """Customers with what is known of them; ``good`` is known to the world only."""
    rng = np.random.default_rng(seed)
    people = []
    for number in range(CUSTOMERS):
        good = bool(rng.random() >= BAD_SHARE)
        people.append(
            {
                "id": number,
                "good": good,
                "orders": int(rng.integers(3, 30) if good else rng.integers(1, 4)),
                "amount": float(rng.uniform(20, 120) if good else rng.uniform(200, 420)),
                "chargebacks": int(rng.random() < 0.05) if good else int(rng.integers(2, 6)),
                "age": int(rng.integers(100, 900) if good else rng.integers(1, 40)),
            }
        )
    return people


def train(seed: int, *, steps: int = 400, worse: float = 0.0) -> dict[str, Floats]:
    """Gradient descent on a fresh sample; ``worse`` is the share of labels learnt wrongly.

    A version trained on wrong labels declines good customers, as a bad training set does.
    """
    rng = np.random.default_rng(seed)
    people = [person for batch in range(6) for person in customers(seed + 1000 + batch)]
    table = np.array(
        [[p["orders"], p["amount"], p["chargebacks"], p["age"]] for p in people], float
    )
    label = np.array([0.0 if p["good"] else 1.0 for p in people])
    if worse > 0:
        # Reliable customers of middling age were marked as fraud by mistake.
        order = np.argsort(table[:, 3])
        good = [i for i in order if label[i] == 0]
        label[good[: int(worse * len(good))]] = 1.0
    centre, scale = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = (table - centre) / scale
    weights, bias = rng.normal(0, 0.01, 4), 0.0
    for _ in range(steps):
        guess = 1 / (1 + np.exp(-np.clip(scaled @ weights + bias, -30, 30)))
        error = guess - label
        weights -= 0.5 * (scaled.T @ error / len(label) + 1e-4 * weights)
        bias -= 0.5 * float(error.mean())
    return {"weights": weights, "bias": np.array(bias), "centre": centre, "scale": scale}


def save(folder: Path, version: str, model: dict[str, Floats]) -> None:
    """Put a version into the registry."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / f"{version}.npz", **model)  # type: ignore[arg-type]
