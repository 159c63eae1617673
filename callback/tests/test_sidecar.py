"""Sidecar, Breaker and read_reply: a real server that is well, slow, broken, or away."""

import asyncio
import json
import logging
import time

import pytest
from aiohttp import web

from callback import signalbox
from callback.signalbox import Breaker, Sidecar, read_reply

from .conftest import closing, reply

pytestmark = pytest.mark.anyio


def question():
    return {"body": {"model": "auto"}}


async def ask_in_turn(sidecar, times):
    return [await sidecar.ask(question) for _ in range(times)]


async def test_ask_sends_the_question_and_gives_the_reply(fake_on):
    async with closing(Sidecar({"SIGNALBOX_URL": fake_on.url, "SIGNALBOX_SECRET": "s3cret"})) as sidecar:
        answer = await sidecar.ask(question)
    assert (answer["model"], answer["candidates"]) == ("opus", ["opus", "opus", "gpt", "haiku"])
    assert fake_on.asked == [{**question(), "deadline_ms": 250}]
    assert fake_on.headers[0]["authorization"] == "Bearer s3cret"


async def test_ask_sends_no_authorization_without_a_secret(fake):
    async with closing(Sidecar({"SIGNALBOX_URL": fake.url})) as sidecar:
        assert await sidecar.ask(question)
    assert "authorization" not in fake.headers[0]


async def test_ask_uses_one_connection_again(fake, sidecar):
    ports = set()

    async def answer(request):
        ports.add(request.transport.get_extra_info("peername"))
        return await fake.say_reply(request)

    fake.answer = answer
    await ask_in_turn(sidecar, 5)
    assert len(ports) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage",
        "[]",
        "null",
        "{}",
        json.dumps(reply(model="a,b")),
        json.dumps(reply()) + " " * 70_000,
        "[" * 60_000,
    ],
    ids=["empty", "garbage", "list", "null", "no field", "two models", "huge", "deep"],
)
async def test_ask_takes_no_reply_of_another_form(fake_on, text):
    async with closing(Sidecar({"SIGNALBOX_URL": fake_on.url})) as sidecar:
        fake_on.say(text)
        assert await sidecar.ask(question) is None
        assert sidecar.breaker.failures == 1
        fake_on.answer = fake_on.say_reply
        assert (await sidecar.ask(question))["model"] == "opus"
        assert sidecar.breaker.failures == 0


@pytest.mark.parametrize(("status", "failures"), [(500, 1), (401, 1), (404, 1), (302, 1), (400, 0), (413, 0), (422, 0)])
async def test_ask_takes_no_other_status_and_blames_no_sidecar_for_one_request(fake, sidecar, status, failures):
    fake.say(json.dumps(reply()), status)
    assert await sidecar.ask(question) is None
    assert sidecar.breaker.failures == failures


async def test_ask_follows_no_redirect(fake, sidecar):
    async def elsewhere(request):
        return web.Response(status=307, headers={"location": "/v1/route"})

    fake.answer = elsewhere
    assert await sidecar.ask(question) is None
    assert len(fake.asked) == 1


async def test_ask_passes_when_the_connection_drops(fake, sidecar):
    fake.answer = fake.drop
    assert await sidecar.ask(question) is None
    assert sidecar.breaker.failures == 1


async def test_ask_passes_when_nobody_listens(tmp_path, unused_tcp_port):
    for url in (f"http://127.0.0.1:{unused_tcp_port}", f"unix://{tmp_path}/none.sock"):
        async with closing(Sidecar({"SIGNALBOX_URL": url})) as sidecar:
            start = time.monotonic()
            assert await sidecar.ask(question) is None
            assert time.monotonic() - start < 1
            assert sidecar.breaker.failures == 1


@pytest.fixture
def unused_tcp_port():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refuses
        yield taken.getsockname()[1]


async def test_ask_waits_no_longer_than_the_deadline(fake_on):
    async with closing(Sidecar({"SIGNALBOX_URL": fake_on.url})) as sidecar:
        fake_on.answer = fake_on.hang
        start = time.monotonic()
        assert await sidecar.ask(question) is None
        assert 0.25 <= time.monotonic() - start < 2


async def test_ask_gives_up_a_connection_that_is_not_made_within_50_ms(sidecar, monkeypatch):
    async def never(*args, **options):
        await asyncio.Event().wait()

    monkeypatch.setattr(signalbox.aiohttp.TCPConnector, "connect", never)
    start = time.monotonic()
    assert await sidecar.ask(question) is None
    assert 0.05 <= time.monotonic() - start < 1


