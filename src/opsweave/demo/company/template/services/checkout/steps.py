"""What a request passes before it is served: each step gets the data and may change it."""


def normalise(ctx, data):
    """Names in lower case, as everything behind expects them."""
    data.setdefault("labels", {})
    return data


STEPS = [normalise]


def run(ctx, data):
    for step in STEPS:
        data = step(ctx, data)
    return data
