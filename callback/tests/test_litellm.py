"""What the callback uses of LiteLLM, with the real LiteLLM: rights, budgets, names, the catalogue, the self-test."""

import asyncio
import base64
import copy
import sys
import time
from datetime import datetime

import litellm.proxy.proxy_server as proxy_server
import litellm.proxy.utils as proxy_utils
import pytest
from litellm import Router
from litellm.llms.anthropic.pass_through.messages.utils import AnthropicMessagesRequestUtils
from litellm.proxy import litellm_pre_call_utils
from litellm.proxy._types import (
    LiteLLM_BudgetTable,
    LiteLLM_BudgetTableFull,
    LiteLLM_EndUserTable,
    LiteLLM_OrganizationTable,
    LiteLLM_ProjectTableCachedObj,
    LiteLLM_TagTable,
    LiteLLM_TeamMembership,
    LiteLLM_TeamTableCachedObj,
    LiteLLM_UserTable,
    LitellmUserRoles,
    UserAPIKeyAuth,
)
from litellm.proxy.auth import auth_checks, fallback_budget, user_api_key_auth
from litellm.proxy.db import log_db_metrics
from litellm.proxy.hooks.responses_id_security import ResponsesIDSecurity
from litellm.proxy.policy_engine.attachment_registry import get_attachment_registry
from litellm.proxy.policy_engine.policy_registry import get_policy_registry
from litellm.responses.utils import ResponsesAPIRequestUtils
from litellm.types.llms.openai import ResponsesAPIResponse
from litellm.utils import get_optional_params

from callback import signalbox
from callback.signalbox import can_pay, guards_of, knows, may_call, previous_of, read_catalog, self_test

pytestmark = pytest.mark.anyio


def deployment(name, model, info=None, **params):
    return {
        "model_name": name,
        "litellm_params": {"model": model, "api_key": "sk-up", **params},
        "model_info": info or {},
    }


MODELS = [
    deployment("haiku", "anthropic/claude-haiku-4-5", {"access_groups": ["cheap"]}),
    deployment("gpt", "openai/gpt-4o"),
    deployment("gpt", "openai/gpt-4o-mini"),
    deployment("opus", "anthropic/claude-opus-4-5"),
    deployment("local", "openai/qwen-local", {"max_input_tokens": 32_768, "supports_vision": False}),
    deployment("priced", "openai/qwen-own", input_cost_per_token=1e-7, output_cost_per_token=2e-7),
    deployment("free", "openai/qwen-free", {"input_cost_per_token": 0, "output_cost_per_token": 0}),
    deployment("model_name_t1_abc", "openai/gpt-4o", {"team_id": "t1", "team_public_model_name": "theirs"}),
    deployment("openai/*", "openai/*"),
    deployment("claude-*", "openai/gpt-4o"),
]


@pytest.fixture
def router(monkeypatch):
    router = Router(model_list=MODELS, model_group_alias={"nickname": "gpt"})
    monkeypatch.setattr(proxy_server, "llm_router", router)
    monkeypatch.setattr(proxy_server, "llm_model_list", router.model_list)
    return router


def key(**fields):
    return UserAPIKeyAuth(**{"api_key": "sk-test", **fields})


NO_MORE = {"budget_limit": 0.0, "time_period": "1d"}
TEAM = {"team_id": "t1", "team_models": ["haiku"]}