async def test_deadline_is_the_one_last_told_from_50_ms_up_to_the_longest(fake):
    env = {"SIGNALBOX_URL": fake.url, "SIGNALBOX_TIMEOUT_MS": "1000"}
    async with closing(Sidecar(env)) as sidecar:
        told = []
        for deadline_ms in (400, 9_000, None, 0, 1, -5, 300):
            fake.reply = reply(deadline_ms=deadline_ms)
            await sidecar.ask(question)
            told.append(sidecar.deadline_ms)
    assert told == [400, 1_000, 1_000, 1_000, 50, 50, 300]
    assert [asked["deadline_ms"] for asked in fake.asked] == [250, *told[:-1]]


async def test_a_busy_event_loop_is_no_fault_of_the_sidecar(fake, sidecar):
    """LiteLLM takes 20 ms of CPU a request: with 50 in flight, a turn of the loop takes longer than the deadline."""

    async def keep_busy():
        for _ in range(12):
            time.sleep(0.3)  # blocks the loop on purpose
            await asyncio.sleep(0)

    answer, _ = await asyncio.gather(sidecar.ask(question), keep_busy())
    assert answer is not None


async def test_no_more_than_64_questions_are_in_flight(fake, sidecar):
    fake.answer = fake.hang
    sidecar.deadline_ms = 3_000
    asking = [asyncio.create_task(sidecar.ask(question)) for _ in range(64)]
    await asyncio.sleep(0)
    assert sidecar.in_flight == 64
    assert await sidecar.ask(question) is None
    fake.released.set()
    assert all(await asyncio.gather(*asking))
    assert (len(fake.asked), sidecar.in_flight) == (64, 0)
    assert await sidecar.ask(question)


async def test_a_client_that_leaves_is_let_go_and_counts_for_nothing(fake, sidecar):
    fake.answer = fake.hang
    asking = asyncio.create_task(sidecar.ask(question))
    await fake.arrived.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (sidecar.in_flight, sidecar.breaker.failures) == (0, 0)


async def test_a_client_that_leaves_during_the_probe_leaves_the_next_one_to_another(fake, sidecar):
    now = [0.0]
    sidecar.breaker = Breaker(lambda: now[0], lambda: 0.5)
    fake.say("garbage")
    await ask_in_turn(sidecar, 5)
    now[0] = 1.0
    fake.answer = fake.hang
    fake.arrived.clear()
    probe = asyncio.create_task(sidecar.ask(question))
    await fake.arrived.wait()
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    fake.answer = fake.say_reply
    assert await sidecar.ask(question)
    assert sidecar.breaker.probe_at is None


async def test_a_question_that_cannot_be_put_counts_for_nothing(fake, sidecar):
    def broken():
        raise RuntimeError("secret text of a request")

    assert await sidecar.ask(broken) is None
    assert (fake.asked, sidecar.breaker.failures, sidecar.in_flight) == ([], 0, 0)


async def test_logs_hold_no_text_of_requests_or_replies(fake, sidecar, caplog):
    caplog.set_level(logging.DEBUG, "signalbox")
    fake.say('{"model": "opus", "rewrite": "the secret", "candidates": ["the, secret"]}')
    await ask_in_turn(sidecar, 6)
    fake.say("the secret")
    await sidecar.ask(lambda: {"text": "the secret"})
    assert caplog.records
    assert "secret" not in caplog.text.replace("s3cret", "secret")


async def test_breaker_opens_after_5_failures_in_a_row_and_asks_no_more(fake, sidecar):
    fake.say("garbage")
    await ask_in_turn(sidecar, 4)
    fake.answer = fake.say_reply
    await sidecar.ask(question)
    fake.say("garbage")
    await ask_in_turn(sidecar, 12)
    assert len(fake.asked) == 4 + 1 + 5


def opened(jitter=0.5):
    now = [100.0]
    breaker = Breaker(lambda: now[0], lambda: jitter)
    for _ in range(5):
        assert breaker.admit()
        breaker.settle(False)
    return breaker, now


def test_breaker_lets_one_probe_through_after_a_second():
    breaker, now = opened()
    now[0] = 100.99
    assert not breaker.admit()
    now[0] = 101.0
    assert breaker.admit()
    assert not breaker.admit()
    breaker.settle(True)
    assert breaker.admit()
    assert breaker.admit()


