"""Conversation: figures over the whole body, and the bounded extract."""

import json
import time
from pathlib import Path

import pytest

from callback import signalbox
from callback.signalbox import Conversation, strip_harness

SHARED = Path(__file__).parents[2] / "test" / "request"  # what the sidecar's tests read, too
VECTORS = json.loads((SHARED / "conversation-hash.json").read_text())
FACTS = json.loads((SHARED / "callback-facts.json").read_text())
LIMIT = 64 * 1024


def read(body, call_type="acompletion"):
    return Conversation(body, call_type)


def chat(*contents, **fields):
    """A chat in which human and assistant take turns."""
    roles = ("user", "assistant")
    return {"messages": [{"role": roles[i % 2], "content": text} for i, text in enumerate(contents)], **fields}


def size_of(extract):
    return len(json.dumps(extract, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["title"])
def test_hash_is_the_one_of_the_wire_format(vector):
    assert read(vector["body"], vector["call_type"]).facts()["conversation_hash"] == vector["hash"]


@pytest.mark.parametrize("vector", FACTS, ids=lambda vector: vector["title"])
def test_facts_are_those_of_the_sidecar(vector):
    facts = read(vector["body"], vector["call_type"]).facts()
    assert {name: facts[name] for name in vector["facts"]} == vector["facts"]


def test_harness_tags_and_phrases_are_those_of_the_sidecar():
    assert sorted(signalbox.HARNESS_TAGS.split()) == sorted(VECTORS["harness_tags"])
    assert [strip_harness(phrase) for phrase in VECTORS["harness_phrases"]] == ["", ""]


def test_patterns_of_what_clients_write_are_those_of_the_sidecar():
    source = (SHARED.parents[1] / "src" / "request" / "harness.ts").read_text()
    chore = rf"[ \t\r\n]*(?:{signalbox.CHORES})"
    for name, pattern in (("CHORE", chore), ("NOTE", signalbox.NOTES), ("EDIT_RULES", signalbox.EDIT_RULES)):
        assert f"const {name} =\n  /" + pattern.replace("/", "\\/") + "/" in source


@pytest.mark.parametrize(
    ("text", "human"),
    [
        ("<system-reminder>be brief</system-reminder> why?", "why?"),
        ("why <command-name>x</command-name>now?", "why now?"),
        ("why?\n<system-reminder>\nnever closed", "why?"),
        ("<user_info> is empty: why?", "<user_info> is empty: why?"),
        ("how is <EXTRA_INFO> used? Write a parser.", "how is <EXTRA_INFO> used? Write a parser."),
        ("<user_info>mac</user_info>where is <user_info> read?", "where is <user_info> read?"),
        ("<system-reminderx>a word</system-reminderx>", "<system-reminderx>a word</system-reminderx>"),
        ("a < b and <b>c</b>", "a < b and <b>c</b>"),
        ("[Request interrupted by user] go on", "go on"),
        ("<documents>\n</documents>\t", ""),
        ("# AGENTS.md instructions for /src\n\n<INSTRUCTIONS>\nbe brief\n</INSTRUCTIONS>\nsort it", "sort it"),
        ("# AGENTS.md instructions\n\n<INSTRUCTIONS>\nbe brief", ""),
        ("<skill>\n<name>sort</name>\nSort well.\n</skill>", ""),
        ("<INSTRUCTIONS>be brief</INSTRUCTIONS> sort it", "<INSTRUCTIONS>be brief</INSTRUCTIONS> sort it"),
        ("what does <skill> mean here?", "what does <skill> mean here?"),
        ("Stop hook feedback:\nRun the tests first.", ""),
        ("What is Stop hook feedback: a turn?", "What is Stop hook feedback: a turn?"),
        ("\n# AGENTS.md instructions\n\n<INSTRUCTIONS>\nbe brief\n</INSTRUCTIONS>\n", ""),
        ("<user_info>mac</user_info>\nStop hook feedback:\nRun the tests first.", ""),
        ("sort it\nStop hook feedback:\nrun", "sort it\nStop hook feedback:\nrun"),
        ("why is <attachment> ignored? Write a parser.", "why is <attachment> ignored? Write a parser."),
        ("<documents>a</documents> is <documents> allowed here?", "is <documents> allowed here?"),
        ("why <attachment>? <system-reminder>be brief</system-reminder>", "why <attachment>?"),
        ("<attachment> <documents>a</documents> or <attachment>?", "<attachment>  or <attachment>?"),
        ("<attached_files>\na.ts", ""),
        ("how are # *SEARCH/REPLACE blocks read by Aider?", "how are # *SEARCH/REPLACE blocks read by Aider?"),
        ("<system-reminder># *SEARCH/REPLACE block* Rules:\n\nEvery</system-reminder>fix it", "fix it"),
        ('why is "Tool loaded." logged twice?', 'why is "Tool loaded." logged twice?'),
    ],
)
def test_strip_harness(text, human):
    assert strip_harness(text) == human


@pytest.mark.parametrize(
    "rules",
    [
        "# *SEARCH/REPLACE block* Rules:\n\nEvery block",
        "# File editing rules:\n\nReturn edits",
        "# V4A Diff Format Rules:\n\nYour patch",
        "To suggest changes to a file you MUST return the entire content",
    ],
)
def test_strip_harness_takes_out_how_aider_wants_its_edits(rules):
    assert strip_harness(f"fix it\n{rules}\nof the file") == "fix it"
    assert strip_harness(rules) == ""


def test_strip_harness_looks_for_these_rules_only_where_a_text_has_words_of_them(monkeypatch):
    """To look for them takes 10 ns a character: 3 ms of a conversation of 400 KB."""
    monkeypatch.setattr(signalbox, "OPENING", None)
    assert strip_harness("<system-reminder>be brief</system-reminder># why?") == "# why?"


@pytest.mark.parametrize(
    "unit",
    [
        *"< a",
        "<attachment> is a word ",
        "<system-reminder>",
        "<documents></documents>",
        "[Request ",
        "CRITICAL: Respond with TEXT ONLY. ",
        "# AGENTS.md instructions\n\n",
    ],
)
def test_strip_harness_takes_linear_time(unit):
    def seconds(text):
        start = time.thread_time()
        strip_harness(text)
        return time.thread_time() - start

    short, long = unit * (20_000 // len(unit)), unit * (400_000 // len(unit))
    # Twenty times the text: 20 where time is linear, 400 where it is square, and caches hold the shorter one alone.
    assert min(seconds(long) for _ in range(3)) < 0.005 + 100 * min(seconds(short) for _ in range(3))


def test_facts_of_a_chat_with_tools_and_images():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "What is 𝒳?"}, image]},
        {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "look", "arguments": "{}"}}]},
        {"role": "tool", "content": "é"},
        {"role": "user", "content": "<system-reminder>hush</system-reminder>"},
    ]
    tools = [{"type": "function", "function": {"name": "look", "parameters": {}}}, {"type": "web_search"}]
    facts = read({"messages": messages, "tools": tools}).facts()
    texts = ["Be kind.", "What is 𝒳?", "{}", "é", "<system-reminder>hush</system-reminder>"]
    assert facts["chars"] == sum(map(len, texts)) + 1  # one of them takes two UTF-16 code units
    assert facts["utf8_bytes"] == sum(len(text.encode()) for text in texts)
    assert (facts["human_turns"], facts["messages"], facts["images"]) == (1, 5, 1)
    assert facts["tool_names"] == ["look", "web_search"]
    assert facts["tool_schema_chars"] == len(json.dumps(tools, separators=(",", ":")))
    assert facts["tool_text"] == json.dumps(tools, separators=(",", ":"))
    assert facts["signed_thinking_by"] is None


