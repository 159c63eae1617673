"""Signalbox, the callback: what becomes of a request, its metadata and its headers."""

import asyncio
import contextlib
import copy
import json
import logging
import sys
from types import SimpleNamespace

import pytest
from aiohttp import web
from litellm.proxy._types import ProxyException

from callback import signalbox
from callback.signalbox import BUCKETS, Mark, Signalbox

from .conftest import closing, reply, user

pytestmark = pytest.mark.anyio

KNOWN = ("opus", "gpt", "haiku", "auto")


class Rights:
    """Stands at the seam to LiteLLM: which models there are, and which this caller may call and pay for."""

    def __init__(self):
        self.allowed = set(KNOWN)
        self.too_dear = set()
        self.guardrails = {}  # by model
        self.asked = []

    async def may_call(self, model, caller):
        self.asked.append(model)
        return model in self.allowed

    async def can_pay(self, model, caller, data):
        return model not in self.too_dear

    def get_model_list(self, model_name, team_id=None):
        return [{"litellm_params": {"guardrails": self.guardrails.get(model_name)}}]


@pytest.fixture
def rights(monkeypatch):
    rights = Rights()
    patterns = SimpleNamespace(patterns={"claude\\-(.*)": []})
    router = SimpleNamespace(is_recognized_model=KNOWN.__contains__, pattern_router=patterns, model_list=[{}])
    router.get_model_list = rights.get_model_list
    proxy = SimpleNamespace(llm_router=router, ProxyException=ProxyException)
    monkeypatch.setitem(sys.modules, "litellm.proxy.proxy_server", proxy)
    monkeypatch.setattr(signalbox, "may_call", rights.may_call)
    monkeypatch.setattr(signalbox, "can_pay", rights.can_pay)
    return rights


@pytest.fixture
async def callback(fake, rights, monkeypatch):
    monkeypatch.setattr(Signalbox, "_announce", lambda self: None)  # test_announces… has its own
    callback = Signalbox({"SIGNALBOX_URL": fake.url})
    callback.missing = []
    async with closing(callback.sidecar):
        yield callback


def body(**fields):
    return {"model": "auto", "messages": [{"role": "user", "content": "hi"}], "metadata": {}, **fields}


async def call(callback, data, call_type="acompletion", caller=None):
    await callback.async_pre_call_hook(caller or user(), None, data, call_type)
    return data


async def headers_of(callback, data):
    return await callback.async_post_call_response_headers_hook(
        data=data, user_api_key_dict=user(), response=None, request_headers={}
    )


@pytest.mark.parametrize("call_type", sorted(BUCKETS))
async def test_rewrites_the_model_and_leaves_its_mark_in_litellms_bucket(fake, callback, call_type):
    bucket = BUCKETS[call_type]
    data = {"model": "auto", "messages": [], "input": "hi", "prompt": "hi", bucket: {"user_api_key_alias": "k"}}
    await call(callback, data, call_type)
    assert data["model"] == "opus"
    mark = data[bucket]["signalbox"]
    assert (mark["decision_id"], mark["model"], mark["requested_model"]) == ("0193-0001", "opus", "auto")
    excerpt = {"decision_id": "0193-0001", "tier": "complex", "method": "auto", "requested_model": "auto"}
    assert data[bucket]["spend_logs_metadata"] == {"signalbox": {**excerpt, "model": "opus", "denied": []}}
    assert fake.asked[0]["call_type"] == call_type


@pytest.mark.parametrize(
    "call_type",
    ["aembedding", "embeddings", "image_generation", "moderation", "audio_transcription", "pass_through_endpoint"],
)
async def test_leaves_other_calls_alone(fake, callback, call_type):
    data = body(metadata={"signalbox": "theirs"})
    before = copy.deepcopy(data)
    assert await callback.async_pre_call_hook(user(), None, data, call_type) is None
    assert data == before
    assert fake.asked == []


