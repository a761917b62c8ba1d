from __future__ import annotations

import numpy as np

from opsweave.demo.company.model import Floats, customers, train


def declined(model: dict[str, Floats], *, good: bool) -> float:
    people = [person for person in customers(5) if person["good"] is good]
    rows = np.array([[p["orders"], p["amount"], p["chargebacks"], p["age"]] for p in people], float)
    scaled = (rows - model["centre"]) / model["scale"]
    return float(((scaled @ model["weights"] + model["bias"]) > 0).mean())


def test_a_trained_model_tells_good_customers_from_bad() -> None:
    model = train(1)
    assert declined(model, good=True) < 0.01
    assert declined(model, good=False) > 0.9


def test_wrong_labels_make_it_decline_good_customers() -> None:
    assert declined(train(1, worse=0.3), good=True) > 0.1
