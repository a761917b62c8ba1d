"""Turns orders into the features of customers, batch by batch."""

import random
import sqlite3
import threading
import time

from opentelemetry.trace import SpanKind
from services_steps import run

from opsweave.demo.company.events import Spool, cdevent
from opsweave.demo.company.runtime.client import Refused, Watched
from opsweave.demo.company.spec import read_json, write_json

STATE = {"lock_since": None, "seconds": None, "rows": None, "means": {}}


def start(ctx):
    features = ctx.spec.peers["features"]
    ctx.telemetry.gauge("job.duration", "s", lambda: STATE["seconds"])
    ctx.telemetry.gauge("job.lock.held_time", "s", held)
    ctx.telemetry.gauges("dataset.rows", "{row}", lambda: single(STATE["rows"]), features)
    ctx.telemetry.gauges("dataset.mean", "1", lambda: STATE["means"], features)
    threading.Thread(target=loop, args=(ctx,), daemon=True).start()


def single(value):
    return {} if value is None else {"": float(value)}


def held():
    since = STATE["lock_since"]
    return 0.0 if since is None else time.monotonic() - since


def loop(ctx):
    batch = int(time.time())
    paused = Watched(ctx.shared / "jobs.json", {"paused": []})
    while True:
        while "warehouse" in paused.get()["paused"]:
            time.sleep(0.5)
        began = time.monotonic()
        batch += 1
        try:
            with ctx.telemetry.tracer.start_as_current_span("run", attributes={"batch": batch}):
                build(ctx, f"batch-{batch}")
        except sqlite3.OperationalError as error:
            ctx.log("warning", f"the run failed: {error}")
        STATE["seconds"] = time.monotonic() - began
        time.sleep(max(0.5, float(ctx.config["every_s"]) - STATE["seconds"]))


def totals(ctx):
    lever = read_json(ctx.shared.parent / "world" / "warehouse.json", {})
    with ctx.telemetry.tracer.start_as_current_span(
        "SELECT orders",
        kind=SpanKind.CLIENT,
        attributes={"db.system": "sqlite", "peer.service": ctx.spec.peers["orders"]},
    ):
        db = sqlite3.connect(ctx.shared / "orders.sqlite", timeout=1.0, isolation_level=None)
        try:
            db.execute("BEGIN EXCLUSIVE")
            STATE["lock_since"] = time.monotonic()
            rows = db.execute(
                "SELECT customer, count(*), avg(amount), max(id) FROM orders GROUP BY customer"
            ).fetchall()
            upto = max((row[3] for row in rows), default=0)
            db.execute("INSERT OR REPLACE INTO marks VALUES ('features', ?)", (upto,))
            time.sleep(float(lever.get("hold_s", 0)))
            db.execute("COMMIT")
        finally:
            STATE["lock_since"] = None
            db.close()
    return {row[0]: (row[1], row[2]) for row in rows}, lever


def build(ctx, batch):
    found, lever = totals(ctx)
    run(ctx, {"customer": 0, "labels": {}})
    customers = read_json(ctx.shared / "customers.json", [])
    chance = random.Random(7)
    rows = {}
    for customer in customers:
        orders, amount = found.get(customer["id"], (0, 0.0))
        amount = (amount * orders + customer["amount"] * 20) / (orders + 20)
        row = [customer["orders"] + orders / 50, amount, customer["chargebacks"], customer["age"]]
        if chance.random() < float(lever.get("share", 0)):
            row = spoil(row, lever.get("how", "unit"))
        rows[str(customer["id"])] = row
    publish(ctx, batch, rows)


def spoil(row, how):
    """What a system upstream may send one day: another unit, or columns in another order."""
    if how == "swap":
        return [row[2], row[1], row[0], row[3]]
    return [row[0], row[1] * 100, row[2], row[3]]


def publish(ctx, batch, rows):
    folder = ctx.shared / "features"
    write_json(folder / f"{batch}.json", {"batch": batch, "rows": rows})
    columns = list(zip(*rows.values(), strict=True)) if rows else []
    STATE["rows"] = len(rows)
    STATE["means"] = {
        name: sum(c) / len(c)
        for name, c in zip(("orders", "amount", "chargebacks", "age"), columns, strict=False)
    }
    pinned = read_json(folder / "pinned.json", {}).get("batch")
    before = read_json(folder / "current.json", {}).get("batch", "")
    if pinned is None:
        write_json(folder / "current.json", {"batch": batch, "rows": rows})
        Spool(ctx.shared.parent / "events").put(
            cdevent(
                at=time.time(),
                id=f"{ctx.spec.peers['features'].rpartition('/')[2]}@{batch}",
                kind="data_version",
                entity=ctx.spec.peers["features"],
                summary=f"Publish {batch}",
                author="warehouse",
                version_from=before,
                version_to=batch,
                details={"batch": batch, "rows": len(rows)},
            )
        )
    for old in sorted(folder.glob("batch-*.json"))[:-60]:
        old.unlink()


def handle(ctx, method, path, body):
    raise Refused("the warehouse takes no requests", 404)