async def test_asks_with_everything_the_envelope_holds(fake, callback):
    callback.catalog_revision = "abc"
    caller = user(token="ab" * 32, key_alias="k", team_id="t", user_id="u", end_user_id="e", max_budget=10.0, spend=2.5)
    data = body(litellm_call_id="call-1", litellm_session_id="s-1", litellm_logging_obj=object())
    data["previous_response_id"] = "resp_1"
    data["metadata"] = {"tags": ["batch", 5], "user_api_key": "SECRET"}
    await call(callback, data, caller=caller)
    [asked] = fake.asked
    facts = asked.pop("facts")
    assert (facts["human_turns"], facts["previous_response_by"], facts["previous_response_model"]) == (
        1,
        "resp_1",
        None,
    )
    assert asked == {
        "api_version": 1,
        "call_type": "acompletion",
        "litellm_call_id": "call-1",
        "body": {"model": "auto", "messages": [{"role": "user", "content": "hi"}], "previous_response_id": "resp_1"},
        "known": True,
        "caller": {
            "key_hash": "ab" * 32,
            "key_alias": "k",
            "team_id": "t",
            "user_id": "u",
            "end_user_id": "e",
            "budget_used_ratio": 0.25,
        },
        "session_id": "s-1",
        "tags": ["batch"],
        "headers": {},
        "catalog_revision": "abc",
        "deadline_ms": 250,
    }


@pytest.mark.parametrize(("model", "known"), [("opus", True), ("nope", False), ("claude-x", False), (None, False)])
async def test_known_means_known_by_this_very_name(fake, callback, model, known):
    await call(callback, body(model=model))
    assert fake.asked[0]["known"] is known


async def test_never_sends_a_key_that_is_not_hashed(fake, callback):
    await call(callback, body(), caller=user(token="sk-plain"))
    assert fake.asked[0]["caller"]["key_hash"] is None


async def test_sends_only_the_headers_that_were_asked_for_and_no_secret(fake, callback):
    fake.reply = reply(header_names=["User-Agent", "x-tier", "authorization", "x-api-key", "cookie", "x-absent"])
    sent = {"user-agent": "curl", "x-tier": "high", "authorization": "SECRET", "x-api-key": "SECRET", "accept": "*/*"}
    data = body(proxy_server_request={"headers": sent})
    await call(callback, data)
    await call(callback, data)
    assert [asked["headers"] for asked in fake.asked] == [{}, {"user-agent": "curl", "x-tier": "high"}]


async def test_sends_overrides_before_the_sidecar_has_named_any_header(fake, callback):
    sent = {"x-signalbox-tier": "complex", "x-signalbox-hint": "80", "x-other": "1"}
    await call(callback, body(proxy_server_request={"headers": sent}))
    assert fake.asked[0]["headers"] == {"x-signalbox-tier": "complex", "x-signalbox-hint": "80"}


@pytest.mark.parametrize("is_away", [False, True])
@pytest.mark.parametrize("call_type", ["acompletion", "aembedding"])
async def test_takes_the_fields_of_an_older_gateway_out_of_the_body(fake, callback, call_type, is_away):
    async def refuse(_):
        return web.Response(status=500)

    fake.answer = refuse if is_away else fake.answer
    old = {"x-routing-strategy": "cost", "x-prefer-provider": "openai", "x-cache": False, "x-budget-key": "b"}
    data = await call(callback, body(**old, cache={"ttl": 9}), call_type=call_type)
    assert not old.keys() & data.keys()
    assert data["cache"] == {"ttl": 9, "no-cache": True}
    for asked in fake.asked:
        assert asked["headers"] == {"x-routing-strategy": "cost", "x-prefer-provider": "openai"}


@pytest.mark.parametrize("field", [{}, {"x-cache": True}])
async def test_leaves_litellms_cache_alone_where_the_client_does_not_forbid_it(callback, field):
    assert "cache" not in await call(callback, body(**field))


async def test_passes_the_rest_of_the_ladder_that_the_caller_may_call_as_fallbacks(fake, callback, rights):
    fake.reply = reply(pass_fallbacks=True)
    rights.allowed.discard("gpt")
    data = await call(callback, body())
    assert (data["model"], data["fallbacks"]) == ("opus", ["haiku"])


async def test_passes_no_model_as_a_fallback_that_litellm_does_not_know(fake, callback):
    fake.reply = reply(pass_fallbacks=True, candidates=["opus", "gone", "haiku"])
    assert (await call(callback, body()))["fallbacks"] == ["haiku"]


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens", "max_output_tokens"])
async def test_passes_each_fallback_with_the_output_limit_that_it_allows(fake, callback, field):
    fake.reply = reply(pass_fallbacks=True, max_output_tokens={"opus": 64_000, "gpt": 4_000})
    data = await call(callback, body(**{field: 90_000}))
    assert (data["model"], data[field]) == ("opus", 64_000)
    assert data["fallbacks"] == [{"model": "gpt", field: 4_000}, {"model": "haiku", field: 90_000}]