@pytest.mark.parametrize(
    ("caller", "allowed"),
    [
        (key(models=[]), {"haiku", "gpt", "opus"}),
        (key(models=[], user_role=LitellmUserRoles.PROXY_ADMIN), {"haiku", "gpt", "opus"}),
        (key(models=["haiku", "auto"]), {"haiku"}),
        (key(models=["auto"]), set()),
        (key(models=["cheap"]), {"haiku"}),
        (key(models=["g*"]), {"gpt"}),
        (key(models=["all-proxy-models"]), {"haiku", "gpt", "opus"}),
        (key(models=[], **TEAM), {"haiku"}),
        (key(models=["all-team-models"], **TEAM), {"haiku"}),
        (key(models=["opus"], **TEAM), set()),
        (key(models=[], model_max_budget={"opus": NO_MORE}), {"haiku", "gpt"}),
        (key(models=[], model_max_budget={"opus": 0}), {"haiku", "gpt", "opus"}),  # no budget to LiteLLM either
        (key(models=[], user_id="u1", user_model_max_budget={"opus": NO_MORE}), {"haiku", "gpt"}),
        (key(models=[], team_id="t2", team_models=[], team_model_max_budget={"gpt": NO_MORE}), {"haiku", "opus"}),
        (key(models=[], end_user_id="e1", end_user_model_max_budget={"haiku": NO_MORE}), {"gpt", "opus"}),
        (key(models=[], user_id="not in any database"), {"haiku", "gpt", "opus"}),
    ],
    ids=[
        "unrestricted",
        "admin",
        "two models",
        "virtual name only",
        "access group",
        "wildcard",
        "all proxy models",
        "team",
        "all team models",
        "key and team disagree",
        "key's budget spent",
        "key's budget malformed",
        "user's budget spent",
        "team's budget spent",
        "end user's budget spent",
        "unknown user",
    ],
)
async def test_may_call(router, caller, allowed):
    assert {model for model in ("haiku", "gpt", "opus") if await may_call(model, caller)} == allowed


@pytest.mark.parametrize(
    ("models", "allowed"), [(["gpt"], {"gpt"}), (["no-default-models"], set()), ([], {"haiku", "gpt", "opus"})], ids=str
)
async def test_may_call_asks_for_the_models_of_a_user_without_a_team(router, models, allowed):
    cached = LiteLLM_UserTable(user_id="u7", models=models, max_budget=None, user_email=None)
    await proxy_server.user_api_key_cache.async_set_cache(key="u7", value=cached, model_type=LiteLLM_UserTable)
    caller = key(models=[], user_id="u7")
    assert {model for model in ("haiku", "gpt", "opus") if await may_call(model, caller)} == allowed
    in_team = key(models=[], user_id="u7", team_id="t2", team_models=[])
    assert await may_call("opus", in_team)  # as in LiteLLM: the team's models are what counts there


async def test_may_call_looks_for_no_prisma_where_there_is_no_database(router, monkeypatch):
    """LiteLLM would, through all of Python's path, at each user that it does not find: 0.1 ms a model."""
    looked = []
    monkeypatch.setattr(log_db_metrics, "is_exception_related_to_db", looked.append)
    assert await may_call("gpt", key(models=[], user_id="not in any database"))
    assert looked == []


async def test_may_call_asks_for_budgets_of_models_only_where_there_are_any(router, monkeypatch):
    asked = []

    async def ask(**limits):
        asked.append(limits["model"])

    for owner in ("key", "user", "team", "end_user"):
        monkeypatch.setattr(proxy_server.model_max_budget_limiter, f"is_{owner}_within_model_budget", ask)
    assert await may_call("gpt", key(models=[], user_id="u1", end_user_id="e1"))
    assert asked == []
    assert await may_call("gpt", key(models=[], user_id="u1", user_model_max_budget={"opus": NO_MORE}))
    assert asked == ["gpt"]


async def test_may_call_grants_nothing_for_an_alias(router):
    """Aliases send the client's name elsewhere before the hook; a model that we set is called by its own name."""
    assert not await may_call("opus", key(models=["haiku"], aliases={"opus": "haiku"}))
    assert not await may_call("opus", key(models=["haiku"], team_model_aliases={"opus": "haiku"}))


async def test_may_call_takes_every_error_for_a_denial(router, monkeypatch):
    async def broken(**_):
        raise TypeError("another version")

    monkeypatch.setattr(auth_checks, "can_key_call_resolved_model", broken)
    assert not await may_call("gpt", key(models=[]))


