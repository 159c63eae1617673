"""What the tests share: a real aiohttp server in the place of the sidecar, and the callback that asks it."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # else LiteLLM looks for its prices in the web

import pytest
from aiohttp import web

from callback import signalbox

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def reply(**fields: Any) -> dict[str, Any]:
    """A reply as the sidecar gives it."""
    return {
        "decision_id": "0193-0001",
        "model": "opus",
        "candidates": ["opus", "gpt", "haiku"],
        "rewrite": True,
        "virtual": True,
        "tier": "complex",
        "method": "auto",
        "strategy": "static",
        "score": 71.5,
        "confidence": None,
        "reason": "score 71.5 is in complex (66-100)",
        "requested_model": "auto",
        "mode": "enforce",
        "policy_revision": "9f2c",
        "access": "strict",
        "max_output_tokens": {"opus": 64_000},
        "deadline_ms": 250,
        "needs_catalog": False,
        "header_names": [],
        "pass_fallbacks": False,
        **fields,
    }


class FakeSidecar:
    """Answers on TCP or a Unix socket with `answer`, which a test may replace; keeps what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Any] = []  # case-insensitive
        self.catalogs: list[dict[str, Any]] = []
        self.reports: list[dict[str, Any]] = []
        self.report_status = 200
        self.report_arrived = asyncio.Event()
        self.arrived = asyncio.Event()
        self.catalog_arrived = asyncio.Event()
        self.released = asyncio.Event()
        self.reply = reply()
        self.answer: Answer = self.say_reply

    async def route(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.headers.append(request.headers.copy())
        self.arrived.set()
        return await self.answer(request)

    async def catalog(self, request: web.Request) -> web.Response:
        self.catalogs.append(await request.json())
        self.catalog_arrived.set()
        return web.json_response({"revision": "r1", "models": 1})

    async def outcomes(self, request: web.Request) -> web.Response:
        self.reports.append(await request.json())
        self.report_arrived.set()
        return web.json_response({}, status=self.report_status)

    async def say_reply(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self.reply)

    async def hang(self, request: web.Request) -> web.StreamResponse:
        await self.released.wait()
        return web.json_response(self.reply)

    def say(self, text: str, status: int = 200) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(text=text, status=status, content_type="application/json")

        self.answer = answer

    async def drop(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@contextlib.asynccontextmanager
async def serving(socket: str | None = None):
    app = web.Application()
    runner = web.AppRunner(app, handler_cancellation=True)
    fake = FakeSidecar(f"unix://{socket}" if socket else "")
    app.router.add_post("/v1/route", fake.route)
    app.router.add_put("/v1/catalog", fake.catalog)
    app.router.add_post("/v1/outcomes", fake.outcomes)
    await runner.setup()
    await (web.UnixSite(runner, socket) if socket else web.TCPSite(runner, "127.0.0.1", 0)).start()
    if not socket:
        fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        fake.released.set()
        await runner.cleanup()


@pytest.fixture
async def fake(anyio_backend):
    async with serving() as fake:
        yield fake


@pytest.fixture(params=["tcp", "unix"])
async def fake_on(request, tmp_path, anyio_backend):
    """The same over both kinds of connection."""
    async with serving(str(tmp_path / "s.sock") if request.param == "unix" else None) as fake:
        yield fake


@contextlib.asynccontextmanager
async def closing(sidecar: signalbox.Sidecar):
    try:
        yield sidecar
    finally:
        for idle in sidecar.idle.values():
            for _, writer, _ in idle:
                writer.transport.abort()


@pytest.fixture
async def sidecar(fake):
    async with closing(signalbox.Sidecar({"SIGNALBOX_URL": fake.url, "SIGNALBOX_SECRET": "s3cret"})) as sidecar:
        yield sidecar


def user(**fields: Any) -> Any:
    """A caller as LiteLLM's auth hands it to the hook, without LiteLLM's class."""
    absent = dict.fromkeys(
        ("key_alias", "team_id", "user_id", "end_user_id", "max_budget", "spend", "token", "agent_id")
    )
    return SimpleNamespace(**{**absent, "models": [], **fields})
