"""What a customer is about to buy."""

from services_steps import run


def handle(ctx, method, path, body):
    body = run(ctx, body)
    with ctx.pooled():
        ctx.work(float(ctx.config["render_ms"]))
        prices = ctx.call("catalog", "POST", "/price", {"labels": body["labels"], "items": []})
    return {"items": len(body.get("items", [])), "priced": len(prices["products"])}
