"""What the callback tells the sidecar of a call's end, and LiteLLM's spend log of the decision."""

import asyncio
import copy
import json
from datetime import datetime

import pytest

from callback import signalbox
from callback.signalbox import BUCKETS, Mark, Sidecar, Signalbox

from .conftest import closing

pytestmark = pytest.mark.anyio

MARK = Mark(
    {
        "decision_id": "0195513e-7c00-7000-8000-000000000001",
        "tier": "simple",
        "method": "auto",
        "score": 12.5,
        "reason": "canary-reason",
        "model": "small",
        "requested_model": "canary-requested",
        "denied": ["large"],
    }
)
EXCERPT = {name: MARK[name] for name in ("decision_id", "tier", "method", "requested_model", "model", "denied")}
ACCOUNT = {
    "litellm_call_id": "call-1",
    "call_type": "acompletion",
    "status": "success",
    "stream": None,
    "cache_hit": None,
    "startTime": 1.0,
    "endTime": 3.5,
    "completionStartTime": 1.25,
    "model": "openai/small-wire",
    "model_group": "small",
    "response_cost": 0.5,
    "prompt_tokens": 10,
    "completion_tokens": 7,
    "request_tags": ["team-x"],
    "messages": [{"role": "user", "content": "canary-prompt"}],
    "model_parameters": {"stop": ["canary-stop"]},
    "error_str": "canary-error",
    "error_information": {"error_class": "", "error_code": "", "error_message": "canary", "traceback": "canary"},
    "metadata": {
        "user_api_key_alias": "canary-alias",
        "requester_metadata": {"headers": {"x": "canary-header"}},
        "spend_logs_metadata": {"signalbox": EXCERPT, "theirs": "canary"},
        "usage_object": {
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 3, "text_tokens": None},
        },
    },
    "response": {
        "id": "canary-id",
        "choices": [
            {
                "finish_reason": "tool_calls",
                "message": {
                    "role": "assistant",
                    "content": "canary-answer",
                    "reasoning_content": "canary-thought",
                    "tool_calls": [{"id": "canary", "function": {"name": "look_up", "arguments": "canary"}}],
                },
            }
        ],
    },
}


def event(mark=MARK, bucket="metadata", call_type="acompletion", **account):
    """What LiteLLM hands its loggers."""
    metadata = {"signalbox": mark, "attempted_fallbacks": 1, "attempted_retries": 2} if mark is not None else {}
    return {
        "call_type": call_type,
        "stream": True,
        "litellm_params": {"metadata": {}, "litellm_metadata": {}, bucket: metadata},
        "standard_logging_object": {**copy.deepcopy(ACCOUNT), "call_type": call_type, **account},
        "messages": "canary-messages",
    }


@pytest.fixture
async def callback(fake, monkeypatch):
    monkeypatch.setattr(Signalbox, "_announce", lambda self: None)
    monkeypatch.setattr(signalbox, "REPORT_SECONDS", 0.01)
    monkeypatch.setattr(signalbox, "LONGEST_RETRY_SECONDS", 0.01)
    callback = Signalbox({"SIGNALBOX_URL": fake.url, "SIGNALBOX_SECRET": "s3cret"})
    async with closing(callback.sidecar):
        yield callback


async def succeed(callback, kwargs):
    await callback.async_log_success_event(kwargs=kwargs, response_obj=None, start_time=None, end_time=None)


async def reported(callback):
    await asyncio.wait_for(callback.sidecar.reporting, 5)


async def test_reports_figures_and_names_in_litellms_own_form_and_no_text(fake, callback):
    await succeed(callback, event())
    await reported(callback)
    [report] = fake.reports
    [outcome] = report.pop("outcomes")
    assert report == {"lost": 0}
    assert outcome.pop("metadata") == {
        "spend_logs_metadata": {
            "signalbox": {name: MARK[name] for name in ("decision_id", "method", "model", "denied")}
        },
        "usage_object": {
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 3},
        },
    }
    assert outcome == {
        "litellm_call_id": "call-1",
        "call_type": "acompletion",
        "status": "success",
        "stream": True,
        "asked": False,
        "error_cause": "NoneType",
        "cache_hit": None,
        "startTime": 1.0,
        "endTime": 3.5,
        "completionStartTime": 1.25,
        "model": "openai/small-wire",
        "model_group": "small",
        "response_cost": 0.5,
        "prompt_tokens": 10,
        "completion_tokens": 7,
        "error_information": {"error_class": "", "error_code": ""},
        "response": {
            "choices": [{"finish_reason": "tool_calls", "message": {"tool_calls": [{"function": {"name": "look_up"}}]}}]
        },
        "attempted_fallbacks": 1,
        "attempted_retries": 2,
    }
    assert "canary" not in json.dumps(fake.reports)


@pytest.mark.parametrize("began", [None, datetime.now()])
async def test_tells_whether_a_provider_was_asked_and_what_litellm_failed_over(fake, callback, began):
    try:
        try:
            [5][0].get("role")
        except AttributeError as error:
            raise ConnectionError("canary") from error
    except ConnectionError as failure:
        kwargs = event(status="failure") | {"exception": failure, "api_call_start_time": began}
        await callback.async_log_failure_event(kwargs=kwargs, response_obj=None, start_time=None, end_time=None)
    await reported(callback)
    [outcome] = fake.reports[0]["outcomes"]
    assert (outcome["asked"], outcome["error_cause"]) == (began is not None, "AttributeError")
    assert "canary" not in json.dumps(fake.reports)


