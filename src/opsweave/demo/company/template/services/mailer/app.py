"""Sends the mails that wait in the outbox."""

import json
import threading
import time

from opentelemetry.trace import SpanKind, Status, StatusCode
from services_steps import run

from opsweave.demo.company.runtime.capacity import Gauge
from opsweave.demo.company.runtime.client import CallFailed, Refused

STATE = {}


def start(ctx):
    STATE["delay"] = Gauge()
    ctx.telemetry.gauges("queue.delay", "s", delay, ctx.spec.peers["outbox"])
    threading.Thread(target=loop, args=(ctx,), daemon=True).start()


def delay():
    value = STATE["delay"].read()
    return {} if value is None else {"": value}


def loop(ctx):
    while True:
        try:
            letters = ctx.call("orders", "POST", "/outbox/take", {"n": 1})["letters"]
        except CallFailed as error:
            ctx.log("warning", f"the outbox cannot be read: {error}")
            time.sleep(1)
            continue
        for letter in letters:
            send(ctx, letter)
        if not letters:
            time.sleep(0.4)


def send(ctx, letter):
    queue = ctx.spec.peers["outbox"].rpartition("/")[2]
    with ctx.telemetry.tracer.start_as_current_span(
        "process letters",
        kind=SpanKind.CONSUMER,
        attributes={"messaging.destination.name": queue},
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        sent = True
        try:
            run(ctx, {"customer": letter["customer"], "labels": {}})
            with ctx.pooled():
                ctx.work(float(ctx.config["render_ms"]) * ctx.worn)
        except (KeyError, TypeError, ValueError, CallFailed) as error:
            sent = False
            span.set_status(Status(StatusCode.ERROR))
            ctx.log("error", f"unhandled {type(error).__name__}: {error} while sending")
        waited = time.time() - letter["at"]
        STATE["delay"].note(waited)
        with (ctx.shared / "mailbox.jsonl").open("a") as file:
            file.write(json.dumps({"at": time.time(), "delay": waited, "ok": sent}) + "\n")


def handle(ctx, method, path, body):
    raise Refused("the mailer takes no requests", 404)