def test_facts_of_anthropic_messages():
    thinking = {"type": "thinking", "thinking": "hm", "signature": "c2ln"}
    call = {"type": "tool_use", "id": "1", "name": "Bash", "input": {"command": "ls -l", "timeout": 5}}
    result = {"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": "total 0"}]}
    messages = [
        {"role": "user", "content": "list"},
        {"role": "assistant", "content": [thinking, call]},
        {"role": "user", "content": [result]},
    ]
    body = {"system": [{"type": "text", "text": "sys"}], "messages": messages, "tools": [{"name": "Bash"}]}
    facts = read(body, "anthropic_messages").facts()
    assert facts["chars"] == len("sys" + "list" + "hm" + "ls -l" + "total 0")
    assert (facts["human_turns"], facts["messages"]) == (1, 3)
    assert facts["signed_thinking_by"] == "anthropic"


def test_facts_of_a_responses_request():
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": "one"}]},
        {"type": "reasoning", "summary": [], "encrypted_content": "gAAA"},
        {"type": "function_call", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "output": "done"},
    ]
    facts = read({"input": items, "instructions": "sys"}, "aresponses").facts()
    assert facts["chars"] == len("one" + "{}" + "done" + "sys")
    assert (facts["human_turns"], facts["messages"]) == (1, 4)
    assert facts["signed_thinking_by"] == "openai"


