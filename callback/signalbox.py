"""Signalbox for LiteLLM: asks the sidecar which model should serve a request, sets it where LiteLLM knows it and the
caller may call it, and tells what came of it. Whatever goes wrong, the request goes on as it came. The environment:
SIGNALBOX_URL         http://127.0.0.1:4100  where the sidecar is: http(s)://host:port, or unix:///path of its socket
SIGNALBOX_SECRET      none                   the sidecar's own, sent as a bearer token; the first of several with commas
SIGNALBOX_TIMEOUT_MS  3500                   longest wait for an answer in milliseconds, whatever the sidecar asks"""

import asyncio
import contextlib
import functools
import hashlib
import importlib.metadata
import json
import logging
import os
import random
import re
import ssl
import sys
import time
from collections.abc import Awaitable, Callable, Container, Mapping
from typing import Any

from litellm.integrations.custom_logger import CustomLogger

log, load, KEY = logging.getLogger("signalbox"), functools.cache(importlib.import_module), "signalbox"  # KEY: our own
BUCKETS = dict.fromkeys(("acompletion", "completion", "atext_completion", "text_completion"), "metadata")
BUCKETS |= dict.fromkeys(("anthropic_messages", "aresponses"), "litellm_metadata")  # LiteLLM's own, by call type


def as_dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def short(value: object) -> str | None:
    return value[:256] if isinstance(value, str) else None


def dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")


MAX_EXTRACT_BYTES, MAX_BLOCKS, MAX_DEPTH, MAX_TOOLS, HEAD_SHARE, TOOL_CHARS = 64 * 1024, 512, 6, 256, 0.3, 8_000
NEWEST_TURN_CHARS, SYSTEM_CHARS, TURN_CHARS, OTHER_CHARS, HARNESS_CHARS, TURNS = 16_000, 4_000, 2_000, 1_000, 4_000, 16
LAST_BYTES, MIN_BUDGET = 4 * OTHER_CHARS + 512, 1_024  # kept free for the last entry; Anthropic's smallest budget
HARNESS_TAGS = """system-reminder system_reminder command-name command-message local-command-stdout local-command-stderr
command-contents bash-input bash-stdout user_shell_command user-prompt-submit-hook session-start-hook post-tool-use-hook
local-command-caveat new-diagnostics task-notification ide_selection ide_opened_file ide_diagnostics environment_details
command-args environment_context environment_info user_instructions user_info turn_aborted workspace_info project_layout
bash-stderr open_and_recently_viewed_files additional_data attached_files attachments editorContext reminderInstructions
git_status attachment repoContext retrieved_documents retrieved_context search_results subagent_notification hook_prompt
documents goal_context codex_internal_context recommended_plugins session_context next_prompt_suggestion REPOSITORY_INFO
info-msg extension_context REPOSITORY_INSTRUCTIONS RUNTIME_INFORMATION CONVERSATION_INSTRUCTIONS EXTRA_INFO"""
EDIT_RULES, CHORES, NOTES = r"""(?<![^\n])(?:# (?:\*SEARCH/REPLACE block\* Rules:\n\nEvery|File editing rules:\n\nReturn
 e|V4A Diff Format Rules:\n\nY)|To suggest changes to a file you MUST return the entire c);;\[SUGGESTION MODE:|CRITICAL:
 Respond with TEXT ONLY\.[ -~]{23}\n+- Do NOT|The user stepped away and is coming back\. [RW]|Describe your most recent
 action in 3-5|Another language model started to solve this problem a|You are performing a CONTEXT CH|Your task is to
 create a detailed summary of (?:the (?:conversation so far, pay|RECENT)|this conversation\. This s)|Output token limit
 hit\. Resume directly|I have \*added these f|Here are (?:summaries of some files present in my git repository\.\nDo n|
some READ ONLY files, provided f)|Don't try and edit any existing code without asking me|I switched to a new code base\.
 Please don't c;;Stop hook feedback:|Read the output file to retrieve the r|\[SYSTEM NOTIFICATION - N|\[Image:
 (?:original|source:) [^\]\n]*\](?![^\n])|Attached image\(s\) from tool|Called the Read tool with the following i|
<path>[^\n]*</path>\n<type>[fd]|Continue if you have next steps, o|EXECUTION RESULT of \[|Your last response did not
 include a func|Summarize the task tool output above and c|The following tool was executed by the u|# (?:Fix any errors
 below, if|[0-9]+ SEARCH/REPLACE blocks? f)|I committed the changes with git hash \S+ &""".replace("\n", "").split(";;")
TAG = re.compile(f"<(?:({'|'.join(HARNESS_TAGS.split())})[ \t\r\n>]|(skill)>\n<name>)")
OPENING = re.compile(f"{TAG.pattern}|({EDIT_RULES})")  # forty times as slow: for texts that hold words of EDIT_RULES
START = re.compile(rf"[ \t\r\n]*(?:# AGENTS\.md instruct.*\n\n<(INSTRUCTIONS)>|({NOTES}|{CHORES}))")
TEXT_BLOCKS, CALLS = (None, "text", "input_text", "output_text"), ("input", "action", "operation")
IMAGE_BLOCKS, PARTS = ("image", "image_url", "input_image", "computer_screenshot"), {"file", "reasoning_items"}
TOOL_ANSWER = re.compile(r"\[[a-z_]+(?=[] ])(?s:.*?)] Result:|\[ERROR] You did not use a tool")  # of Cline's
TOKEN_LIMITS, SYSTEM_ROLES = ("max_tokens", "max_completion_tokens", "max_output_tokens"), ("system", "developer")
NOT_USER, RELAY = (*SYSTEM_ROLES, "assistant", "model", "tool", "function"), "litellm_encrypted_reasoning:"
LABELS = ("role", "type", "name", "model", "previous_response_id", "tool_choice")  # are extracted as they are
PARTS |= {"content", "text", "thinking", "refusal", "output", "arguments", "summary", "thinking_blocks", "tool_calls"}
PARTS |= {"function_call", "function", "custom", "source", "stdout", "stderr", "code", "results", *CALLS}
SEALS = {"provider_specific_fields": ("gemini", ()), "encrypted_content": ("openai", ("reasoning", "compaction"))}
SEALS |= {"signature": ("anthropic", ("thinking", "compaction")), "data": ("anthropic", ("redacted_thinking",))}
ASKED = {*LABELS[3:], "response_format", "output_format", "output_config", "format", "text", "function"}