async def test_a_clients_own_fallbacks_stay(fake, callback):
    fake.reply = reply(pass_fallbacks=True)
    assert (await call(callback, body(fallbacks=["gpt"])))["fallbacks"] == ["gpt"]


@pytest.mark.parametrize("fields", [{"pass_fallbacks": False}, {"pass_fallbacks": True, "mode": "shadow"}])
async def test_passes_no_fallbacks_unasked(fake, callback, fields):
    fake.reply = reply(**fields)
    assert "fallbacks" not in await call(callback, body())


@pytest.mark.parametrize("fields", [{"rewrite": False}, {"mode": "shadow"}, {"mode": "shadow", "rewrite": False}])
async def test_leaves_the_model_but_says_what_was_decided(fake, callback, rights, fields):
    fake.reply = reply(**fields)
    data = await call(callback, body(max_tokens=90_000))
    assert (data["model"], data["max_tokens"], rights.asked) == ("auto", 90_000, [])
    assert (await headers_of(callback, data))["x-signalbox-model"] == "auto"


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": "off", "decision_id": None, "rewrite": False, "model": "auto", "candidates": ["auto"]},
        {"mode": "off"},
        {"model": "gone", "candidates": ["gone", "away"]},
        {"model": "gone", "candidates": ["gone"], "access": "virtual_name"},
    ],
    ids=["mode off", "mode off yet a decision", "no known candidate", "no known candidate, access by name"],
)
async def test_claims_no_decision_that_it_cannot_apply(fake, callback, monkeypatch, fields):
    announced = []
    monkeypatch.setattr(Signalbox, "_announce", lambda self: announced.append(True))
    fake.reply = reply(**fields, needs_catalog=True, header_names=["x-tier"])
    data = body(max_tokens=90_000)
    before = copy.deepcopy(data)
    await call(callback, data)
    assert data == before
    assert await headers_of(callback, data) is None
    assert (callback.header_names, announced[-1:]) == (["x-tier"], [True])


async def test_takes_the_first_candidate_that_the_caller_may_call(callback, rights):
    rights.allowed = {"gpt", "haiku"}
    data = await call(callback, body())
    assert data["model"] == "gpt"
    assert data["metadata"]["signalbox"]["denied"] == ["opus"]
    assert rights.asked == ["opus", "gpt"]


@pytest.mark.parametrize("access", ["strict", "virtual_name"])
async def test_takes_the_first_candidate_that_the_caller_can_pay_for(fake, callback, rights, access):
    fake.reply = reply(access=access, pass_fallbacks=True)
    rights.too_dear = {"opus", "gpt"}
    data = await call(callback, body())
    assert (data["model"], "fallbacks" in data) == ("haiku", False)
    assert data["metadata"]["signalbox"]["denied"] == ["opus", "gpt"]
    rights.too_dear = {"gpt"}
    data = await call(callback, body())
    assert (data["model"], data["fallbacks"]) == ("opus", ["haiku"])


async def test_goes_on_unmarked_where_a_fallback_s_budget_cannot_be_read(fake, callback, rights, monkeypatch):
    async def can_pay(model, caller, data):
        if model != "opus":
            raise ConnectionError("the database is away")
        return True

    monkeypatch.setattr(signalbox, "can_pay", can_pay)
    fake.reply = reply(pass_fallbacks=True)
    data = await call(callback, body())
    assert (data["model"], await headers_of(callback, data)) == ("auto", None)


@pytest.mark.parametrize("call_type", sorted(BUCKETS))
async def test_has_the_guardrails_of_the_model_run_as_if_it_had_been_asked_for(fake, callback, rights, call_type):
    """LiteLLM adds them before the hook, and so those of the virtual name."""
    rights.guardrails = {"opus": ["mask"], "haiku": ["other"]}
    own = {"model": "auto", "messages": [], "input": "hi", "prompt": "hi", "metadata": {"guardrails": ["key's own"]}}
    data = await call(callback, own, call_type)
    assert data["model"] == "opus"
    assert sorted(data["metadata"]["guardrails"]) == ["key's own", "mask"]
    data = await call(callback, {"model": "auto", "messages": [], "input": "hi", "prompt": "hi"}, call_type)
    assert data["metadata"]["guardrails"] == ["mask"]