async def test_may_call_denies_when_the_database_of_users_fails(router, monkeypatch):
    async def broken(**_):
        raise ConnectionError

    monkeypatch.setattr(proxy_server, "prisma_client", object())
    monkeypatch.setattr(auth_checks, "get_user_object", broken)
    assert not await may_call("gpt", key(models=[], user_id="u1"))


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("haiku", True),
        ("nickname", True),
        ("openai/gpt-9", True),
        ("claude-x", True),
        ("openai", False),
        ("xclaude-x", False),
        ("nope", False),
        ("", False),
    ],
)
def test_knows(router, name, is_known):
    assert knows(name) is is_known


def test_knows_takes_a_wildcard_for_the_whole_name(monkeypatch):
    router = Router(model_list=[deployment("gpt-*-mini", "openai/gpt-4o-mini")])
    monkeypatch.setattr(proxy_server, "llm_router", router)
    assert knows("gpt-4-mini")
    assert not knows("gpt-4-mini-and-more")


def answer_of(deployment_id):
    """A response whose id LiteLLM has made of its provider's, and which deployment gave it."""
    answer = ResponsesAPIResponse(id="resp_68af", created_at=1, output=[])
    metadata = {"model_info": {"id": deployment_id}}
    return ResponsesAPIRequestUtils.update_responses_api_response_id_with_model_id(answer, "openai", metadata)


def id_of(deployment):
    return deployment["model_info"]["id"]


@pytest.mark.parametrize("key", ["sk-master", None])
@pytest.mark.parametrize(("place", "model"), [(1, "gpt"), (2, "gpt"), (3, "opus")])
def test_previous_of_opens_the_id_that_a_client_was_given(router, monkeypatch, place, model, key):
    monkeypatch.setattr(proxy_server, "master_key", key)
    answer = answer_of(id_of(router.model_list[place]))
    made = answer.id
    given = ResponsesIDSecurity()._encrypt_response_id(answer, UserAPIKeyAuth(user_id="u1", team_id="t1")).id
    assert (given == made) is (key is None)
    assert previous_of(given) == {"previous_response_by": made, "previous_response_model": model}
    assert previous_of(made) == previous_of(given)


@pytest.mark.parametrize("sent", ["", "resp_68af", "resp_" + "é" * 300, "resp_" + base64.b64encode(b"a;b;c").decode()])
def test_previous_of_knows_no_model_of_another_id(router, monkeypatch, sent):
    monkeypatch.setattr(proxy_server, "master_key", "sk-master")
    assert previous_of(sent) == {"previous_response_by": sent[:256], "previous_response_model": None}


def test_previous_of_knows_the_provider_where_the_deployment_is_gone_or_never_was(router):
    made = answer_of("a-deployment-that-was-deleted").id
    assert previous_of(made) == {"previous_response_by": made, "previous_response_model": None}


def test_read_catalog(router):
    catalog = read_catalog(router)
    models = {model.pop("name"): model for model in catalog["models"]}
    assert list(models) == ["haiku", "gpt", "opus", "local", "priced", "free"]
    assert catalog["wildcards"] == ["openai/*", "claude-*"]
    assert models["haiku"]["deployment"] == "anthropic/claude-haiku-4-5"
    assert models["haiku"]["max_input_tokens"] == 200_000
    assert models["haiku"]["supports_vision"] is True
    assert models["gpt"]["deployment"] == "openai/gpt-4o"
    assert (models["local"]["max_input_tokens"], models["local"]["supports_vision"]) == (32_768, False)
    assert "sk-up" not in str(catalog)


def test_read_catalog_has_no_price_where_litellm_knows_none(router):
    prices = {model["name"]: model["input_cost_per_token"] for model in read_catalog(router)["models"]}
    assert prices["haiku"] == pytest.approx(1e-6)
    assert prices["priced"] == pytest.approx(1e-7)
    assert prices["free"] == 0
    assert prices["local"] is None


