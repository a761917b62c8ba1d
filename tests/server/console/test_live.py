"""News: heard once, never more often than of use, and an end when the server stops."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import msgspec
import pytest

from opsweave.facts import Change, ChangeKind, Incident, Label
from opsweave.kernel.errors import RejectInput, RetryLater
from opsweave.record.state import MemoryState
from opsweave.server.auth import Principal, Scope
from opsweave.server.console import live
from opsweave.server.console.hub import EARS_EACH, MOST_IDS, Hub, Topic
from opsweave.server.console.live import handlers, topics_of
from opsweave.server.console.told import ToldState


class Client:
    """An ASGI client of the stream."""

    def __init__(self, hub: Hub, query: bytes = b"topics=incidents,telemetry") -> None:
        self.sent: list[Any] = []
        self.leave = asyncio.Event()
        self.stuck = asyncio.Event()
        self.stuck.set()
        self.allowed = True
        self.arrived = asyncio.Event()
        (handler,) = handlers(hub, self)  # type: ignore[arg-type]
        scope = {"type": "http", "method": "GET", "query_string": query, "headers": []}
        self.task = asyncio.create_task(handler.fn(scope, self.receive, self.send))

    def require(self, headers: Any, scope: Any) -> Principal:
        if not self.allowed:
            raise RejectInput("revoked")
        return Principal(id="tok-1", name="", scopes=frozenset({Scope.READ}))

    async def receive(self) -> Any:
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self.stuck.wait()
        self.sent.append(message)
        self.arrived.set()

    def news(self) -> list[Any]:
        text = b"".join(m.get("body", b"") for m in self.sent).decode()
        datas = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
        return [msgspec.json.decode(data) for data in datas]

    async def until(self, n: int) -> list[Any]:
        async with asyncio.timeout(5):
            while len(self.news()) < n:
                self.arrived.clear()
                await self.arrived.wait()
        return self.news()


def test_what_is_said_is_heard() -> None:
    async def run() -> None:
        hub = Hub()
        client = Client(hub)
        await asyncio.sleep(0.01)
        saying = threading.Thread(target=hub.say, args=(Topic.INCIDENTS, ["inc-1", "inc-1"]))
        saying.start()
        hub.say(Topic.CHANGES, ["not asked for"])
        (news,) = await client.until(1)
        assert (news["topic"], news["ids"]) == ("incidents", ["inc-1"])
        saying.join()
        client.leave.set()
        await client.task
        assert hub.listeners() == 0

    asyncio.run(run())


def test_much_in_little_time_is_one_piece_of_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GAP_S", 0.05)

    async def run() -> None:
        hub = Hub()
        client = Client(hub, b"topics=incidents")
        await asyncio.sleep(0.01)
        hub.say(Topic.INCIDENTS, ["first"])
        await client.until(1)
        for number in range(5):
            hub.say(Topic.INCIDENTS, [f"inc-{number}"])
        news = await client.until(2)
        assert len(news[1]["ids"]) == 5
        for number in range(MOST_IDS + 1):
            hub.say(Topic.INCIDENTS, [f"inc-{number}"])
        assert (await client.until(3))[2]["ids"] == [], "several"
        hub.close()
        await client.task

    asyncio.run(run())


def test_it_ends_at_once_when_the_server_stops() -> None:
    async def run() -> None:
        hub = Hub()
        client = Client(hub)
        await asyncio.sleep(0.01)
        hub.close()
        async with asyncio.timeout(1):
            await client.task
        assert client.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
        with pytest.raises(RetryLater):
            hub.listen([Topic.RUNS])

    asyncio.run(run())


def test_who_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SEND_S", 0.01)

    async def run() -> None:
        hub = Hub()
        client = Client(hub)
        await asyncio.sleep(0.01)
        client.stuck.clear()
        hub.say(Topic.INCIDENTS, ["inc-1"])
        async with asyncio.timeout(2):
            await client.task
        assert hub.listeners() == 0

    asyncio.run(run())


def test_whoever_loses_the_right_hears_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.01)

    async def run() -> None:
        client = Client(Hub())
        async with asyncio.timeout(2):
            while not any(b"still here" in m.get("body", b"") for m in client.sent):
                client.arrived.clear()
                await client.arrived.wait()
            client.allowed = False
            await client.task

    asyncio.run(run())


def test_only_so_many_listen() -> None:
    async def run() -> None:
        hub = Hub(most=1)
        ear = hub.listen([Topic.RUNS])
        with pytest.raises(RetryLater):
            hub.listen([Topic.RUNS])
        hub.leave(ear)
        hub.listen([Topic.RUNS])

    asyncio.run(run())


def test_one_principal_does_not_take_all() -> None:
    async def run() -> None:
        hub = Hub()
        clients = [Client(hub) for _ in range(EARS_EACH + 1)]
        await asyncio.sleep(0.01)
        with pytest.raises(RetryLater, match=f"{EARS_EACH} consoles"):
            await clients.pop().task
        assert hub.listeners() == EARS_EACH
        hub.listen([Topic.RUNS], "tok-2")
        hub.close()
        await asyncio.gather(*(client.task for client in clients))

    asyncio.run(run())


def test_topics() -> None:
    assert topics_of(b"topics=incidents,runs") == {Topic.INCIDENTS, Topic.RUNS}
    assert topics_of(b"") == set(Topic)
    with pytest.raises(RejectInput, match="no topic"):
        topics_of(b"topics=weather")


class Listening(Hub):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[Topic, tuple[str, ...]]] = []

    def say(self, topic, ids=()) -> None:
        super().say(topic, ids)
        self.heard.append((topic, tuple(ids)))


def change(id: str) -> Change:
    return Change(id=id, source="ci", kind=ChangeKind.BUILD, entity="service:a/b/c", at_ns=1)


def test_the_store_says_what_it_keeps() -> None:
    hub = Listening()
    state = ToldState(MemoryState(), hub)
    state.put(change("c1"))
    assert state.put_new(change("c1")) is False
    state.put(Label(id="l1", incident="inc-1", verdict="noise", by="me", at_ns=1))
    assert hub.heard == [(Topic.CHANGES, ("c1",)), (Topic.INCIDENTS, ("inc-1",))]
    assert hub.version(Topic.CHANGES, Topic.INCIDENTS, Topic.RUNS) == 2


def test_a_transaction_is_one_piece_of_news_and_none_when_undone() -> None:
    hub = Listening()
    state = ToldState(MemoryState(), hub)
    with state.transaction():
        state.put(Incident(id="inc-1"))
        with state.transaction():
            state.put(Incident(id="inc-2"))
        assert hub.heard == []
    assert hub.heard == [(Topic.INCIDENTS, ("inc-1", "inc-2"))]
    with pytest.raises(ValueError, match="undone"), state.transaction():
        state.put(Incident(id="inc-3"))
        raise ValueError("undone")
    assert len(hub.heard) == 1
    state.put(change("c1"))
    assert hub.heard[1:] == [(Topic.CHANGES, ("c1",))]