@pytest.mark.parametrize("call_type", ["anthropic_messages", "aresponses"])
async def test_has_guardrails_run_where_the_client_s_own_metadata_is_null(fake, callback, rights, call_type):
    """LiteLLM leaves it so there: its own is in litellm_metadata."""
    sent = {"model": "auto", "messages": [], "input": "hi", "metadata": None}
    data = await call(callback, {**sent, "litellm_metadata": {"guardrails": ["key's own"]}}, call_type)
    assert (data["model"], data["metadata"]) == ("opus", {"guardrails": ["key's own"]})


async def test_adds_no_guardrails_where_the_model_has_none_or_the_name_is_left(fake, callback, rights):
    rights.guardrails = {"auto": ["mask"]}
    assert "guardrails" not in (await call(callback, body()))["metadata"]
    given = [{"mask": {"extra_body": {"level": 2}}}]
    data = await call(callback, body(metadata={"guardrails": given}))
    assert (data["model"], data["metadata"]["guardrails"]) == ("opus", given)
    fake.reply = reply(rewrite=False, mode="shadow")
    assert "guardrails" not in (await call(callback, body()))["metadata"]


async def test_passes_no_fallback_whose_guardrails_would_not_run(fake, callback, rights):
    fake.reply = reply(pass_fallbacks=True)
    rights.guardrails = {"opus": ["mask"], "gpt": ["mask", "block"], "haiku": ["mask"]}
    assert (await call(callback, body()))["fallbacks"] == ["haiku"]
    rights.guardrails = {"opus": ["mask"]}
    assert (await call(callback, body()))["fallbacks"] == ["gpt", "haiku"]


async def test_takes_no_model_that_litellm_does_not_know(fake, callback, rights):
    rights.allowed.add("claude-x")
    fake.reply = reply(model="gone", candidates=["gone", "claude-x", "opus"])
    assert (await call(callback, body()))["model"] == "claude-x"
    fake.reply = reply(model="gone", candidates=["gone", "away"])
    data = await call(callback, body())
    assert data["model"] == "auto"
    assert "gone" not in rights.asked


async def test_virtual_name_with_every_candidate_denied_is_a_clear_403(fake, callback, rights):
    rights.allowed = set()
    data = body()
    with pytest.raises(ProxyException) as denial:
        await call(callback, data, caller=user(models=["auto"]))
    error = denial.value
    assert error.message == (
        "Signalbox: this key may call none of the models that serve auto here: opus, gpt, haiku. It may call: auto."
    )
    assert (error.code, error.type, error.param) == ("403", "key_model_access_denied", "model")
    assert error.headers["x-signalbox-decision-id"] == "0193-0001"
    assert "x-signalbox-model" not in error.headers
    assert data["metadata"]["signalbox"]["denied"] == ["opus", "gpt", "haiku"]


async def test_name_of_litellms_own_goes_on_where_every_candidate_is_denied(fake, callback, rights):
    fake.reply = reply(virtual=False)
    rights.allowed = set()
    assert (await call(callback, body()))["model"] == "auto"


async def test_candidate_that_is_the_requested_name_needs_no_right(fake, callback, rights):
    fake.reply = reply(model="gpt", candidates=["gpt", "auto"])
    rights.allowed = set()
    assert (await call(callback, body()))["model"] == "auto"


async def test_access_by_virtual_name_asks_for_no_rights(fake, callback, rights):
    fake.reply = reply(access="virtual_name")
    rights.allowed = set()
    callback.missing = ["a check"]
    assert (await call(callback, body()))["model"] == "opus"
    fake.reply = reply(access="virtual_name", model="gone", candidates=["gone"])
    assert (await call(callback, body()))["model"] == "auto"


async def test_unknown_kind_of_access_is_strict(fake, callback, rights):
    fake.reply = reply(access="anything")
    rights.allowed = {"haiku"}
    assert (await call(callback, body()))["model"] == "haiku"