@pytest.mark.parametrize(("jitter", "pauses"), [(0.5, [1, 2, 4, 8, 16, 30, 30]), (1.0, [1.25, 2.5, 5, 10, 20, 30, 30])])
def test_breaker_pauses_longer_after_each_failed_probe_up_to_30_s(jitter, pauses):
    breaker, now = opened(jitter)
    found = []
    for _ in pauses:
        found.append(breaker.probe_at - now[0])
        now[0] = breaker.probe_at
        assert breaker.admit()
        breaker.settle(False)
    assert found == pytest.approx(pauses)


def test_breaker_takes_no_notice_of_failures_of_questions_from_before_it_opened():
    breaker, now = opened()
    for _ in range(59):
        breaker.settle(False)
    assert breaker.probe_at == pytest.approx(101.0)
    now[0] = 101.0
    assert breaker.admit()


def test_breaker_says_once_that_it_opens_and_closes(caplog):
    breaker, now = opened()
    breaker.settle(False)
    now[0] = 102.0
    breaker.admit()
    breaker.settle(True)
    breaker.settle(True)
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


@pytest.mark.parametrize(
    "fields",
    [
        {"model": None},
        {"model": ""},
        {"model": 5},
        {"model": "opus,haiku"},
        {"model": "http://elsewhere/v1"},
        {"model": "a\nb"},
        {"model": "x" * 257},
        {"candidates": ["opus", None]},
        {"candidates": ["opus", "a,b"]},
        {"candidates": ["opus"] * 17},
        {"candidates": "opus"},
        {"rewrite": None},
        {"rewrite": "yes"},
        {"rewrite": 1},
        {"virtual": "yes"},
        {"needs_catalog": 1},
        {"access": True},
        {"mode": 1},
        {"reason": ["x"]},
        {"score": "9"},
        {"deadline_ms": 1.5},
        {"max_output_tokens": [1]},
        {"header_names": "user-agent"},
    ],
    ids=str,
)
def test_read_reply_refuses(fields):
    with pytest.raises(ValueError, match="another form"):
        read_reply(json.dumps(reply(**fields)).encode())


@pytest.mark.parametrize("model", ["opus,haiku", "http://elsewhere/v1", "a\nb", "", "x" * 300])
def test_read_reply_takes_any_name_of_a_client_that_is_left_as_it_is(model):
    fields = reply(model=model, candidates=[model], rewrite=False, method="passthrough")
    assert read_reply(json.dumps(fields).encode())["candidates"] == []


async def test_ask_sends_the_first_of_two_secrets_while_one_replaces_the_other(fake):
    async with closing(Sidecar({"SIGNALBOX_URL": fake.url, "SIGNALBOX_SECRET": "old-secret, new-secret"})) as sidecar:
        assert await sidecar.ask(question) is not None
    assert fake.headers[0]["authorization"] == "Bearer old-secret"


async def test_breaker_names_the_cause_when_it_opens(fake, sidecar, caplog):
    fake.say("no", 401)
    for _ in range(5):
        assert await sidecar.ask(question) is None
    assert "failed 5 times in a row, requests go on: ValueError status 401" in caplog.text


@pytest.mark.parametrize("name", ["tier", "method", "score", "reason", "candidates", "access", "mode", "deadline_ms"])
def test_read_reply_does_without(name):
    fields = reply(**{name: None})
    assert read_reply(json.dumps(fields).encode())["model"] == "opus"
    del fields[name]
    assert read_reply(json.dumps(fields).encode())["model"] == "opus"


@pytest.mark.parametrize(
    ("env", "found"),
    [
        ({"SIGNALBOX_URL": "127.0.0.1:4100"}, "'127.0.0.1:4100'"),
        ({"SIGNALBOX_URL": "unix://relative.sock"}, "'unix://relative.sock'"),
        ({"SIGNALBOX_TIMEOUT_MS": "2s"}, "'2s'"),
        ({"SIGNALBOX_TIMEOUT_MS": "0"}, "'0'"),
    ],
)
def test_settings_that_cannot_be_used_are_named(env, found):
    with pytest.raises(ValueError, match="Cannot use SIGNALBOX_") as error:
        Sidecar(env)
    assert found in str(error.value)
    assert next(iter(env)) in str(error.value)
