import { loggingPayload } from "./logging-payload.ts";

/** Beginning of all canaries; nothing else in a log has it. */
export const CANARY_PREFIX = "canary-7f3a-";

/** Makes words that are found again wherever they go: each new, and none that could be a name of ours. */
export function createCanaries() {
  let planted = 0;
  return {
    next: () => {
      planted += 1;
      return `${CANARY_PREFIX}${planted}`;
    },
    planted: () => planted,
  };
}

type Next = () => string;

/** A request that plants canaries; its body is sent as it is. */
export interface PlantedRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Requests with a canary in every place that a client can fill, and in those where nothing belongs. */
export function plantEverywhere(next: Next): PlantedRequest[] {
  const envelopes = [
    ...[chat(next), anthropic(next), responses(next), textCompletion(next), asked(next), envelope(next)],
    ...[unknownFields(next), ...wrongTypes(next), ...refused(next)],
  ];
  return [
    ...envelopes.map((json) => route(JSON.stringify(json))),
    ...malformed(next).map(route),
    ...overHttp(next),
  ];
}

const route = (body: string): PlantedRequest => ({ path: "/v1/route", body });

function chat(next: Next) {
  const tool = {
    name: next(),
    description: next(),
    parameters: { type: "object", properties: { [next()]: {} } },
  };
  const call = { id: next(), type: "function", function: { name: next(), arguments: `{"q": "${next()}"}` } };
  const image = { type: "image_url", image_url: { url: `https://x.example/${next()}.png` } };
  return {
    body: {
      model: next(),
      user: next(),
      metadata: { [next()]: next() },
      stop: [next()],
      [next()]: next(),
      response_format: { type: "json_schema", json_schema: { name: next(), schema: { title: next() } } },
      tools: [{ type: "function", function: tool }],
      tool_choice: { type: "function", function: { name: next() } },
      messages: [
        { role: "system", content: `Refactor ${next()} as the security audit says.` },
        { role: "user", name: next(), content: [{ type: "text", text: `first ${next()}` }, image] },
        { role: "assistant", content: next(), tool_calls: [call] },
        { role: "tool", tool_call_id: next(), content: `Traceback ${next()}` },
        { role: next(), content: next() },
        { role: "user", content: `Why is ${next()} so?\n\`\`\`\n${next()}\n\`\`\`` },
      ],
    },
  };
}

function anthropic(next: Next) {
  const thinking = { type: "thinking", thinking: next(), signature: next() };
  const use = { type: "tool_use", id: next(), name: next(), input: { [next()]: next() } };
  return {
    call_type: "anthropic_messages",
    body: {
      model: "auto",
      max_tokens: 100,
      metadata: { user_id: next() },
      system: [{ type: "text", text: next(), cache_control: { type: next() } }],
      tools: [{ name: next(), description: next(), input_schema: { title: next() } }],
      messages: [
        { role: "user", content: [{ type: "text", text: next() }] },
        { role: "assistant", content: [thinking, { type: "text", text: next() }, use] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: next(), content: next() }] },
        {
          role: "user",
          content: [
            { type: next(), [next()]: next() },
            { type: "text", text: next() },
          ],
        },
      ],
    },
  };
}

function responses(next: Next) {
  return {
    call_type: "aresponses",
    body: {
      model: next(),
      instructions: next(),
      previous_response_id: next(),
      input: [
        { role: "developer", content: next() },
        { role: "user", content: [{ type: "input_text", text: next() }] },
        { type: "reasoning", encrypted_content: next(), summary: [{ type: "summary_text", text: next() }] },
        { type: "function_call", call_id: next(), name: next(), arguments: next() },
        { type: next(), content: next() },
      ],
      tools: [{ type: "function", name: next() }],
    },
  };
}

function textCompletion(next: Next) {
  return {
    call_type: "atext_completion",
    body: { model: next(), prompt: [next(), next()], suffix: next(), user: next() },
  };
}

/** A turn that is scored, with words of the lists that the classifier finds. */
function asked(next: Next) {
  const content = `Design a fault-tolerant distributed system, prove it, refactor the security audit: ${next()}`;
  return { body: { model: "auto", messages: [{ role: "user", content }] }, session_id: next() };
}

function envelope(next: Next) {
  const call = { call_type: next(), litellm_call_id: next(), session_id: next(), catalog_revision: next() };
  return {
    ...call,
    tags: [next(), next(), { [next()]: next() }],
    headers: { [next()]: next(), "x-signalbox-tier": next() },
    caller: { key_alias: next(), end_user_id: next() },
    facts: {
      chars: 5,
      tool_names: [next()],
      tool_text: next(),
      signed_thinking_by: next(),
      previous_response_by: next(),
      previous_response_model: next(),
      conversation_hash: next(),
    },
    body: { model: next(), messages: [{ role: "user", content: next() }] },
  };
}