def strip_harness(text: str, blocks: list[str] | None = None) -> str:  # what the human wrote; `blocks` takes the rest
    kept, start, unclosed, opens = [], 0, set(), OPENING if "ules:\n\n" in text or "To suggest c" in text else TAG
    while opening := (None if kept else START.match(text, start)) or opens.search(text, start):
        at, closing = opening.start(), f"</{opening[opening.lastindex]}>"
        kept += [before for before in (text[start:at],) if kept or before.strip(" \t\r\n")]
        unclosed |= {closing} if (end := -1 if closing in unclosed else text.find(closing, at)) < 0 else set()
        is_word = end < 0 and opening.re is opens and opening[1] and not text.startswith("\n", opening.end())
        start = opening.end() if is_word else end + len(closing) if end >= 0 else len(text)
        (kept if is_word else as_list(blocks)).append(text[at:start])
    return re.sub(r"\[Request interrupted by user( for tool use)?]", "", "".join(kept) + text[start:]).strip(" \t\r\n")


class Conversation:  # the system text and the entries of a body, oldest first, whichever wire format it is in
    def __init__(self, data: dict, call_type: str):
        self.data, is_prompt = data, "text_completion" in call_type
        names = {"aresponses": ("input", "instructions"), "anthropic_messages": ("messages", "system")}
        self.field, self.system_field = names.get(call_type, ("prompt" if is_prompt else "messages", "system"))
        said, system = data.get(self.field), {"role": "system", "content": data.get(self.system_field)}
        self.is_list = isinstance(said, list) and not is_prompt  # all prompts of a list are one turn
        said = said if self.is_list else [{"role": "user", "content": said}] if said else []
        self.chars, self.utf8_bytes, self.images, self.file_chars, self.signed_thinking_by = 0, 0, 0, 0, None  # base64
        self.items, self.texts, self.asks, self.harness, self.answered = [], [], [], [], False  # asks: at turns
        for i, entry in enumerate([system, *said]):
            self._measure(entry, 1)
            text, item = self._read_entry(entry)
            self.texts.append(text)
            self.items.append(item)
            self.asks += [(self.chars, self.utf8_bytes, i, self.images, self.file_chars)] if text else []
        self.turns = [i for _, _, i, _, _ in self.asks]

    def _measure(self, value: object, depth: int, is_call: bool = False) -> None:  # a call's texts have any name
        value = "0000" if type(value) is int and self.field == "prompt" else value  # a token id counts as 4 characters
        if isinstance(value, str):
            self.chars += len(value) if value.isascii() else len(value.encode("utf-16-le", "surrogatepass")) // 2
            self.utf8_bytes += len(value.encode("utf-8", "replace"))
        elif isinstance(value, list) and depth <= MAX_DEPTH:
            for part in value:
                self._measure(part, depth + 1, is_call)
        elif isinstance(value, dict) and depth <= MAX_DEPTH:
            kind, extra, media = map(value.get, ("type", "provider_specific_fields", "media_type"))
            self.images += kind in IMAGE_BLOCKS and not is_call
            self.file_chars += len(str(value.get("data" if media == "application/pdf" else "file_data") or ""))
            if not is_call and not SEALS.keys().isdisjoint(value):
                seals = [(value.get(name), by) for name, (by, kinds) in SEALS.items() if kind in kinds]
                seals += [(as_dict(extra).get(name), "gemini") for name in ("signature", "thought_signature")]
                for s, by in [(s, by) for s, by in seals if s and isinstance(s, str)]:
                    self.signed_thinking_by = "openai" if s.startswith(RELAY) else "anthropic" if s[-2:] == "}]" else by
            for name in value if is_call else sorted((PARTS | {"data"} if kind == "text" else PARTS) & value.keys()):
                self._measure(value[name], depth + 1, is_call or name in CALLS)

    def _read_entry(self, item: Any) -> tuple[str, Any]:  # what the human wrote, and the entry with no other words
        entry = {"role": "user", "content": item} if isinstance(item, str) else as_dict(item)
        is_turn = entry.get("type") in (*TEXT_BLOCKS, *IMAGE_BLOCKS)  # also a block that stands for one
        if not isinstance(item, (str, dict)) or entry.get("role", "user" if is_turn else "tool") in NOT_USER:
            self.answered |= entry.get("role") not in SYSTEM_ROLES
            return "", item
        field, words, blocks, harness = "content" if "content" in entry else "text", [], [], []
        for block in as_list(entry.get(field)):
            word = block.get("text") if isinstance(block, dict) and block.get("type") in TEXT_BLOCKS else block
            (words if isinstance(word, str) else blocks).append(word)
        told = any(as_dict(block).get("type") == "tool_result" for block in blocks)  # by a skill or tool that it loaded
        words = [w for w in words if not (told and w.startswith(("Base directory for this skill:", "Tool loaded.")))]
        text = "\n".join(texts := list(filter(None, (strip_harness(word, harness) for word in words))))
        if harness and TOOL_ANSWER.match(text) and not re.search("<(answer|feedback|user_message)>", text):
            return "", {**entry, "role": "tool"}
        self.asks = [] if re.match(r"\s*I switched to a new code base\. P", "".join(harness)) else self.asks  # examples
        self.answered &= not text and not any(re.match(CHORES, block.lstrip(" \t\r\n")) for block in harness)
        self.harness[0 if text else len(self.harness) :] = [] if self.answered else harness  # a turn makes others old
        parts = texts if text.startswith("This session is being c") else [text] * bool(text)  # a summary stands apart
        own = blocks + [{"type": "text", "text": t} for t in parts] if isinstance(entry.get(field), list) else text
        return text, text if isinstance(item, str) else {**entry, field: own}

    def facts(self) -> dict[str, Any]:  # of the whole body; src/request/conversation-hash.ts defines the hash
        tools = [tool for name in ("tools", "functions") for tool in as_list(self.data.get(name))]
        named = [(as_dict(o.get("function") or o.get("custom")), o) for o in map(as_dict, tools[:MAX_TOOLS])]
        names = [short(i.get("name") or o.get("name") or o.get("type")) for i, o in named]
        text = dump(tools).decode() if tools else ""
        first_turn = re.sub("[\ud800-\udfff\0]", "\ufffd", self.texts[self.turns[0]][:4_097] if self.turns else "")
        digest = hashlib.sha256(first_turn.encode()[:4_096]).hexdigest()[:32] if self.turns else None
        facts = {n: getattr(self, n) for n in ("chars", "utf8_bytes", "images", "file_chars", "signed_thinking_by")}
        facts |= {"messages": len(self.items) - 1, "human_turns": len(self.turns), "asks": self.asks[-TURNS:]}
        facts |= {"tool_names": [*filter(None, names)], "tool_schema_chars": len(text), "tool_text": text[:TOOL_CHARS]}
        return facts | {"conversation_hash": digest, "harness_text": "\n".join(self.harness)[-HARNESS_CHARS:] or None}

    def extract(self) -> dict[str, Any]:  # named keys alone, in at most MAX_EXTRACT_BYTES: what matters most goes first
        body = {name: self.data[name] for name in TOKEN_LIMITS if isinstance(self.data.get(name), int)}
        body |= cut({name: part for name, part in self.data.items() if name in ASKED}, [0], 1.0, ASKED)
        every, kept, left = range(len(self.items)), {}, MAX_EXTRACT_BYTES - len(dump(body)) - 256
        system = [(i, SYSTEM_CHARS) for i in every if as_dict(self.items[i]).get("role") in SYSTEM_ROLES]
        order = [(i, NEWEST_TURN_CHARS) for i in self.turns[-1:]] + system[:3]  # agents add more and more of these
        order += [(i, TURN_CHARS) for i in reversed(self.turns[-TURNS:-1])] + system[3:]
        rest = [(i, OTHER_CHARS) for i in sorted({*every}.difference(self.turns, dict(order)))[::-1]]  # newest first
        for pieces, reserved in ((order, LAST_BYTES), (rest, 0)):  # the rest may not crowd out what people say
            for i, chars in pieces:
                for _ in range(4):
                    if (size := len(dump(piece := cut(self.items[i], [chars]))) + 1) <= left - reserved:
                        break
                    chars = int(chars * 0.9 * max(left - reserved, 0) / size)
                else:
                    break
                kept[i], left = piece or {}, left - size
        system, turn, entries = kept.pop(0, {}), kept.get(1, {}), [kept[i] for i in sorted(kept) if kept[i]]
        body |= {self.system_field: system.get("content"), f"{self.system_field}_chars": system.get("chars")}
        body |= {self.field: entries} if self.is_list else {self.field: turn.get("content"), "chars": turn.get("chars")}
        return {name: part for name, part in body.items() if part is not None}