@pytest.mark.parametrize("call_type", ["atext_completion", "text_completion"])
def test_all_prompts_of_a_list_are_one_turn(call_type):
    facts = read({"prompt": ["one", "two"]}, call_type).facts()
    assert (facts["human_turns"], facts["messages"], facts["chars"]) == (1, 1, 6)


@pytest.mark.parametrize(
    ("call_type", "body"),
    [
        ("acompletion", chat("hi", "hello", "and?", model="auto", max_tokens=5)),
        ("anthropic_messages", {"model": "auto", "system": "sys", **chat("hi"), "max_tokens": 5}),
        ("anthropic_messages", {"system": [{"type": "text", "text": "sys"}], **chat("hi")}),
        ("aresponses", {"model": "auto", "input": "hi", "instructions": "sys", "max_output_tokens": 9}),
        ("aresponses", {"input": [{"role": "user", "content": "hi"}], "previous_response_id": "resp_1"}),
        ("atext_completion", {"model": "auto", "prompt": "hi"}),
    ],
)
def test_extract_of_a_short_body_is_the_body(call_type, body):
    assert read(body, call_type).extract() == body


def test_extract_holds_named_keys_only():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,SECRET"}}
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"secret": 1}}}
    tool = {"type": "function", "function": {"name": "look", "description": "SECRET", "parameters": {"SECRET": 1}}}
    body = chat([{"type": "text", "text": "see"}, image], api_key="SECRET", user="SECRET", response_format=schema)
    body |= {"tools": [tool], "litellm_logging_obj": object(), "metadata": {"SECRET": 1}, "tool_choice": "auto"}
    assert read(body).extract() == {
        "messages": [{"role": "user", "content": [{"type": "image_url"}, {"type": "text", "text": "see"}]}],
        "response_format": {"type": "json_schema"},
        "tool_choice": "auto",
    }


def test_extract_keeps_the_format_that_is_asked_for():
    text = {"format": {"type": "json_schema", "schema": {}}}
    body = {"input": "hi", "text": text, "tool_choice": {"type": "function", "name": "f"}}
    extract = read(body, "aresponses").extract()
    assert extract["text"] == {"format": {"type": "json_schema"}}
    assert extract["tool_choice"] == {"type": "function", "name": "f"}


def test_newest_turn_keeps_head_and_tail_of_16000_characters():
    text = "h" * 10_000 + "m" * 20_000 + "t" * 20_000
    [message] = read(chat(text)).extract()["messages"]
    assert message["chars"] == len(text)
    assert message["content"] == "h" * 4_800 + "\n…\n" + "t" * 11_200


def test_texts_of_a_turn_are_cut_as_one_and_a_summary_of_the_conversation_stands_apart():
    def sent(*texts):
        [message] = read(chat([{"type": "text", "text": text} for text in texts])).extract()["messages"]
        return [part["text"] for part in message["content"]]

    [turn] = sent("Sum it up.", "d" * 30_000)
    assert turn.startswith("Sum it up.\nddd")
    summary = "This session is being continued from a previous conversation that ran out of context."
    assert sent(summary, "Sum it up.") == [summary, "Sum it up."]


def test_chars_counts_what_the_human_wrote_in_utf16():
    harness = "<system-reminder>" + "x" * 30_000 + "</system-reminder>"
    [message] = read(chat(harness + "𝒳" * 20_000)).extract()["messages"]
    assert message["chars"] == 40_000
    assert "system-reminder" not in message["content"]


def test_harness_text_is_that_of_the_newest_human_turn_and_of_what_came_before_its_answer():
    def harness(*contents):
        return read(chat(*contents)).facts()["harness_text"]

    plan, todo = "<system-reminder>Plan mode is active.</system-reminder>", "<system_reminder>to do</system_reminder>"
    assert harness("hello") is None
    assert harness(plan + "hello" + todo, "fine") == f"{plan}\n{todo}"
    assert harness(plan + "hello", "fine", todo) == plan
    assert read({"messages": [*chat(plan + "hello")["messages"], *chat(todo)["messages"]]}).facts()["harness_text"] == (
        f"{plan}\n{todo}"
    )
    assert harness(plan + "hello", "fine", "and now?") is None
    assert harness("hello", f"{plan} the model may say what it will") is None
    chore = "Your task is to create a detailed summary of the conversation so far, paying close attention to it"
    assert harness(plan + "hello", "fine", chore) == f"{plan}\n{chore}"
    assert harness("hello", "fine", chore, "a summary", plan) == chore
    open_block = "<system-reminder>\n" + "x" * 5_000 + "end"
    assert harness(open_block) == open_block[-4_000:]


