"""The orders database: one process that owns the SQLite file, with the outbox of mails."""

import sqlite3
import threading
import time

from services_steps import run

from opsweave.demo.company.runtime.capacity import Gauge
from opsweave.demo.company.runtime.client import Refused

STATE = {}
LOCAL = threading.local()


def start(ctx):
    STATE["path"] = ctx.shared / "orders.sqlite"
    STATE["lock_wait"] = Gauge()
    with connect() as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute(
            "CREATE TABLE IF NOT EXISTS orders"
            " (id INTEGER PRIMARY KEY, customer INT, amount REAL, at REAL)"
        )
        db.execute(
            "CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, customer INT, at REAL)"
        )
        db.execute("CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, upto INT)")
    ctx.telemetry.gauge("db.lock.wait_time", "ms", STATE["lock_wait"].read)
    ctx.telemetry.gauges("queue.depth", "{message}", depth, ctx.spec.peers["outbox"])


def connect():
    if not hasattr(LOCAL, "db"):
        LOCAL.db = sqlite3.connect(STATE["path"], timeout=1.8, isolation_level=None)
    return LOCAL.db


def depth():
    try:
        return {"": float(connect().execute("SELECT count(*) FROM outbox").fetchone()[0])}
    except sqlite3.OperationalError:
        return {}


def locked(ctx, action):
    began = time.monotonic()
    db = connect()
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        STATE["lock_wait"].note((time.monotonic() - began) * 1000)
        raise Refused(f"cannot begin a transaction: {error}", 503) from error
    STATE["lock_wait"].note((time.monotonic() - began) * 1000)
    try:
        result = action(db)
        db.execute("COMMIT")
        return result
    except sqlite3.OperationalError as error:
        db.execute("ROLLBACK")
        raise Refused(f"transaction failed: {error}", 503) from error


def handle(ctx, method, path, body):
    body = run(ctx, body)
    with ctx.pooled():
        ctx.work(float(ctx.config["render_ms"]))
        if path == "/orders":
            return locked(ctx, lambda db: insert(db, body))
        if path == "/outbox/take":
            return locked(ctx, lambda db: take(db, int(body.get("n", 1))))
    raise Refused(f"no such table: {path}", 404)


def insert(db, body):
    db.execute(
        "INSERT INTO orders (customer, amount, at) VALUES (?, ?, ?)",
        (body["customer"], body["amount"], body["at"]),
    )
    db.execute("INSERT INTO outbox (customer, at) VALUES (?, ?)", (body["customer"], body["at"]))
    return {"stored": True}


def take(db, n):
    rows = db.execute("SELECT id, customer, at FROM outbox ORDER BY id LIMIT ?", (n,)).fetchall()
    db.executemany("DELETE FROM outbox WHERE id = ?", [(row[0],) for row in rows])
    return {"letters": [{"customer": row[1], "at": row[2]} for row in rows]}