def test_catalog_revision_changes_with_the_content(router):
    before = read_catalog(router)["revision"]
    assert read_catalog(Router(model_list=MODELS))["revision"] == before
    assert read_catalog(Router(model_list=MODELS[1:]))["revision"] != before
    assert len(before) == 16


async def test_self_test_finds_nothing_missing_in_the_pinned_litellm(router):
    assert await self_test() == []


@pytest.mark.parametrize(
    "name", ["can_key_call_resolved_model", "can_user_call_model", "get_user_object", "UserNotFoundError"]
)
async def test_self_test_names_a_check_that_is_gone(router, monkeypatch, name):
    monkeypatch.delattr(auth_checks, name)
    [lack] = await self_test()
    assert name in lack


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (fallback_budget, "is_model_cost_zero"),
        (user_api_key_auth, "run_centralized_common_checks"),
        (proxy_utils, "check_and_merge_model_level_guardrails"),
        (litellm_pre_call_utils, "add_guardrails_from_policy_engine"),
    ],
)
async def test_self_test_names_a_check_of_budgets_or_guardrails_that_is_gone(router, monkeypatch, module, name):
    monkeypatch.delattr(module, name)
    [lack] = await self_test()
    assert name in lack


@pytest.fixture
def guarded(monkeypatch):
    first = deployment("large", "anthropic/claude-opus-4-5", guardrails=["mask"])
    second = deployment("large", "anthropic/claude-opus-4-5", guardrails=["block"])
    of_team = deployment("model_name_t1", "openai/gpt-4o", {"team_id": "t1", "team_public_model_name": "theirs"})
    of_team["litellm_params"]["guardrails"] = ["team"]
    router = Router(model_list=[first, second, of_team, deployment("small", "openai/gpt-4o")])
    monkeypatch.setattr(proxy_server, "llm_router", router)
    return router


async def test_guards_of_holds_the_guardrails_of_each_deployment_and_those_already_set(guarded):
    sent = {
        "litellm_metadata": {"user_api_key_team_id": "t1", "guardrails": ["key's"]},
        "metadata": {"guardrails": ["own"]},
    }
    data = copy.deepcopy({"model": "auto", **sent})
    assert sorted(await guards_of("large", data, key())) == ["block", "key's", "mask", "own"]
    assert sorted(await guards_of("theirs", data, key())) == ["key's", "own", "team"]
    assert await guards_of("small", data, key()) == ["key's", "own"]
    assert await guards_of("small", {"metadata": None}, key()) == []
    assert data == {"model": "auto", **sent}


@pytest.mark.parametrize("bucket", ["metadata", "litellm_metadata"])
async def test_guards_of_asks_litellms_policies_for_the_model(guarded, bucket):
    policy = {"guardrails": {"add": ["by policy"]}, "condition": {"model": "small"}}
    get_policy_registry().load_policies({"p1": policy})
    get_attachment_registry().load_attachments([{"policy": "p1", "scope": "*"}])
    try:
        data = {"model": "auto", bucket: {"guardrails": ["own"]}}
        assert await guards_of("small", data, key()) == ["own", "by policy"]
        assert sorted(await guards_of("large", data, key())) == ["block", "mask", "own"]
        assert data[bucket]["guardrails"] == ["own"]
    finally:
        get_policy_registry().clear()
        get_attachment_registry().clear()


@pytest.mark.parametrize("owner", ["key", "user", "team", "end_user"])
async def test_self_test_names_a_check_of_models_budgets_that_is_gone(router, monkeypatch, owner):
    name = f"is_{owner}_within_model_budget"
    monkeypatch.delattr(type(proxy_server.model_max_budget_limiter), name)
    [lack] = await self_test()
    assert name in lack