async def test_no_rewriting_without_litellms_checks(callback, rights):
    callback.missing = ["can_key_call_resolved_model"]
    assert (await call(callback, body()))["model"] == "auto"
    assert rights.asked == []


async def test_no_rewriting_for_agents(callback):
    assert (await call(callback, body(), caller=user(agent_id="a")))["model"] == "auto"


@pytest.mark.parametrize("blocked", ["no checks", "an agent", "every candidate denied"])
async def test_claims_no_tier_where_another_model_than_the_tiers_serves(fake, callback, rights, blocked):
    fake.reply = reply(virtual=False)
    callback.missing = ["a check"] if blocked == "no checks" else []
    rights.allowed = set() if blocked == "every candidate denied" else rights.allowed
    data = await call(callback, body(), caller=user(agent_id="a" if blocked == "an agent" else None))
    headers = await headers_of(callback, data)
    assert (headers["x-signalbox-model"], headers.get("x-signalbox-tier")) == ("auto", None)


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens", "max_output_tokens"])
async def test_lowers_the_output_limit_to_the_targets(callback, field):
    data = await call(callback, body(**{field: 90_000}))
    assert data[field] == 64_000


@pytest.mark.parametrize(
    ("asked", "limits"), [(10, {"opus": 20}), (30, {"gpt": 20}), (30, {"opus": "x"}), ("30", {"opus": 20})]
)
async def test_leaves_other_output_limits(fake, callback, asked, limits):
    fake.reply = reply(max_output_tokens=limits)
    data = await call(callback, body(max_tokens=asked))
    assert (data["model"], data["max_tokens"]) == ("opus", asked)


def thinks(budget):
    return {"type": "enabled", "budget_tokens": budget}


@pytest.mark.parametrize(
    ("asked", "budget", "limit", "limited", "left"),
    [
        (32_000, 31_999, 8_192, 8_192, thinks(8_191)),
        (32_000, 4_000, 8_192, 8_192, thinks(4_000)),
        (32_000, 8_192, 8_192, 8_192, thinks(8_191)),
        (32_000, 31_999, 1_025, 1_025, thinks(1_024)),
        (32_000, 31_999, 1_024, 1_024, None),
        (32_000, 31_999, 64_000, 32_000, thinks(31_999)),
        (900, 800, 8_192, 900, thinks(800)),
        (5_000, 31_999, 64_000, 5_000, thinks(31_999)),  # as it came, whether its provider takes it or not
    ],
)
@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
async def test_lowers_the_budget_of_thinking_with_the_output_limit(
    fake, callback, field, asked, budget, limit, limited, left
):
    fake.reply = reply(max_output_tokens={"opus": limit})
    data = await call(callback, body(**{field: asked}, thinking=thinks(budget)))
    assert (data[field], data["thinking"]) == (limited, left)


async def test_passes_each_fallback_with_the_budget_of_thinking_that_it_allows(fake, callback):
    fake.reply = reply(pass_fallbacks=True, max_output_tokens={"opus": 8_192, "gpt": 1_000})
    asked = thinks(31_999)
    data = await call(callback, body(max_tokens=32_000, thinking=asked))
    assert (data["max_tokens"], data["thinking"], asked) == (8_192, thinks(8_191), thinks(31_999))
    assert data["fallbacks"] == [
        {"model": "gpt", "max_tokens": 1_000, "thinking": None},
        {"model": "haiku", "max_tokens": 32_000, "thinking": thinks(31_999)},
    ]


@pytest.mark.parametrize("thinking", [{"type": "adaptive"}, {"type": "enabled", "budget_tokens": "many"}, "yes", None])
async def test_leaves_other_thinking(fake, callback, thinking):
    fake.reply = reply(max_output_tokens={"opus": 20})
    data = await call(callback, body(max_tokens=30, thinking=thinking))
    assert (data["model"], data["max_tokens"], data["thinking"]) == ("opus", 20, thinking)


FORGED = {"decision_id": "forged", "model": "m", "tier": "t", "method": "m", "score": 1, "reason": "r"}


