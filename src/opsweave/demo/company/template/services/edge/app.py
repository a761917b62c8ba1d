"""The front door: every customer's request comes through here."""

from services_steps import run

from opsweave.demo.company.runtime.client import Refused

ROUTES = {"/browse": "catalog", "/cart": "cart", "/checkout": "checkout"}


def handle(ctx, method, path, body):
    role = ROUTES.get(path)
    if role is None:
        raise Refused(f"no such page: {path}", 404)
    body = run(ctx, body)
    with ctx.pooled():
        ctx.work(4)
        return ctx.call(role, "POST", path, body)
