"""Scores customers with the model that the registry calls production."""

import numpy as np
from services_steps import run

from opsweave.demo.company.runtime.capacity import Gauge
from opsweave.demo.company.runtime.client import Watched

STATE = {}
COLUMNS = ("orders", "amount", "chargebacks", "age")


def start(ctx):
    STATE["features"] = Watched(ctx.shared / "features" / "current.json", {"batch": "", "rows": {}})
    STATE["alias"] = Watched(ctx.shared / "models" / "aliases.json", {"production": ""})
    STATE["models"] = {}
    for name in ("declined", "score"):
        STATE[name] = Gauge()
    model = ctx.spec.peers["model"]
    ctx.telemetry.gauges("model.declined_ratio", "1", reader("declined"), model)
    ctx.telemetry.gauges("model.score.mean", "1", reader("score"), model)
    ctx.telemetry.gauges("dataset.served.mean", "1", means, ctx.spec.peers["features"])


def reader(name):
    def read():
        value = STATE[name].read()
        return {} if value is None else {"": value}

    return read


def means():
    rows = STATE["features"].get()["rows"]
    if not rows:
        return {}
    table = np.array(list(rows.values()), dtype=float)
    return dict(zip(COLUMNS, table.mean(axis=0).tolist(), strict=True))


def model(ctx):
    version = STATE["alias"].get()["production"]
    if version not in STATE["models"]:
        with np.load(ctx.shared / "models" / f"{version}.npz") as file:
            STATE["models"][version] = dict(file)
    return STATE["models"][version]


def handle(ctx, method, path, body):
    body = run(ctx, body)
    with ctx.pooled():
        ctx.work(float(ctx.config["render_ms"]))
    found = model(ctx)
    row = STATE["features"].get()["rows"].get(str(body["customer"]), [1, 40.0, 0, 300])
    scaled = (np.array(row, dtype=float) - found["centre"]) / found["scale"]
    score = float(1 / (1 + np.exp(-np.clip(scaled @ found["weights"] + found["bias"], -30, 30))))
    declined = score > float(ctx.config["threshold"])
    STATE["score"].note(score)
    STATE["declined"].note(float(declined))
    return {"declined": declined, "score": score}