def cut(value: Any, room: list[int], head: float = HEAD_SHARE, parts: Container = PARTS, depth: int = 0) -> Any:
    if isinstance(value, str):  # labels and texts, of which the last have the `room` first, in characters
        limit, start, room[0] = room[0], int(room[0] * head), max(0, room[0] - len(value))
        tail = f"\n…\n{value[len(value) - (limit - start) :]}" if start < limit else ""
        return value if len(value) <= limit else value[:start] + tail
    if depth > MAX_DEPTH or not isinstance(value, (list, dict)):
        return None
    if isinstance(value, list):
        step = 1 if head == 1.0 else -1  # of system text the first blocks, while there is room
        copies = [cut(part, room, head, parts, depth + 1) for part in value[::step][:MAX_BLOCKS] if room[0] or step < 0]
        return [copy for copy in copies[::step] if copy is not None]
    copy, head = {}, 1.0 if value.get("role") in SYSTEM_ROLES else head
    for name, part in value.items():
        if name in LABELS and isinstance(part, str):
            copy[name] = short(part)
        elif name in parts and (piece := cut(part, room, head, parts, depth + 1)) is not None:
            copy[name] = piece
            if isinstance(part, str) and piece != part:
                copy["chars"] = len(part.encode("utf-16-le", "surrogatepass")) // 2  # before the cut
    return copy