@pytest.mark.parametrize("call_type", sorted(BUCKETS))
@pytest.mark.parametrize("is_away", [False, True], ids=["sidecar well", "sidecar away"])
async def test_what_a_client_sends_cannot_pass_for_a_mark(fake, callback, call_type, is_away):
    if is_away:
        fake.say("", 500)
    sent = {"signalbox": FORGED, "spend_logs_metadata": {"signalbox": FORGED, "mine": 2}, "mine": 1}
    data = {"model": "auto", "messages": [], "metadata": copy.deepcopy(sent), "litellm_metadata": copy.deepcopy(sent)}
    await call(callback, data, call_type)
    assert "forged" not in json.dumps(data)
    for bucket in ("metadata", "litellm_metadata"):
        assert data[bucket]["mine"] == 1
        assert data[bucket]["spend_logs_metadata"]["mine"] == 2
    headers = await headers_of(callback, data)
    assert headers is None if is_away else headers["x-signalbox-decision-id"] == "0193-0001"


async def test_headers_hook_takes_no_notice_of_marks_on_calls_that_it_did_not_see(callback):
    assert await headers_of(callback, {"metadata": {"signalbox": FORGED}, "litellm_metadata": None}) is None
    assert await headers_of(callback, {}) is None


async def test_metadata_of_the_key_is_not_changed_in_place(callback):
    owned = {"signalbox": 1, "cost_center": "x"}
    data = await call(callback, body(metadata={"spend_logs_metadata": owned}))
    assert owned == {"signalbox": 1, "cost_center": "x"}
    assert data["metadata"]["spend_logs_metadata"]["cost_center"] == "x"


def test_mark_survives_a_deep_copy_and_becomes_plain_json():
    mark = Mark(FORGED)
    assert isinstance(copy.deepcopy({"metadata": {"signalbox": mark}})["metadata"]["signalbox"], Mark)
    assert json.loads(json.dumps(mark)) == FORGED


def test_response_headers_are_printable_ascii_and_bounded():
    fields = {"decision_id": "a\r\nset-cookie: x", "model": "modèle", "tier": None, "method": "auto", "score": 47.25}
    assert Mark(**fields, reason="é" * 300).headers() == {
        "x-signalbox-decision-id": "a??set-cookie: x",
        "x-signalbox-model": "mod?le",
        "x-signalbox-method": "auto",
        "x-signalbox-score": "47.25",
        "x-signalbox-reason": "?" * 256,
    }


def test_response_headers_begin_and_end_with_no_blank_which_a_server_refuses_to_send():
    told = Mark(
        decision_id=None, model=" gpt-5 ", tier=None, method="passthrough", score=None, reason="x " * 200
    ).headers()
    assert (told["x-signalbox-model"], told["x-signalbox-reason"]) == ("gpt-5", ("x " * 128).strip())


@pytest.mark.parametrize("trouble", ["garbage", "status 500", "dropped", "hangs", "no router", "no list of metadata"])
async def test_whatever_goes_wrong_the_request_goes_on_as_it_came(fake, callback, rights, trouble):
    data = body(max_tokens=90_000)
    if trouble == "garbage":
        fake.say("garbage")
    elif trouble == "status 500":
        fake.say("{}", 500)
    elif trouble == "dropped":
        fake.answer = fake.drop
    elif trouble == "hangs":
        fake.answer = fake.hang
    elif trouble == "no router":
        sys.modules["litellm.proxy.proxy_server"].llm_router = None
    else:
        data["metadata"] = ["not", "an", "object"]
    before = copy.deepcopy(data)
    await call(callback, data)
    assert data == before


async def test_client_that_leaves_is_let_go(fake, callback):
    fake.answer = fake.hang
    calling = asyncio.create_task(call(callback, body()))
    await fake.arrived.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling


async def test_logs_no_text_of_the_request(fake, callback, rights, caplog):
    caplog.set_level(logging.DEBUG)
    rights.allowed = set()
    secret = body(messages=[{"role": "user", "content": "the secret"}], metadata={"x": "the secret"})
    with contextlib.suppress(ProxyException):
        await call(callback, secret)
    fake.say("{}", 500)
    await call(callback, secret)
    assert "the secret" not in caplog.text


