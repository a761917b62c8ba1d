"""Prometheus remote write 1.0: snappy blocks of ``prometheus.WriteRequest``."""

from __future__ import annotations

from opsweave.integrations.contract import Parsed
from opsweave.server.doors.table import (
    WRONG_TYPE,
    Answer,
    Case,
    Door,
    Incoming,
    Unsupported,
    common_cases,
)


def _check(incoming: Incoming) -> None:
    """The media type's parameter names the version; 1.0 may leave it out."""
    parameters = incoming.headers.get("content-type", "").partition(";")[2].replace(" ", "")
    if "proto=" in parameters and "proto=prometheus.WriteRequest" not in parameters:
        raise Unsupported(
            "this door takes remote write 1.0",
            field="Content-Type",
            action="set protobuf_message: prometheus.WriteRequest in remote_write",
        )


def _answer(parsed: Parsed | None, incoming: Incoming, seq: int) -> Answer:
    return Answer(status=204)


DOORS = (
    Door(
        id="remote_write",
        path="/api/v1/write",
        says="Prometheus remote write 1.0",
        accepts=("application/x-protobuf",),
        encodings=("snappy",),
        must_encode=True,
        check=_check,
        answer=_answer,
        cases=(
            *common_cases(
                success=Case(
                    name="good", status=204, kept=True, outcome="stored", says="a WriteRequest"
                ),
                undecodable=Case(
                    name="undecodable",
                    status=400,
                    kept=True,
                    outcome="refused",
                    says="the body is no WriteRequest; the sender does not try again",
                ),
            ),
            Case(
                name="partly_bad",
                status=204,
                kept=True,
                outcome="stored",
                says="the good series are stored, the rest counted with reasons",
            ),
            Case(
                name="version_2",
                status=415,
                kept=False,
                says="remote write 2.0, so that the sender falls back to 1.0",
            ),
            WRONG_TYPE,
        ),
    ),
)
