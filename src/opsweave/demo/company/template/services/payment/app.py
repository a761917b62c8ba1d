"""Takes the money: asks the fraud model first, then the provider."""

from services_steps import run

from opsweave.demo.company.runtime.client import CallFailed, Watched

STATE = {}


def start(ctx):
    STATE["key"] = Watched(ctx.shared / "credentials" / "provider.json", {"key": ""})


def handle(ctx, method, path, body):
    body = run(ctx, body)
    with ctx.pooled():
        ctx.work(float(ctx.config["render_ms"]))
        verdict = ctx.call(
            "fraud", "POST", "/score", {"customer": body["customer"], "labels": body["labels"]}
        )
    if verdict["declined"]:
        return {"declined": True}
    if ctx.breaker_open("provider"):
        ctx.log("info", "charged later: the breaker towards the provider is open")
        return {"declined": False, "paid": "later"}
    try:
        ctx.call(
            "provider",
            "POST",
            "/charge",
            {"amount": body["amount"]},
            headers={"x-api-key": STATE["key"].get()["key"]},
        )
    except CallFailed as error:
        if error.status in (401, 403):
            ctx.log(
                "error",
                f"provider refused our credential with {error.status}: authentication failed",
            )
        raise
    return {"declined": False, "paid": "now"}
