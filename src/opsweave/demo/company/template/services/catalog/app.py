"""Products and their prices."""

from services_steps import run


def handle(ctx, method, path, body):
    body = run(ctx, body)
    with ctx.pooled():
        ctx.work(float(ctx.config["render_ms"]))
    return {"products": [{"id": n, "price": 5 + n % 40} for n in range(12)]}