MAX_IN_FLIGHT, MAX_CANDIDATES, MAX_FALLBACKS, MAX_REPLY_BYTES = 64, 16, 5, 64 * 1024  # in flight a worker
FIRST_DEADLINE_MS, SHORTEST_DEADLINE_MS, CONNECT_SECONDS, KEPT_SECONDS, TICKS = 250, 50, 0.05, 60.0, 25  # ticks: turns
FAILURES_TO_OPEN, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, MAX_WAITING, MAX_BATCH = 5, 1.0, 30.0, 1_000, 100
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS, REPORT_SECONDS, REPORT_TRIES = 0.2, 5.0, 1.0, 6  # of a batch: about 22 s
MODEL_NAME = re.compile(r"(?!.*://)[^\x00-\x1f\x7f,]{1,256}")  # a comma would make it several, a URL another server
REPLY: dict[str, Any] = dict.fromkeys(("decision_id", "model", "tier", "method", "reason", "mode", "access"), str)
REPLY |= dict.fromkeys(("rewrite", "virtual", "needs_catalog", "pass_fallbacks"), bool)
REPLY |= dict(candidates=list, header_names=list, max_output_tokens=dict, score=(int, float), deadline_ms=int)


def read_reply(raw: bytes) -> dict[str, Any]:  # ValueError where a field is of another type, or a needed one missing
    body = as_dict(json.loads(raw))
    wrong = [name for name, kind in REPLY.items() if body.get(name) is not None and not isinstance(body[name], kind)]
    models = [body.get("model"), *as_list(body.get("candidates"))] if body.get("rewrite") else []  # else any
    names = [name for name in models if isinstance(name, str) and MODEL_NAME.fullmatch(name)]
    if wrong or names != models[: MAX_CANDIDATES + 1] or body.get("rewrite") is None:
        raise ValueError(f"a reply of another form: {', '.join(wrong) or 'model, candidates or rewrite'}")
    return {**dict.fromkeys(REPLY), **body, "candidates": models}


class Breaker:  # closed; open after 5 failures in a row; then one probe at a time, after pauses that grow
    def __init__(self, clock: Callable[[], float] = time.monotonic, jitter: Callable[[], float] = random.random):
        self.clock, self.jitter = clock, jitter
        self.failures, self.pause, self.cause, self.probe_at = 0, FIRST_PAUSE_SECONDS, "no answer", None  # None: closed

    def admit(self) -> bool:  # whoever is admitted must settle
        is_due = self.probe_at is None or self.clock() >= self.probe_at
        self.probe_at = float("inf") if is_due and self.probe_at is not None else self.probe_at
        return is_due

    def settle(self, is_well: bool | None) -> None:  # None: it ended without a word on the sidecar, the client left
        if is_well:
            if self.probe_at is not None:
                log.warning("the sidecar answers again")
            self.failures, self.pause, self.probe_at = 0, FIRST_PAUSE_SECONDS, None
        elif is_well is None:
            self.probe_at = self.clock() if self.probe_at == float("inf") else self.probe_at
        elif self.probe_at in (None, float("inf")):  # else it was asked before the breaker opened
            self.failures += 1
            if self.failures >= FAILURES_TO_OPEN:
                log.warning("the sidecar failed %d times in a row, requests go on: %s", self.failures, self.cause)
                self.probe_at = self.clock() + min(self.pause * (0.75 + self.jitter() / 2), LONGEST_PAUSE_SECONDS)
                self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)


