"""The official Python SDKs as clients: prints, as one JSON list, what each said and which decision came with it.

Usage: python sdk_clients.py <LiteLLM's URL> <key> <marker>
"""

import json
import sys

import anthropic
import openai

PROMPT = "Please tell my neighbour about the sparrow and the finch on the fence."


def openai_chat(client, prompt):
    """A plain chat completion."""
    answer = client.chat.completions.with_raw_response.create(
        model="auto", messages=[{"role": "user", "content": prompt}]
    )
    return answer.parse().choices[0].message.content, answer.headers


def openai_chat_stream(client, prompt):
    """A streamed chat completion."""
    answer = client.chat.completions.with_raw_response.create(
        model="auto", messages=[{"role": "user", "content": prompt}], stream=True
    )
    pieces = [chunk.choices[0].delta.content or "" for chunk in answer.parse() if chunk.choices]
    return "".join(pieces), answer.headers


def openai_responses(client, prompt):
    """A plain response."""
    answer = client.responses.with_raw_response.create(model="auto", input=prompt)
    return answer.parse().output_text, answer.headers


def openai_responses_stream(client, prompt):
    """A streamed response."""
    answer = client.responses.with_raw_response.create(model="auto", input=prompt, stream=True)
    pieces = [event.delta for event in answer.parse() if event.type == "response.output_text.delta"]
    return "".join(pieces), answer.headers


def anthropic_messages(client, prompt):
    """A plain message."""
    answer = client.messages.with_raw_response.create(
        model="auto", max_tokens=100, messages=[{"role": "user", "content": prompt}]
    )
    return answer.parse().content[0].text, answer.headers


def anthropic_messages_stream(client, prompt):
    """A streamed message."""
    answer = client.messages.with_raw_response.create(
        model="auto", max_tokens=100, messages=[{"role": "user", "content": prompt}], stream=True
    )
    pieces = [event.delta.text for event in answer.parse() if event.type == "content_block_delta"]
    return "".join(pieces), answer.headers


def answer_of(ask, client, marker):
    """What one client was told, and the decision that came with it."""
    text, headers = ask(client, f"{PROMPT} ({marker}-{ask.__name__})")
    return {"client": ask.__name__, "text": text, "model": headers.get("x-signalbox-model")}


def main(url, key, marker):
    """Asks once with every client and way."""
    openai_client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)
    anthropic_client = anthropic.Anthropic(base_url=url, auth_token=key, api_key=None, max_retries=0)
    questions = [
        *((ask, openai_client) for ask in (openai_chat, openai_chat_stream, openai_responses, openai_responses_stream)),
        *((ask, anthropic_client) for ask in (anthropic_messages, anthropic_messages_stream)),
    ]
    print(json.dumps([answer_of(ask, client, marker) for ask, client in questions]))


if __name__ == "__main__":
    main(*sys.argv[1:])