async def test_self_test_names_a_check_of_another_form(router, monkeypatch):
    async def changed(model):
        return None

    monkeypatch.setattr(auth_checks, "can_key_call_resolved_model", changed)
    [lack] = await self_test()
    assert "valid_token" in lack


@pytest.mark.parametrize("name", ["is_recognized_model", "pattern_router"])
async def test_self_test_names_what_the_router_lacks(router, monkeypatch, name):
    monkeypatch.setattr(proxy_server, "llm_router", type("Router", (), {"is_recognized_model": lambda *_: False})())
    monkeypatch.delattr(type(proxy_server.llm_router), name, raising=False)
    [lack] = await self_test()
    assert name in lack


async def test_self_test_names_checks_that_deny_nothing(router, monkeypatch):
    async def yes(**_):
        return True

    monkeypatch.setattr(auth_checks, "can_key_call_resolved_model", yes)
    limiter = proxy_server.model_max_budget_limiter
    monkeypatch.setattr(limiter, "is_key_within_model_budget", yes)
    assert await self_test() == [f"{name} denies nothing" for name in ("models", "model_max_budget", "team_models")]


async def test_rights_of_a_ladder_take_little_time(router):
    """Sixteen candidates, all denied but the last: what it costs a request at most."""
    caller = key(models=["haiku"])
    await may_call("opus", caller)
    start = time.thread_time()
    for _ in range(100):
        await may_call("haiku", caller)
    assert (time.thread_time() - start) / 100 < 0.005


async def test_no_proxy_no_rewriting(monkeypatch):
    monkeypatch.delitem(sys.modules, "litellm.proxy.proxy_server")
    assert (await self_test())[0].startswith("KeyError")
    assert not await may_call("gpt", key(models=[]))


async def test_handler_is_an_instance_with_its_hooks_on_the_leaf_class():
    hooks = {"async_pre_call_hook", "async_post_call_response_headers_hook"}
    assert hooks <= set(vars(type(signalbox.handler)))
    await asyncio.sleep(0)


def test_litellm_leaves_out_thinking_that_is_none():
    sent = {"max_tokens": 1_000, "thinking": None}
    assert AnthropicMessagesRequestUtils.get_requested_anthropic_messages_optional_param(sent) == {"max_tokens": 1_000}
    options = {"model": "claude-haiku-4-5", "custom_llm_provider": "anthropic"}
    assert get_optional_params(**options, **sent) == get_optional_params(**options, max_tokens=1_000)


SPENT = [
    {"max_budget": 1.0, "spend": 1.0},
    {"user_id": "u1", "user_max_budget": 1.0, "user_spend": 2.0},
    {"team_id": "t9", "team_max_budget": 1.0, "team_spend": 2.0},
]


@pytest.mark.parametrize("spent", SPENT, ids=["key", "user", "team"])
async def test_can_pay_for_free_models_alone_where_a_free_name_was_asked_and_a_budget_is_spent(router, spent):
    """LiteLLM looks at no budget then; where the name has a price it has refused the request before."""
    caller = key(models=[], token="a" * 64, **spent)
    free = {"model": "free"}
    assert [await can_pay(model, caller, free) for model in ("opus", "gpt", "free")] == [False, False, True]
    assert await can_pay("opus", caller, {"model": "priced"})


