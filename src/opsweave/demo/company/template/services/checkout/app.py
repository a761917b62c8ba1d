"""Turns a cart into a paid order, and asks for a mail to be sent."""

import time

from opentelemetry.trace import SpanKind
from services_steps import run


def handle(ctx, method, path, body):
    body = run(ctx, body)
    with ctx.pooled():
        ctx.work(float(ctx.config["render_ms"]))
        paid = ctx.call("payment", "POST", "/authorize", body)
        if paid.get("declined"):
            ctx.log("info", f"customer {body['customer']} was declined")
            return {"declined": True}
        with ctx.telemetry.tracer.start_as_current_span(
            "send letters",
            kind=SpanKind.PRODUCER,
            attributes={"messaging.destination.name": ctx.spec.peers["outbox"].rpartition("/")[2]},
        ):
            order = {"customer": body["customer"], "amount": body["amount"], "at": time.time()}
            ctx.call("orders", "POST", "/orders", order)
    return {"declined": False, "paid": paid["paid"]}