class Announcer:
    def __init__(self, monkeypatch):
        self.lacks = []
        self.read = 0
        monkeypatch.setattr(signalbox, "self_test", self.self_test)
        monkeypatch.setattr(signalbox, "read_catalog", self.read_catalog)
        monkeypatch.setattr(signalbox, "FIRST_RETRY_SECONDS", 0.01)
        monkeypatch.setattr(signalbox, "LONGEST_RETRY_SECONDS", 0.01)
        monkeypatch.setattr(signalbox, "REPORT_SECONDS", 0)

    async def self_test(self):
        return self.lacks

    def read_catalog(self, router):
        self.read += 1
        return {"revision": f"r{len(router.model_list)}", "models": [], "wildcards": []}


@pytest.fixture
def announcer(rights, monkeypatch):
    return Announcer(monkeypatch)


@contextlib.asynccontextmanager
async def started(fake):
    callback = Signalbox({"SIGNALBOX_URL": fake.url})
    async with closing(callback.sidecar):
        try:
            yield callback
        finally:
            callback.announcing.cancel()


async def next_catalog(fake):
    await asyncio.wait_for(fake.catalog_arrived.wait(), 5)
    fake.catalog_arrived.clear()
    return fake.catalogs[-1]


async def test_announces_the_catalogue_and_the_self_test_before_any_request(fake, announcer):
    async with started(fake) as callback:
        sent = await next_catalog(fake)
        await callback.announcing
        assert sent == {"revision": "r1", "models": [], "wildcards": [], "self_test": {"ok": True, "missing": []}}
        assert (callback.catalog_revision, callback.missing) == ("r1", [])


async def test_announces_as_soon_as_litellm_has_its_router(fake, announcer):
    proxy = sys.modules["litellm.proxy.proxy_server"]
    router, proxy.llm_router = proxy.llm_router, None
    async with started(fake):
        await asyncio.sleep(0.05)
        assert fake.catalogs == []
        proxy.llm_router = router
        await next_catalog(fake)


async def test_announces_again_when_asked_and_when_models_were_added(fake, announcer):
    async with started(fake) as callback:
        await next_catalog(fake)
        await callback.announcing
        await call(callback, body())
        assert callback.announcing.done()
        fake.reply = reply(needs_catalog=True)
        await call(callback, body())
        await next_catalog(fake)
        await callback.announcing
        fake.reply = reply()
        sys.modules["litellm.proxy.proxy_server"].llm_router.model_list.append({"model_name": "new"})
        await call(callback, body())
        assert (await next_catalog(fake))["revision"] == "r2"


async def test_announces_again_when_a_model_was_replaced_by_another(fake, announcer):
    async with started(fake) as callback:
        await next_catalog(fake)
        await callback.announcing
        models = sys.modules["litellm.proxy.proxy_server"].llm_router.model_list
        models.append({"model_name": "new"})
        del models[0]
        await call(callback, body())
        await next_catalog(fake)
        await callback.announcing
        assert announcer.read == 2


async def test_announces_once_a_second_at_most_when_asked(fake, announcer, monkeypatch):
    async with started(fake) as callback:
        await next_catalog(fake)
        await callback.announcing
        monkeypatch.setattr(signalbox, "REPORT_SECONDS", 60)
        fake.reply = reply(needs_catalog=True)
        await call(callback, body())
        assert callback.announcing.done()
        callback.announced_at -= 61
        await call(callback, body())
        await next_catalog(fake)


async def test_goes_on_testing_while_a_check_is_missing_and_says_so_once(fake, announcer, caplog):
    announcer.lacks = ["AttributeError: can_user_call_model"]
    async with started(fake) as callback:
        assert (await next_catalog(fake))["self_test"] == {"ok": False, "missing": announcer.lacks}
        await next_catalog(fake)
        assert (await call(callback, body()))["model"] == "auto"
        announcer.lacks = []
        await asyncio.wait_for(callback.announcing, 5)
        assert (await call(callback, body()))["model"] == "opus"
    assert [record.levelname for record in caplog.records].count("ERROR") == 1


async def test_reads_the_catalogue_once_while_the_sidecar_is_away(fake, announcer, monkeypatch):
    tries = []

    async def send(self, method, path, raw):
        tries.append(path)
        if len(tries) < 4:
            raise OSError
        return 204, b""

    monkeypatch.setattr(signalbox.Sidecar, "send", send)
    async with started(fake) as callback:
        await asyncio.wait_for(callback.announcing, 5)
    assert (len(tries), announcer.read) == (4, 1)