def test_harness_text_stays_the_same_all_through_a_tool_loop():
    plan = "<system-reminder>Plan mode is active.</system-reminder>"
    assert read({"input": plan + "hello"}, "aresponses").facts()["harness_text"] == plan
    result = [{"type": "tool_result", "tool_use_id": "t", "content": "ok"}, {"type": "text", "text": plan}]
    body = chat("hello", [{"type": "tool_use", "id": "t", "name": "read", "input": {}}], result)
    assert read(body, "anthropic_messages").facts()["harness_text"] is None
    body = chat(plan + "hello", [{"type": "tool_use", "id": "t", "name": "read", "input": {}}], result)
    assert read(body, "anthropic_messages").facts()["harness_text"] == plan
    called = {"type": "function_call", "call_id": "t", "name": "read", "arguments": "{}"}
    items = [{"role": "user", "content": "hello"}, called, {"role": "user", "content": plan}]
    assert read({"input": items}, "aresponses").facts()["harness_text"] is None


def test_cut_strings_tell_their_length_beside_them():
    body = {"system": "s" * 5_000, "messages": [{"role": "user", "content": "hi"}]}
    assert read(body, "anthropic_messages").extract() == {**body, "system": "s" * 4_000, "system_chars": 5_000}
    extract = read({"instructions": "s" * 5_000, "input": "x" * 20_000}, "aresponses").extract()
    assert (extract["instructions_chars"], extract["chars"]) == (5_000, 20_000)
    assert read({"prompt": "x" * 20_000}, "atext_completion").extract()["chars"] == 20_000


def test_system_message_of_a_chat_keeps_its_head():
    [system, _] = read({"messages": [{"role": "system", "content": "a" * 9_000}, *chat("hi")["messages"]]}).extract()[
        "messages"
    ]
    assert system == {"role": "system", "content": "a" * 4_000, "chars": 9_000}


def test_system_blocks_keep_their_order_and_the_first_have_the_room():
    def extract(*texts):
        blocks = [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}} for text in texts]
        return read({"system": blocks, **chat("hi")}, "anthropic_messages").extract()["system"]

    own, short = "You are Claude Code.", "s" * 3_970
    assert extract(own, "a" * 9_000, "last") == [
        {"type": "text", "text": own},
        {"type": "text", "text": "a" * (4_000 - len(own)), "chars": 9_000},
    ]
    assert [block["text"] for block in extract(own, short, "the end of it")] == [own, short, "the end of"]
    assert [block["text"] for block in extract(*map(str, range(600)))] == [str(i) for i in range(512)]


def test_system_message_of_blocks_keeps_its_head():
    blocks = [{"type": "text", "text": letter * 3_000} for letter in "abc"]
    items = [{"role": "developer", "content": blocks}, {"role": "user", "content": "hi"}]
    [system, _] = read({"input": items}, "aresponses").extract()["input"]
    assert [block["text"] for block in system["content"]] == ["a" * 3_000, "b" * 1_000]


def test_turn_of_blocks_keeps_its_last_ones():
    blocks = [{"type": "tool_result", "content": letter * 900} for letter in "abc"]
    [message] = read({"messages": [{"role": "user", "content": blocks}]}, "anthropic_messages").extract()["messages"]
    assert [len(block["content"]) for block in message["content"]] == [0, 103, 900]


def test_newest_16_turns_go_before_everything_else_and_order_stays():
    contents = [f"{i} {'w' * 20_000}" for i in range(80)]
    messages = read(chat(*contents)).extract()["messages"]
    numbers = [int(message["content"].split()[0]) for message in messages]
    assert numbers == sorted(numbers)
    assert {number for number in range(80) if number % 2 == 0 and number >= 48} <= set(numbers)
    assert all(message["chars"] == len(contents[number]) for message, number in zip(messages, numbers, strict=True))


def test_asks_tell_how_large_the_body_was_at_each_of_the_newest_turns():
    messages = [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "é"},
        {"role": "user", "content": "<system-reminder>x</system-reminder>"},
        {"role": "user", "content": "two"},
        {"role": "tool", "content": "r" * 1_000},
    ]
    facts = read({"system": "Be kind.", "messages": messages}, "anthropic_messages").facts()
    reminder = len("<system-reminder>x</system-reminder>")
    assert facts["asks"] == [(11, 11, 1, 0, 0), (15 + reminder, 16 + reminder, 4, 0, 0)]
    assert len(read(chat(*["hi"] * 99)).facts()["asks"]) == 16