class Sidecar:  # asked over HTTP/1.1, through connections that are kept for each event loop, by TCP or a Unix socket
    def __init__(self, env: Mapping[str, str]):
        url, timeout = env.get("SIGNALBOX_URL") or "http://127.0.0.1:4100", env.get("SIGNALBOX_TIMEOUT_MS") or "3500"
        if not (at := re.fullmatch(r"(https?)://((\[[^]@]+]|[^][:/@\s]+)(?::(\d{1,5}))?)(/\S*)?|unix://(/.+)", url)):
            raise ValueError(f"Cannot use SIGNALBOX_URL: found {url!r}, expected http://host:port or unix:///path")
        if not timeout.isdecimal() or int(timeout) < 1:
            raise ValueError(f"Cannot use SIGNALBOX_TIMEOUT_MS: found {timeout!r}, expected milliseconds above 0")
        (scheme, place, host, port, path, socket), secret = at.groups(""), env.get("SIGNALBOX_SECRET", "").split(",")[0]
        tls = ssl.create_default_context() if scheme == "https" else None
        by_tcp = functools.partial(asyncio.open_connection, host.strip("[]"), port or (443 if tls else 80), ssl=tls)
        self.connect = functools.partial(asyncio.open_unix_connection, socket) if socket else by_tcp
        self.path, self.headers = path.rstrip("/"), f"host: {place or 'localhost'}\r\ncontent-type:application/json\r\n"
        self.headers += f"authorization: Bearer {secret.strip()}\r\n" if secret.strip() else ""
        self.breaker, self.longest_ms, self.deadline_ms = Breaker(), int(timeout), min(FIRST_DEADLINE_MS, int(timeout))
        self.idle, self.in_flight, self.waiting, self.lost, self.reporting = {}, 0, [], 0, None  # lost: outcomes

    async def ask(self, question: Callable[[], dict]) -> dict[str, Any] | None:  # None: no answer that can be used
        if self.in_flight >= MAX_IN_FLIGHT or not self.breaker.admit():
            return None
        self.in_flight, body, is_well = self.in_flight + 1, b"", None
        try:
            body = dump(question() | {"deadline_ms": self.deadline_ms})
            status, raw = await self._within(self.deadline_ms / 1_000, self.send("POST", "/v1/route", body))
            is_well = status in (400, 413, 422)  # the sidecar is well, but cannot read this one request
            if status != 200:
                raise ValueError(f"status {status}")
            reply, is_well = read_reply(raw), True
            self.deadline_ms = min(max(SHORTEST_DEADLINE_MS, reply["deadline_ms"] or self.deadline_ms), self.longest_ms)
            return reply
        except Exception as error:
            is_well = bool(is_well) if body else None  # stays None where the client left, too: that is no Exception
            self.breaker.cause = f"{type(error).__name__} {error if type(error) is ValueError else ''}".strip()
            log.info("no answer: %s", self.breaker.cause)
            return None
        finally:
            self.in_flight -= 1
            self.breaker.settle(is_well)

    async def send(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:  # raises what streams do, too
        self.idle = {loop: kept for loop, kept in self.idle.items() if not loop.is_closed()}
        idle = self.idle.setdefault(asyncio.get_running_loop(), [])
        while idle and (idle[0][0].at_eof() or time.monotonic() - idle[0][2] > KEPT_SECONDS):
            idle.pop(0)[1].transport.abort()  # the sidecar closes after 75 seconds what is idle
        reader, writer, _ = idle.pop(0) if idle else (*await self._within(CONNECT_SECONDS, self.connect()), 0.0)
        with contextlib.ExitStack() as undo:
            undo.push(lambda error, *_: error and writer.transport.abort())  # else its rest were the next one's answer
            line = f"{method} {self.path}{path} HTTP/1.1\r\n{self.headers}content-length: {len(body)}\r\n\r\n"
            writer.write(line.encode() + body)
            head = re.match(rb"(?is)HTTP/1.1 (\d+).*\ncontent-length: *(\d+)\r", await reader.readuntil(b"\r\n\r\n"))
            if not head or int(head[2]) > MAX_REPLY_BYTES:
                raise ValueError(f"a reply of more than {MAX_REPLY_BYTES} bytes, or of any length")
            raw = await reader.readexactly(int(head[2]))
        idle.append((reader, writer, 0.0 if b"\nconnection: close" in head.string.lower() else time.monotonic()))
        return int(head[1]), raw

    async def _within(self, seconds: float, work: Awaitable[Any]) -> Any:  # TimeoutError after these, in a free loop
        task = asyncio.ensure_future(work)
        try:
            for _ in range(TICKS):
                if (await asyncio.wait({task}, timeout=seconds / TICKS))[0]:
                    return task.result()
            raise TimeoutError
        finally:
            task.cancel()

    def report(self, outcome: dict[str, Any]) -> None:
        self.lost, self.waiting = self.lost + (len(self.waiting) >= MAX_WAITING), [*self.waiting, outcome][:MAX_WAITING]
        if self.reporting is None or self.reporting.done():
            self.reporting = asyncio.get_running_loop().create_task(self._send_outcomes())

    async def _send_outcomes(self, tries: int = 0) -> None:
        while self.waiting:
            await asyncio.sleep(min(REPORT_SECONDS * 2**tries, LONGEST_RETRY_SECONDS))
            batch, lost, status, tries = self.waiting[:MAX_BATCH], self.lost, 503, tries + 1
            with contextlib.suppress(Exception):
                told = self.send("POST", "/v1/outcomes", dump({"outcomes": batch, "lost": lost}))
                status, _ = await asyncio.wait_for(told, self.longest_ms / 1_000)
            if status < 500 or tries >= REPORT_TRIES:  # taken, or it will not be taken later either
                self.lost += -lost if status < 300 else len(batch)
                tries, self.waiting = 0, self.waiting[len(batch) :]


PRICES = ("input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost")
litellm_proxy = functools.partial(sys.modules.__getitem__, "litellm.proxy.proxy_server")  # read its globals at each use
ABILITIES = [f"supports_{name}" for name in ("vision", "function_calling", "response_schema", "reasoning")]


def knows(model: str) -> bool:
    router = litellm_proxy().llm_router
    return router.is_recognized_model(model) or any(re.fullmatch(p, model) for p in router.pattern_router.patterns)


def previous_of(opened: object, model: object = None) -> dict[str, str | None]:  # its id before LiteLLM sealed it
    with contextlib.suppress(Exception):  # LiteLLM did not make it, or its deployment is gone
        opened = load("litellm.proxy.hooks.responses_id_security").ResponsesIDSecurity()._decrypt_response_id(opened)[0]
        model_id = load("litellm.responses.utils").ResponsesAPIRequestUtils.get_model_id_from_response_id(opened)
        model = litellm_proxy().llm_router.get_deployment(model_id).model_name
    return {"previous_response_by": short(opened), "previous_response_model": short(model)}


async def guards_of(model: str, data: dict, user: Any) -> list:  # what LiteLLM would run had the model been asked for
    guards = [g for n in ("litellm_metadata", "metadata") for g in as_list(as_dict(data.get(n)).get("guardrails"))]
    asked = data | {"model": model, "metadata": {**as_dict(data.get("metadata")), "guardrails": guards}}
    await load("litellm.proxy.litellm_pre_call_utils").add_guardrails_from_policy_engine(asked, "metadata", user)
    merge = load("litellm.proxy.utils").check_and_merge_model_level_guardrails
    return as_list(merge(asked, litellm_proxy().llm_router, False)["metadata"]["guardrails"])


async def check_rights(model: str, user: Any) -> None:  # LiteLLM's own, which it runs before our hook; raises on denial
    proxy, auth = litellm_proxy(), load("litellm.proxy.auth.auth_checks")
    user = user.model_copy(update={"aliases": {}, "team_model_aliases": None})  # these are for the client's names only
    asked = {"model": model, "llm_router": proxy.llm_router}
    await auth.can_key_call_resolved_model(valid_token=user, llm_model_list=proxy.llm_model_list, **asked)
    if user.user_id and not user.team_id:
        find, unknown, user_object = auth.get_user_object, auth.UserNotFoundError, None  # in no database: no limits
        find = find if proxy.prisma_client else getattr(find, "__wrapped__", find)  # which first looks for Prisma
        with contextlib.suppress(unknown if proxy.prisma_client else Exception):
            user_object = await find(user.user_id, proxy.prisma_client, proxy.user_api_key_cache, user_id_upsert=False)
        await auth.can_user_call_model(user_object=user_object, **asked)
    for kind in (kind for kind in ("", "user_", "team_", "end_user_") if getattr(user, f"{kind}model_max_budget")):
        names = (f"{kind}id", f"{kind}model_max_budget")  # without any its check would cost as much to find nothing
        limits = {name: getattr(user, name) for name in names} if kind else {"user_api_key_dict": user}
        limits |= {"key_model_max_budget": user.model_max_budget} if kind == "team_" else {}
        await getattr(proxy.model_max_budget_limiter, f"is_{kind or 'key_'}within_model_budget")(model=model, **limits)


async def can_pay(model: str, user: Any, data: dict) -> bool:  # LiteLLM looks at no budget where the name costs nothing
    check, most = load("litellm.proxy.auth.user_api_key_auth").run_centralized_common_checks, user.team_max_budget
    proxy, budget, spent = litellm_proxy(), load("litellm.proxy.auth.fallback_budget"), user.team_spend or 0.0
    by, tags = {"llm_router": proxy.llm_router}, as_dict(data.get("litellm_metadata", data.get("metadata"))).get("tags")
    if not budget.is_model_cost_zero(model=data.get("model"), **by) or budget.is_model_cost_zero(model=model, **by):
        return True
    with contextlib.suppress(load("litellm").BudgetExceededError):  # a body without a model reserves nothing
        await check(user.model_copy(), None, {"tags": tags}, "/v1/chat/completions")
        is_spent = most is not None and await proxy.get_current_spend(f"spend:team:{user.team_id}", spent, most) > most
        return not is_spent and await budget.is_token_within_budget_for_model(model=model, valid_token=user, **by)
    return False


async def may_call(model: str, user: Any) -> bool:
    with contextlib.suppress(Exception):  # of whatever kind: it means no
        return await check_rights(model, user) is None
    return False


async def self_test() -> list[str]:  # what LiteLLM lacks, or lets a caller do that it must deny
    model, spent = "signalbox-self-test", {"signalbox-self-test": {"budget_limit": 0.0, "time_period": "1d"}}
    owner, team = {"token": model, "user_id": model, "end_user_id": model}, {"team_id": "other"}
    caps = [{"models": ["other"]}, *({f"{kind}model_max_budget": spent} for kind in ("", "user_", "end_user_"))]
    caps += [team | {"team_model_max_budget": spent}, team | {"team_models": ["other"]}]
    try:
        new_user, _ = load("litellm.proxy._types").UserAPIKeyAuth, knows(model)
        others = {f"{kind}model_max_budget": {"other": spent[model]} for kind in ("", "user_", "team_", "end_user_")}
        await check_rights(model, new_user(**owner, models=[model], **others))
        _ = await can_pay(model, new_user(**owner), {}), await guards_of(model, {}, new_user(**owner))
        return [f"{list(cap)[-1]} denies nothing" for cap in caps if await may_call(model, new_user(**owner, **cap))]
    except Exception as error:
        return [f"{type(error).__name__}: {error}"[:256]]


def read_catalog(router: Any) -> dict[str, Any]:  # by the first deployment of a name; an unknown price is not 0 here
    models: dict[str, Any] = {}
    for deployment, info in [(each, {}) for each in router.model_list]:
        name, params, own = (deployment.get(key) or {} for key in ("model_name", "litellm_params", "model_info"))
        if name in models or own.get("team_id") or not MODEL_NAME.fullmatch(name):
            continue
        with contextlib.suppress(Exception):  # a model that LiteLLM's map does not hold
            info = router.get_router_model_info(deployment=deployment, received_model_name=name) or {}
        entry = {key: info.get(key) for key in (*PRICES, *ABILITIES, "max_input_tokens", "max_output_tokens")}
        entry |= {key: None for key in PRICES if not entry[key] and params.get(key, own.get(key)) is None}
        models[name] = {"name": name, "deployment": short(params.get("model")), **entry}
    content = {"models": [models[n] for n in models if "*" not in n], "wildcards": [n for n in models if "*" in n]}
    revision = hashlib.sha256(dump(content)).hexdigest()[:16]
    return {"revision": revision, "litellm_version": importlib.metadata.version("litellm"), **content}


OVERRIDES = [f"x-signalbox-{name}" for name in ("tier", "min-tier", "pick", "prefer", "hint", "priority")]
OLD_FIELDS = ("x-routing-strategy", "x-prefer-provider", "x-cache", "x-budget-key")  # of a body, for an older gateway
TOLD = """litellm_call_id call_type status cache_hit startTime endTime completionStartTime model_group response_cost
prompt_tokens completion_tokens metadata usage_object prompt_tokens_details cached_tokens completion_tokens_details
reasoning_tokens spend_logs_metadata signalbox decision_id method model denied error_information error_class error_code
response choices finish_reason message tool_calls function name output type incomplete_details reason"""


class Mark(dict):  # what we know of a request, in LiteLLM's metadata; clients may imitate it, but JSON makes no Mark
    def headers(self) -> dict[str, str]:
        told = [key for key in ("decision_id", "model", "tier", "method", "score", "reason") if self[key] is not None]
        return {f"x-signalbox-{k.replace('_', '-')}": re.sub("[^ -~]", "?", str(self[k])[:256]).strip() for k in told}


def find_mark(data: object) -> tuple[Mark | None, dict]:  # of a request or LiteLLM's event, and the metadata around it
    buckets = (as_dict(as_dict(data).get(name)) for name in sorted(set(BUCKETS.values())))
    return next(((bucket[KEY], bucket) for bucket in buckets if isinstance(bucket.get(KEY), Mark)), (None, {}))


def pick(value: Any, names: Container[str] = frozenset(TOLD.split())) -> Any:  # for src/http/logging-payload.ts
    if isinstance(value, dict):
        return {name: pick(part) for name, part in value.items() if name in names}
    is_figure = isinstance(value, (bool, int, float))
    return [pick(part) for part in value[:64]] if isinstance(value, list) else value if is_figure else short(value)


class Signalbox(CustomLogger):  # asks before each call, applies the answer, tells clients and logs what came of it
    def __init__(self, env: Mapping[str, str] = os.environ):
        super().__init__()
        self.header_names, self.missing, self.announcing = [*OVERRIDES, *OLD_FIELDS[:2]], None, None  # until one tells
        self.sidecar, self.catalog_revision, self.announced, self.announced_at = Sidecar(env), None, None, 0.0
        with contextlib.suppress(RuntimeError):  # LiteLLM loads callbacks in its event loop, other programs may not
            self._announce()

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: dict, call_type: str) -> None:
        wishes, denial = {name: data.pop(name) for name in OLD_FIELDS if name in data}, None  # no provider gets them
        data |= {"cache": {**as_dict(data.get("cache")), "no-cache": True}} if wishes.get("x-cache") is False else {}
        if call_type not in BUCKETS:
            return
        try:
            for metadata in (as_dict(data.get(name)) for name in set(BUCKETS.values())):
                metadata.pop(KEY, None)  # what the client sent under our name
                if KEY in (logged := as_dict(metadata.get("spend_logs_metadata"))):  # a copy: LiteLLM may hold this
                    metadata["spend_logs_metadata"] = {name: value for name, value in logged.items() if name != KEY}
            if self.announced != (len(models := litellm_proxy().llm_router.model_list), models[-1:]):
                self._announce()
            reply = await self.sidecar.ask(lambda: self._question(data, call_type, user_api_key_dict, wishes))
            denial = await self._apply(reply, data, call_type, user_api_key_dict) if reply else None
        except Exception as error:
            log.warning("a request goes on as it came: %s", type(error).__name__)
        if denial is not None:
            raise denial

    async def async_post_call_response_headers_hook(self, data: dict, **_: Any) -> dict[str, str] | None:
        return mark.headers() if (mark := find_mark(data)[0]) is not None else None

    async def async_logging_hook(self, kwargs: dict, result: Any, call_type: str) -> tuple[dict, Any]:
        mark, _ = find_mark(kwargs.get("litellm_params"))  # for tags of the spend log alone: others act on routing
        if mark is not None and isinstance(told := kwargs.get("standard_logging_object"), dict):
            tags = [f"signalbox-{key.removesuffix('_id')}:{mark[key]}" for key in ("tier", "decision_id") if mark[key]]
            told["request_tags"] = list(dict.fromkeys((*as_list(told.get("request_tags")), *tags)))
        return kwargs, result

    async def async_log_success_event(self, kwargs: dict, response_obj: Any, start_time: Any, end_time: Any) -> None:
        await self.async_logging_hook(kwargs, response_obj, "")  # LiteLLM does so for a success only
        mark, metadata = find_mark(kwargs.get("litellm_params"))
        if mark and mark["decision_id"] and kwargs.get("call_type") in BUCKETS:  # a classifier's call copies the mark
            told = {name: metadata.get(name) for name in ("attempted_fallbacks", "attempted_retries")}
            told |= {"stream": kwargs.get("stream") is True, "asked": bool(kwargs.get("api_call_start_time"))}
            told["error_cause"] = type(getattr(kwargs.get("exception"), "__context__", None)).__name__
            self.sidecar.report(told | pick(as_dict(kwargs.get("standard_logging_object"))))

    async_log_failure_event = async_log_success_event

    def _question(self, data: dict, call_type: str, user: Any, wishes: dict) -> dict[str, Any]:
        talk, model, metadata = Conversation(data, call_type), data.get("model"), as_dict(data.get(BUCKETS[call_type]))
        sent = as_dict(as_dict(data.get("proxy_server_request")).get("headers")) | wishes
        headers = {name: str(sent[name])[:1_024] for name in self.header_names if name in sent}
        caller = {name: short(getattr(user, name)) for name in ("key_alias", "team_id", "user_id", "end_user_id")}
        caller["key_hash"] = user.token if re.fullmatch("[0-9a-f]{64}", user.token or "") else None
        caller["budget_used_ratio"] = (user.spend or 0.0) / user.max_budget if user.max_budget else None
        known = isinstance(model, str) and litellm_proxy().llm_router.is_recognized_model(model)
        tags = [tag[:256] for tag in as_list(metadata.get("tags"))[:64] if isinstance(tag, str)]
        question = {"api_version": 1, "call_type": call_type, "session_id": short(data.get("litellm_session_id"))}
        question |= {"litellm_call_id": short(data.get("litellm_call_id")), "headers": headers, "caller": caller}
        question |= {"known": known, "tags": tags, "catalog_revision": self.catalog_revision, "body": talk.extract()}
        return question | {"facts": talk.facts() | (previous_of(i) if (i := data.get("previous_response_id")) else {})}

    async def _apply(self, reply: dict, data: dict, call_type: str, user: Any) -> Exception | None:  # one is raised
        names = (name.lower() for name in as_list(reply["header_names"])[:64] if isinstance(name, str))
        self.header_names = [name for name in names if not re.search("auth|cookie|key|token|secret|passw", name)]
        if reply["needs_catalog"] and time.monotonic() - self.announced_at > REPORT_SECONDS:
            self._announce()
        requested, asked = data.get("model"), {key: data[key] for key in TOKEN_LIMITS if isinstance(data.get(key), int)}
        candidates = [model for model in dict.fromkeys(reply["candidates"]) if model == requested or knows(model)]
        if reply["mode"] == "off" or (reply["rewrite"] and not candidates):
            return None  # nothing was decided, or nothing that LiteLLM could serve: no mark may claim it
        model, denied = await self._choose({**reply, "candidates": candidates}, data, user)
        rest = candidates[len(denied) + 1 :][:MAX_FALLBACKS] if reply["pass_fallbacks"] and model != requested else []
        if guards := [] if model in (None, requested) else await guards_of(model, data, user):
            data["metadata"] = {**as_dict(data.get("metadata")), "guardrails": guards}  # none else run for a fallback
        rest = [name for name in rest if not [g for g in await guards_of(name, data, user) if g not in guards]]
        names = [model, *[name for name in rest if await self._may_serve(name, data, reply, user)]]
        is_other = model not in candidates and reply["rewrite"] and reply["mode"] == "enforce"  # than may be called
        mark = Mark({name: reply[name] for name in ("decision_id", "tier", "method", "score", "reason")})
        mark.update({"tier": None} if is_other else {}, model=model, requested_model=requested, denied=denied)
        metadata = data.setdefault(BUCKETS[call_type], {})
        logged = {KEY: {name: mark[name] for name in mark if name not in ("score", "reason")}}
        metadata |= {KEY: mark, "spend_logs_metadata": {**as_dict(metadata.get("spend_logs_metadata")), **logged}}
        if model is None:
            wanted, own = ", ".join(denied[:8]), f" It may call: {', '.join(user.models[:8])}." if user.models else ""
            message = f"Signalbox: this key may call none of the models that serve {requested} here: {wanted}.{own}"
            return litellm_proxy().ProxyException(message, "key_model_access_denied", "model", 403, mark.headers())
        if model != requested:
            most = {name: n for name, n in as_dict(reply["max_output_tokens"]).items() if isinstance(n, int) and n > 0}
            hops = [{"model": name} | {key: min(n, most.get(name, n)) for key, n in asked.items()} for name in names]
            budget = as_dict(data.get("thinking")).get("budget_tokens")
            for hop in hops if isinstance(budget, int) and budget < min(asked.values(), default=0) else ():
                fit = min(budget, *(hop[key] - 1 for key in asked))  # said of each hop: LiteLLM keeps an earlier one's
                hop["thinking"] = data["thinking"] | {"budget_tokens": fit} if fit >= min(budget, MIN_BUDGET) else None
            data |= hops[0] | ({"fallbacks": data.get("fallbacks", (hops if asked else names)[1:])} if hops[1:] else {})
        return None

    async def _choose(self, reply: dict, data: dict, user: Any) -> tuple[Any, list[str]]:  # None: none may serve
        requested, is_strict = data.get("model"), reply["access"] != "virtual_name"
        self.missing = await self_test() if is_strict and self.missing is None else self.missing
        if (is_strict and (self.missing or user.agent_id)) or not reply["rewrite"] or reply["mode"] != "enforce":
            return requested, []  # agents have limits of their own: none to ask about
        for i, model in enumerate(reply["candidates"]):
            if model == requested or await self._may_serve(model, data, reply, user):
                return model, reply["candidates"][:i]
        return (None if reply["virtual"] else requested), reply["candidates"]

    async def _may_serve(self, model: str, data: dict, reply: dict, user: Any) -> bool:
        is_allowed = reply["access"] == "virtual_name" or await may_call(model, user)
        return is_allowed and (bool(self.missing) or await can_pay(model, user, data))

    def _announce(self) -> None:  # in the background; RuntimeError outside of an event loop
        if self.announcing is None or self.announcing.done():
            self.announcing = asyncio.get_running_loop().create_task(self._send_catalog())

    async def _send_catalog(self, catalog: Any = None, pause: float = FIRST_RETRY_SECONDS, refused: int = 0) -> None:
        while True:
            with contextlib.suppress(Exception):  # LiteLLM or the sidecar is not there yet
                stamp = len(models := litellm_proxy().llm_router.model_list), models[-1:]  # what it replaces comes last
                if catalog is None or stamp != self.announced:
                    missing = await self_test()
                    for lack in missing if missing != self.missing else ():
                        log.error("this LiteLLM is not as expected, so no model is rewritten: %s", lack)
                    catalog = await asyncio.to_thread(read_catalog, litellm_proxy().llm_router)
                    catalog["self_test"] = {"ok": not missing, "missing": missing}
                    self.announced, self.missing = stamp, missing
                put = self.sidecar.send("PUT", "/v1/catalog", dump(catalog))
                status, _ = await asyncio.wait_for(put, self.sidecar.longest_ms / 1_000)
                if status < 300:
                    self.catalog_revision, self.announced_at = catalog["revision"], time.monotonic()
                    if not self.missing:
                        return
                    catalog = None  # tests again: a database may have been away
                elif refused != (refused := status):  # once, not once a try
                    log.warning("the sidecar refuses the catalogue of models: status %d", status)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY_SECONDS)


handler = Signalbox()
