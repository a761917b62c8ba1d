"""Samples of log lines, differences, forms and notes."""

from __future__ import annotations

from opsweave.pages.base import Action, Health
from opsweave.pages.gallery.waves import noise
from opsweave.pages.option import Option
from opsweave.pages.texts import Diff, Field, Form, Log, LogLine, Note
from opsweave.pages.union import AnyWidget

_TEMPLATES = (
    ("info", Health.NEUTRAL, "GET /cart/<*> 200 in <*> ms", "GET /cart/{} 200 in {} ms"),
    ("info", Health.NEUTRAL, "order <*> placed, <*> items", "order {} placed, {} items"),
    ("warn", Health.WARNING, "retry <*> of 3 after <*> ms", "retry {} of 3 after {} ms"),
    (
        "error",
        Health.BAD,
        "payment <*> timed out after <*> ms",
        "payment {} timed out after {} ms: payment:8443 gave no answer, the order is queued again",
    ),
)

_BEFORE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: payment
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: payment
          image: shop/payment:3.4.0
          resources:
            limits: {memory: 512Mi}
          env:
            - name: POOL
              value: "20"
"""


def samples(hour_ms: float) -> tuple[AnyWidget, ...]:
    """A log, a difference, a form and two notes."""
    return (_log(hour_ms), _diff(), _form(), *_notes())


def _log(hour_ms: float) -> Log:
    return Log(
        id="log",
        title="Lines of payment (sample)",
        says="Newest last; lines of one template differ in their parameters only.",
        lines=tuple(_line(i, hour_ms) for i in range(400)),
        next="sample",
    )


def _line(i: int, hour_ms: float) -> LogLine:
    draw = abs(noise(i, 5))
    severity, health, template, text = _TEMPLATES[
        3 if i > 250 and draw > 0.6 else 2 if draw > 0.88 else int(draw > 0.4)
    ]
    return LogLine(
        id=f"l{i}",
        at_ms=hour_ms - (400 - i) * 730,
        entity="service:prod/shop/payment",
        text=text.format(1000 + i * 7, int(20 + 80 * draw)),
        severity=severity,
        health=health,
        template=template,
        to="gallery" if health is Health.BAD else "",
    )


def _diff() -> Diff:
    after = _BEFORE.replace("3.4.0", "3.4.1").replace('"20"', '"200"')
    return Diff(
        id="diff",
        title="What changed (sample)",
        span=6,
        before=_BEFORE,
        after=after.replace("          resources:\n            limits: {memory: 512Mi}\n", ""),
        before_title="payment 3.4.0",
        after_title="payment 3.4.1",
    )


def _form() -> Form:
    return Form(
        id="form",
        title="A new window (sample)",
        span=6,
        fields=(
            Field(name="name", title="Name", required=True, help="As others will read it."),
            Field(
                name="kind",
                title="Kind",
                input="select",
                value="freeze",
                options=(
                    Option(value="freeze", title="Freeze"),
                    Option(value="window", title="Maintenance"),
                ),
            ),
            Field(name="from", title="From", input="time"),
            Field(name="hours", title="Hours", input="number", value=2.0),
            Field(name="tell", title="Tell the teams", input="toggle", value=True),
            Field(name="why", title="Why", input="area"),
        ),
        submit=Action(
            id="make", title="Make it", path="gallery", disabled="A sample makes nothing."
        ),
    )


def _notes() -> tuple[Note, ...]:
    return (
        Note(
            id="note",
            title="A note (sample)",
            span=6,
            paragraphs=("Plain paragraphs. <b>Markup</b> from a payload stays text.",),
            code="opsweave up --catalog shop.yaml",
            to="gallery",
            to_title="Read on",
        ),
        Note(
            id="note-warning",
            title="A note that warns (sample)",
            span=6,
            paragraphs=("The pump is 4 minutes behind: what you see ends at 14:02.",),
            health=Health.WARNING,
        ),
    )
