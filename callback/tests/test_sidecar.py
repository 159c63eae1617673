"""Sidecar, Breaker and read_reply: a real server that is well, slow, broken, or away."""

import asyncio
import contextlib
import json
import logging
import re
import time

import pytest
from aiohttp import web

from callback import signalbox
from callback.signalbox import Breaker, Sidecar, read_reply

from .conftest import closing, reply, serving

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

    monkeypatch.setattr(sidecar, "connect", never)
    start = time.monotonic()
    assert await sidecar.ask(question) is None
    assert 0.05 <= time.monotonic() - start < 1


REPLY = json.dumps(reply()).encode()
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(REPLY), REPLY)


@contextlib.asynccontextmanager
async def answering(*pieces, leaves=False):
    """A server that answers each question with these bytes, piece by piece; and the connection of each question."""
    ports = []

    async def serve(reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int(re.search(rb"content-length: (\d+)", head)[1]))
                ports.append(writer.get_extra_info("peername")[1])
                for piece in pieces:
                    writer.write(piece)
                    await asyncio.sleep(0.002)
                if leaves:
                    break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, closing(Sidecar({"SIGNALBOX_URL": url})) as sidecar:
        yield sidecar, ports


@pytest.mark.parametrize(
    "pieces",
    [[WHOLE[i : i + 1] for i in range(60)] + [WHOLE[60:]], [WHOLE[:45], WHOLE[45:-1], WHOLE[-1:]]],
    ids=["byte by byte", "in three"],
)
async def test_ask_takes_a_reply_that_comes_in_pieces(pieces):
    async with answering(*pieces) as (sidecar, ports):
        assert all(await ask_in_turn(sidecar, 2))
    assert len(set(ports)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        WHOLE.replace(b"Content-Length", b"X-Length"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        WHOLE[:-1],
        b"",
    ],
    ids=["of any length", "chunked", "too long", "endless head", "of another protocol", "cut off", "none"],
)
async def test_ask_takes_no_reply_but_a_whole_one_of_a_known_length(answer):
    async with answering(answer, leaves=True) as (sidecar, ports):
        assert await ask_in_turn(sidecar, 2) == [None, None]
        assert (sidecar.breaker.failures, len(set(ports))) == (2, 2)


@pytest.mark.parametrize("head", [b"", b"Connection: close\r\n"], ids=["without a word", "as it said"])
async def test_ask_opens_another_connection_where_the_sidecar_closed_it(head):
    async with answering(WHOLE.replace(b"Content", head + b"Content"), leaves=True) as (sidecar, ports):
        assert await sidecar.ask(question)
        await asyncio.sleep(0 if head else 0.02)
        assert await sidecar.ask(question)
    assert len(set(ports)) == 2


async def test_ask_uses_no_connection_that_was_idle_for_a_minute(monkeypatch):
    async with answering(WHOLE) as (sidecar, ports):
        assert await sidecar.ask(question)
        monkeypatch.setattr(signalbox, "KEPT_SECONDS", 0.0)
        assert await sidecar.ask(question)
    assert len(set(ports)) == 2


async def until(condition):
    for _ in range(5_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    pytest.fail("it never came true")


async def test_an_answer_that_nobody_waits_for_is_not_taken_for_the_next():
    late = WHOLE.replace(b'"opus"', b'"late"')
    async with answering(late[:50], *[b""] * 20, late[50:]) as (sidecar, ports):
        asking = asyncio.create_task(sidecar.ask(question))
        await until(lambda: ports)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert not any(sidecar.idle.values())
        assert await sidecar.ask(question)
    assert len(set(ports)) == 2


async def test_ask_asks_below_the_path_of_the_address(fake):
    async with closing(Sidecar({"SIGNALBOX_URL": f"{fake.url}/below/"})) as sidecar:
        assert await sidecar.ask(question) is None
        assert sidecar.breaker.cause == "ValueError status 404"


@pytest.mark.parametrize(
    ("url", "place", "host"),
    [
        ("http://sidecar", ("sidecar", 80), "sidecar"),
        ("http://[::1]:4100/", ("::1", "4100"), "[::1]:4100"),
        ("https://sidecar", ("sidecar", 443), "sidecar"),
        ("unix:///run/signalbox.sock", ("/run/signalbox.sock",), "localhost"),
    ],
)
def test_sidecar_is_where_the_address_says(url, place, host):
    sidecar = Sidecar({"SIGNALBOX_URL": url})
    assert sidecar.connect.args == place
    assert bool(sidecar.connect.keywords.get("ssl")) is url.startswith("https")
    assert sidecar.headers.startswith(f"host: {host}\r\n")


def test_connections_of_an_event_loop_that_ended_are_let_go(tmp_path):
    sidecars = []

    async def ask_once():
        async with serving(str(tmp_path / "s.sock")) as fake:
            sidecars.append(sidecars[0] if sidecars else Sidecar({"SIGNALBOX_URL": fake.url}))
            assert await sidecars[0].ask(question)

    for _ in range(3):
        asyncio.run(ask_once())
    assert len(sidecars[0].idle) == 1


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
        ({"SIGNALBOX_URL": "http://sidecar:port"}, "'http://sidecar:port'"),
        ({"SIGNALBOX_URL": "http://user:pass@sidecar"}, "'http://user:pass@sidecar'"),
        ({"SIGNALBOX_TIMEOUT_MS": "2s"}, "'2s'"),
        ({"SIGNALBOX_TIMEOUT_MS": "0"}, "'0'"),
    ],
)
def test_settings_that_cannot_be_used_are_named(env, found):
    with pytest.raises(ValueError, match="Cannot use SIGNALBOX_") as error:
        Sidecar(env)
    assert found in str(error.value)
    assert next(iter(env)) in str(error.value)
