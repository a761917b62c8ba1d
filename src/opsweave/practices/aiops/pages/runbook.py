"""One runbook: what it says, how it did in shadow, and its runs."""

from __future__ import annotations

import msgspec
import yaml

from opsweave.facts import ShadowVerdict
from opsweave.kernel.errors import NotThere
from opsweave.pages import (
    Crumb,
    Fact,
    Health,
    Note,
    Page,
    PageQuery,
    Proof,
    Section,
    Stat,
    State,
)
from opsweave.practices.aiops.learn import Tally
from opsweave.practices.aiops.pages import recovery
from opsweave.practices.aiops.pages.sources import Sources
from opsweave.practices.aiops.recovery.runbook import Runbook
from opsweave.runs.shadow import ShadowScore


def page(sources: Sources, query: PageQuery) -> Page:
    """``recovery/runbooks/{name}``; NotThere for one that is not loaded."""
    name = query.params["name"]
    book = next((one for one in sources.runbooks if one.name == name), None)
    if book is None:
        raise NotThere(f"no runbook {name[:100]}", field="name", action="see the list of runbooks")
    score = sources.scores().get(name, ShadowScore())
    return Page(
        path=query.path,
        title=book.name,
        lead=book.says,
        crumbs=(Crumb(title="Recovery", to="recovery"),),
        facts=(
            Fact(title="Risk", text=book.risk),
            Fact(title="For", text=", ".join(kind.value for kind in book.causes)),
            Fact(title="Order", text=str(book.order)),
        ),
        sections=(
            Section(id="shadow", title="Shadow", widgets=_stats(sources, book, score)),
            Section(id="definition", title="Definition", widgets=(definition(book),)),
            Section(
                id="runs",
                title="Its runs",
                widgets=(recovery.runs(sources, query, runbook=book.name),),
            ),
        ),
        timed=False,
    )


def _stats(sources: Sources, book: Runbook, score: ShadowScore) -> tuple[Stat, ...]:
    lower = score.fixed_lower
    tally = sources.priors().runbooks.get(book.name, Tally())
    unjudged = {
        "state": State.EMPTY,
        "missing": "None of its runs has been judged yet.",
        "remedy": "A run is judged once its incident is closed.",
    }
    proof = Proof(
        says="verdicts on its runs, one an incident, its worst",
        n=score.n,
        excluded={},
    )
    return (
        Stat(
            id="fixed",
            title="Fixed, at least",
            says=f"{score.fixed} of {score.n}; Wilson's lower bound at 95 %",
            span=4,
            value=lower,
            unit="%",
            proof=proof,
            topics=("runs",),
            **({} if score.n else unjudged),  # type: ignore[arg-type]
        ),
        Stat(
            id="harmed",
            title=ShadowVerdict.HARMED.value.capitalize(),
            says=f"of {score.n} judged",
            span=4,
            value=float(score.harmed) if score.n else None,
            health=Health.BAD if score.harmed else Health.NEUTRAL,
            proof=proof,
            topics=("runs",),
            **({} if score.n else unjudged),  # type: ignore[arg-type]
        ),
        Stat(
            id="weight",
            title="Learnt weight",
            says=f"{tally.right} right, {tally.wrong} wrong; 1 without any",
            span=4,
            value=round(tally.weight, 3),
            proof=Proof(says="verified runs and people's verdicts", n=tally.right + tally.wrong),
        ),
    )


def definition(book: Runbook) -> Note:
    """As YAML, as it could stand in a folder of runbooks."""
    body = msgspec.to_builtins(book)
    return Note(
        id="definition",
        title="Definition",
        paragraphs=(book.says,),
        code=yaml.safe_dump(body, sort_keys=False, allow_unicode=True),
    )