def test_asks_tell_how_many_images_there_were_at_each_turn():
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": [image, image]}
    body = chat(["look", image], [{"type": "tool_use", "id": "t", "name": "see", "input": {}}], [result])
    facts = read(body, "anthropic_messages").facts()
    assert ([images for *_, images, _ in facts["asks"]], facts["images"]) == ([1], 3)


@pytest.mark.parametrize("system", [{}, {"role": "system", "content": "漢" * 4_000}])
def test_what_follows_an_ask_does_not_decide_how_much_of_it_is_sent(system):
    asks = [{"role": "user", "content": f"{i} {'漢' * 1_500}"} for i in range(20)]
    asks.append({"role": "user", "content": "漢" * 15_000})
    results = [{"role": "tool", "content": text} for text in ("", "r" * 10, "漢" * 900, "\x01" * 5_000, "r" * 90_000)]

    def turns_sent(*answers):
        extract = read({"messages": [*([system] if system else []), *asks, *answers]}).extract()
        return [message for message in extract["messages"] if message["role"] in ("user", "system")]

    alone = turns_sent()
    assert 1 < len(alone) < 17
    for count in range(1, len(results) + 1):
        assert turns_sent(*results[:count]) == alone


@pytest.mark.parametrize("count", [1, 12, 40])
def test_messages_of_the_system_take_no_room_from_what_people_said(count):
    notes = [{"role": "developer", "content": f"{i} {'s' * 9_000}"} for i in range(count)]
    asks = [{"role": "user", "content": f"{i} {'w' * 900}"} for i in range(16)]
    sent = read({"messages": [{"role": "system", "content": "sys"}, *asks, *notes]}).extract()["messages"]
    assert [message for message in sent if message["role"] == "user"] == asks
    assert [message["content"][:3] for message in sent if message["role"] != "user"][:3] == ["sys", "0 s", "1 s"][
        : count + 1
    ]


def test_last_entry_is_kept_although_it_is_no_human_turn():
    result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "r" * 200_000}]}
    body = {"messages": [*chat(*["漢" * 20_000] * 41)["messages"], result]}
    last = read(body, "anthropic_messages").extract()["messages"][-1]
    assert last["content"][0]["type"] == "tool_result"
    assert last["content"][0]["chars"] == 200_000


@pytest.mark.parametrize(
    "body",
    [
        chat("漢字" * 100_000, "é" * 100_000, "\x01" * 100_000),
        chat(*['"\\' * 40_000] * 40),
        chat(*["hi"] * 10_000),
        chat([{"type": "text", "text": "hi"}, {"type": "image"}] * 5_000),
        chat("x", tools=[{"name": "n" * 300, "input_schema": {}}] * 1_000),
        {"messages": [{"role": "system", "content": "漢" * 9_000}] * 50},
        {"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "n" * 300}}] * 900}] * 50},
        chat("x", model="m" * 100_000, tool_choice="t" * 100_000),
    ],
    ids=["scripts", "escapes", "many messages", "many blocks", "many tools", "systems", "calls", "long names"],
)
def test_extract_never_exceeds_its_size(body):
    assert 0 < size_of(read(body).extract()) <= LIMIT


@pytest.mark.parametrize("call_type", sorted(signalbox.BUCKETS))
@pytest.mark.parametrize(
    "value",
    [None, 5, "", [], {}, [None, 3, [], {}], [{"role": 7, "content": 3}], [{"content": {"text": []}}], ["\ud800\0"]],
    ids=repr,
)
def test_malformed_entries_are_left_out(call_type, value):
    body = {"messages": value, "input": value, "prompt": value, "system": value, "instructions": value, "tools": value}
    talk = read(body, call_type)
    json.dumps([talk.facts(), signalbox.dump(talk.extract()).decode()])


def test_deep_nesting_is_cut_off():
    content = "deep"
    for _ in range(10_000):
        content = [{"type": "tool_result", "content": content}]
    talk = read({"messages": [{"role": "user", "content": content}]}, "anthropic_messages")
    assert "deep" not in str(talk.extract())
    assert talk.facts()["chars"] == 0


def test_lone_surrogates_and_nul_leave_valid_json():
    raw = signalbox.dump(read(chat("a\ud800\0b")).extract())
    assert json.loads(raw)["messages"][0]["content"] == "a?\0b"