function unknownFields(next: Next) {
  return {
    [next()]: next(),
    caller: { [next()]: next() },
    facts: { [next()]: next() },
    body: { model: "small", [next()]: { [next()]: [next()] }, messages: [{ [next()]: next() }] },
  };
}

function wrongTypes(next: Next) {
  const user = (content: unknown) => ({ body: { model: "auto", messages: [{ role: "user", content }] } });
  return [
    { body: { model: { [next()]: next() }, messages: next(), tools: next(), max_tokens: next() } },
    {
      body: {
        model: [next()],
        messages: [next(), [next()], { role: [next()], content: { [next()]: next() } }],
      },
    },
    { ...user(next()), facts: next(), caller: next(), tags: next(), headers: [next()], known: next() },
    {
      ...user({ text: next() }),
      facts: { chars: next(), tool_names: next() },
      caller: { key_hash: [next()] },
    },
    user([{ type: "text", text: { [next()]: next() } }, next(), { type: "image_url", image_url: next() }]),
  ];
}

function refused(next: Next) {
  return [
    { api_version: 99, body: { model: next() } },
    { api_version: next(), body: next() },
    { body: [next()] },
    next(),
    [next()],
  ];
}

function malformed(next: Next): string[] {
  return [`{"body": {"model": "${next()}"`, `${next()}`, `{"body": {"model": "\\u${next()}"}}`, `"${next()}`];
}

/** In paths, queries, headers, and in the other endpoints that take something in. */
function overHttp(next: Next): PlantedRequest[] {
  const hello = '{"body": {"model": "auto", "messages": [{"role": "user", "content": "hello"}]}}';
  const headers = {
    "user-agent": next(),
    authorization: `Bearer ${next()}`,
    cookie: `session=${next()}`,
    referer: `https://x.example/${next()}`,
    "x-request-id": next(),
    [`x-${next()}`]: next(),
  };
  return [
    { path: "/v1/route", headers, body: hello },
    { path: `/v1/route?${next()}=${next()}`, body: hello },
    { path: `/${next()}/${next()}`, body: hello },
    { path: "/v1/route", headers: { "content-type": `text/${next()}` }, body: next() },
    { path: "/v1/route", method: "PUT", body: JSON.stringify({ body: next() }) },
    { path: "/v1/simulate", body: JSON.stringify(chat(next)) },
    {
      path: "/v1/outcomes",
      body: JSON.stringify({ outcomes: [{ [next()]: next() }, next()], lost: next() }),
    },
    { path: "/v1/feedback", body: JSON.stringify({ decision_id: next(), rating: next(), comment: next() }) },
    { path: `/v1/decisions/${next()}`, method: "GET", body: "" },
    { path: `/v1/decisions?tier=${next()}&${next()}=1`, method: "GET", body: "" },
  ];
}

/** What is reported of a decision that was made: two outcomes, of which one is kept, and feedback. */
export function plantAbout(decisionId: string, next: Next): PlantedRequest[] {
  const feedback = { decision_id: decisionId, rating: "down", comment: next() };
  return [
    { path: "/v1/outcomes", body: JSON.stringify({ outcomes: [failure(decisionId, next)] }) },
    { path: "/v1/outcomes", body: JSON.stringify([success(decisionId, next)]) },
    { path: "/v1/feedback", body: JSON.stringify(feedback) },
    { path: "/v1/feedback", body: JSON.stringify({ ...feedback, expected_tier: next() }) },
  ];
}

function success(decisionId: string, next: Next) {
  const call = { id: next(), function: { name: next(), arguments: `{"q": "${next()}"}` } };
  const message = { content: next(), reasoning_content: next(), tool_calls: [call] };
  return payload(decisionId, next, {
    response: { id: next(), choices: [{ finish_reason: next(), message }] },
    model_parameters: { user: next(), tools: [{ function: { name: next() } }] },
  });
}

function failure(decisionId: string, next: Next) {
  return payload(decisionId, next, {
    status: "failure",
    error_str: next(),
    response: next(),
    // A class of the program's own has no blank; a client's word may.
    error_information: { error_class: `Error: ${next()}`, error_message: next(), traceback: next() },
  });
}

function payload(decisionId: string, next: Next, more: Readonly<Record<string, unknown>>) {
  const mark = {
    decision_id: decisionId,
    method: "auto",
    model: next(),
    denied: [next()],
    requested_model: next(),
  };
  return loggingPayload({
    litellm_call_id: next(),
    model_group: next(),
    model: next(),
    messages: [{ role: "user", content: next() }],
    request_tags: [next()],
    end_user: next(),
    [next()]: next(),
    metadata: {
      requester_metadata: { [next()]: next() },
      spend_logs_metadata: { signalbox: mark, [next()]: next() },
    },
    ...more,
  });
}
