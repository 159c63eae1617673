"""A LiteLLM provider that answers each request with a text naming the model: no key, no network, no cost.

`litellm_params.mock_response` would do for chat, but LiteLLM 1.106 answers a streaming /v1/messages with plain
JSON then and a streaming /v1/responses with 500. A provider of its own takes LiteLLM's usual way to every endpoint.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import litellm
import yaml
from litellm import CustomLLM, token_counter
from litellm.types.utils import GenericStreamingChunk, ModelResponse, Usage


def canned_text(model: str) -> str:
    return f"This is a canned answer in the name of {model}: Signalbox runs in demo mode, no provider was called."


def count_tokens(messages: list[Any], text: str) -> dict[str, int]:
    prompt = token_counter(model="", messages=messages)
    completion = token_counter(model="", text=text)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


class CannedProvider(CustomLLM):
    async def acompletion(
        self, model: str, messages: list[Any], model_response: ModelResponse, **_: Any
    ) -> ModelResponse:
        text = canned_text(model)
        model_response.choices[0].message.content = text
        model_response.usage = Usage(**count_tokens(messages, text))
        return model_response

    async def astreaming(self, model: str, messages: list[Any], **_: Any) -> AsyncIterator[GenericStreamingChunk]:
        text = canned_text(model)
        for word in text.split(" ")[:-1]:
            yield _chunk(word + " ")
        yield _chunk(text.split(" ")[-1], count_tokens(messages, text))


def _chunk(text: str, usage: dict[str, int] | None = None) -> GenericStreamingChunk:
    return {
        "text": text,
        "is_finished": usage is not None,
        "finish_reason": "" if usage is None else "stop",
        "index": 0,
        "tool_use": None,
        "usage": usage,
    }


def register_prices() -> None:
    """Lends the canned models the prices and limits of the real ones, so that these steer the demo too."""
    gateway = yaml.safe_load(Path(__file__).with_name("gateway.yaml").read_text(encoding="utf-8"))
    for entry in gateway["model_list"]:
        canned = entry["litellm_params"]["model"]
        real = canned.removeprefix("canned/")
        known = litellm.model_cost.get(real) or litellm.model_cost.get(real.partition("/")[2])
        if known:
            litellm.register_model({canned: {**known, "litellm_provider": "canned"}})


register_prices()
provider = CannedProvider()