@pytest.mark.parametrize("call_type", sorted(BUCKETS))
async def test_finds_its_mark_in_either_bucket(fake, callback, call_type):
    for bucket in ("metadata", "litellm_metadata"):
        await succeed(callback, event(bucket=bucket, call_type=call_type))
    await reported(callback)
    assert [len(report["outcomes"]) for report in fake.reports] == [2]


async def test_reports_failures(fake, callback):
    account = event(status="failure", response={}, error_information={"error_class": "Timeout", "error_code": "408"})
    await callback.async_log_failure_event(kwargs=account, response_obj=None, start_time=None, end_time=None)
    await reported(callback)
    [outcome] = fake.reports[0]["outcomes"]
    assert (outcome["status"], outcome["error_information"]["error_class"]) == ("failure", "Timeout")


@pytest.mark.parametrize(
    "kwargs",
    [
        event(mark=None),
        event(mark=dict(MARK)),
        event(mark=Mark({**MARK, "decision_id": None})),
        event(call_type="pass_through_endpoint"),
        event(call_type="aembedding"),
        {},
        {"litellm_params": None, "standard_logging_object": None},
    ],
    ids=["no mark", "forged mark", "no decision", "classifier", "embedding", "empty", "nothing"],
)
async def test_does_nothing_for_other_calls(fake, callback, kwargs):
    await succeed(callback, kwargs)
    assert callback.sidecar.reporting is None
    assert callback.sidecar.waiting == []


async def test_sends_in_batches_of_100(fake, callback):
    for _ in range(250):
        await succeed(callback, event())
    await reported(callback)
    assert [len(report["outcomes"]) for report in fake.reports] == [100, 100, 50]


async def test_keeps_1000_at_most_and_tells_how_many_were_given_up(fake, callback):
    for i in range(1_005):
        await succeed(callback, event(litellm_call_id=str(i)))
    await reported(callback)
    calls = [outcome["litellm_call_id"] for report in fake.reports for outcome in report["outcomes"]]
    assert calls == [str(i) for i in range(1_000)]
    assert [report["lost"] for report in fake.reports] == [5, *[0] * 9]


async def test_tries_again_while_the_sidecar_fails_and_stores_each_once(fake, callback):
    fake.report_status = 500
    await succeed(callback, event())
    await fake.report_arrived.wait()
    fake.report_status = 200
    await reported(callback)
    assert len(fake.reports) >= 2
    assert (callback.sidecar.waiting, callback.sidecar.lost) == ([], 0)


async def test_gives_up_after_six_tries_and_tells_so_later(fake, callback):
    fake.report_status = 503
    await succeed(callback, event())
    await reported(callback)
    assert (len(fake.reports), callback.sidecar.lost) == (6, 1)
    fake.report_status = 200
    await succeed(callback, event())
    await reported(callback)
    assert (fake.reports[-1]["lost"], callback.sidecar.lost) == (1, 0)


@pytest.mark.parametrize("status", [400, 401, 404, 413])
async def test_does_not_repeat_what_is_refused(fake, callback, status):
    fake.report_status = status
    await succeed(callback, event())
    await reported(callback)
    assert (len(fake.reports), callback.sidecar.lost) == (1, 1)


async def test_neither_waits_nor_raises_where_nobody_listens(fake, callback, tmp_path):
    callback.sidecar = Sidecar({"SIGNALBOX_URL": f"unix://{tmp_path}/none.sock"})
    async with closing(callback.sidecar):
        await succeed(callback, event())
        assert not callback.sidecar.reporting.done()
        await reported(callback)
    assert callback.sidecar.lost == 1


async def test_tags_the_spend_log_and_leaves_the_tags_of_the_request(callback):
    kwargs = event()
    kwargs["litellm_params"]["metadata"]["tags"] = ["team-x"]
    assert await callback.async_logging_hook(kwargs, "answer", "acompletion") == (kwargs, "answer")
    tags = ["team-x", "signalbox-tier:simple", "signalbox-decision:0195513e-7c00-7000-8000-000000000001"]
    assert kwargs["standard_logging_object"]["request_tags"] == tags
    await callback.async_logging_hook(kwargs, "answer", "acompletion")
    assert kwargs["standard_logging_object"]["request_tags"] == tags
    assert kwargs["litellm_params"]["metadata"]["tags"] == ["team-x"]


async def test_tags_name_no_tier_where_none_serves(callback):
    kwargs = event(mark=Mark({**MARK, "tier": None}), request_tags=None)
    await callback.async_logging_hook(kwargs, None, "acompletion")
    tags = kwargs["standard_logging_object"]["request_tags"]
    assert tags == ["signalbox-decision:0195513e-7c00-7000-8000-000000000001"]


@pytest.mark.parametrize("kwargs", [event(mark=None), event(mark=dict(MARK)), {}], ids=["no mark", "forged", "empty"])
async def test_tags_no_call_without_a_mark(callback, kwargs):
    before = copy.deepcopy(kwargs)
    assert await callback.async_logging_hook(kwargs, None, "acompletion") == (before, None)