ONE = LiteLLM_BudgetTable(max_budget=1.0)
WINDOW = {"budget_duration": "1d", "max_budget": 0.0}
OWNERS = {
    "org_id:o1:with_budget": LiteLLM_OrganizationTable(
        organization_id="o1",
        budget_id="b",
        models=[],
        created_by="a",
        updated_by="a",
        spend=2.0,
        litellm_budget_table=ONE,
    ),
    "team_id:t5": LiteLLM_TeamTableCachedObj(team_id="t5", models=[]),
    "team_id:t6": LiteLLM_TeamTableCachedObj(team_id="t6", models=[], organization_id="o1"),
    "team_membership:u5:t5": LiteLLM_TeamMembership(
        user_id="u5",
        team_id="t5",
        spend=2.0,
        litellm_budget_table=LiteLLM_BudgetTableFull(max_budget=1.0, created_at=datetime.now()),
    ),
    "end_user_id:e5": LiteLLM_EndUserTable(user_id="e5", blocked=False, spend=2.0, litellm_budget_table=ONE),
    "tag:dear": LiteLLM_TagTable(tag_name="dear", spend=2.0, litellm_budget_table=ONE),
    "project_id:p5": LiteLLM_ProjectTableCachedObj(project_id="p5", models=[], spend=2.0, litellm_budget_table=ONE),
    "u6": LiteLLM_UserTable(user_id="u6", max_budget=1.0, spend=2.0, user_email=None),
}


@pytest.fixture
async def database(router, monkeypatch):
    """LiteLLM with a database whose rows it has read: of each owner one that has spent its budget."""
    monkeypatch.setattr(proxy_server, "prisma_client", object())
    monkeypatch.setattr(proxy_server, "master_key", "sk-master")
    for name, row in OWNERS.items():
        await proxy_server.user_api_key_cache.async_set_cache(key=name, value=row, model_type=type(row))
    yield
    proxy_server.user_api_key_cache.flush_cache()


@pytest.mark.parametrize(
    ("owner", "metadata"),
    [
        ({"org_id": "o1"}, {}),
        ({"team_id": "t6"}, {}),
        ({"team_id": "t5", "user_id": "u5"}, {}),
        ({"end_user_id": "e5"}, {}),
        ({}, {"metadata": {"tags": ["cheap", "dear"]}}),
        ({}, {"litellm_metadata": {"tags": ["dear"]}, "metadata": {"user_id": "x"}}),
        ({"project_id": "p5"}, {}),
        ({"user_id": "u6"}, {}),
        ({"budget_limits": [WINDOW]}, {}),
    ],
    ids=[
        "organisation",
        "team's organisation",
        "team member",
        "end user",
        "tag",
        "tag of messages",
        "project",
        "user",
        "key's day",
    ],
)
async def test_can_pay_asks_for_every_budget_that_litellm_passed_over(database, owner, metadata):
    caller = key(models=["none of them"], token="c" * 64, **owner)
    data = {"model": "free", **metadata}
    assert [await can_pay(model, caller, data) for model in ("opus", "gpt", "free")] == [False, False, True]
    assert caller.budget_reservation is None
    assert await can_pay("opus", key(models=["none of them"], token="d" * 64), {"model": "free"})


async def test_can_pay_asks_nothing_more_where_litellm_would_not(database, monkeypatch):
    monkeypatch.setattr(proxy_server, "user_custom_auth", object())
    assert await can_pay("opus", key(models=[], token="e" * 64, org_id="o1"), {"model": "free"})
    monkeypatch.setitem(proxy_server.general_settings, "custom_auth_run_common_checks", True)
    assert not await can_pay("opus", key(models=[], token="e" * 64, org_id="o1"), {"model": "free"})


@pytest.mark.parametrize("setting", ["enforce_user_param", "reject_clientside_metadata_tags"])
async def test_can_pay_is_not_misled_by_what_litellm_asks_of_requests(database, monkeypatch, setting):
    monkeypatch.setitem(proxy_server.general_settings, setting, True)
    caller = key(models=[], token="f" * 64)
    assert await can_pay("opus", caller, {"model": "free", "metadata": {"tags": ["cheap"]}})


async def test_can_pay_for_every_model_while_no_budget_is_spent(router):
    within = key(
        models=[], token="b" * 64, max_budget=2.0, spend=1.0, team_id="t8", team_max_budget=2.0, team_spend=1.0
    )
    for caller in (within, key(models=[])):
        assert await can_pay("opus", caller, {"model": "free"})
