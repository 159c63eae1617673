/** Where the secret of the admin is kept: in this tab, until it is closed. */
const SECRET = "signalbox-admin-secret";
const TIMEOUT_MS = 20_000;

/** An answer of the API that is no success. */
export class ApiError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/** @param {string} secret */
export function keepSecret(secret) {
  sessionStorage.setItem(SECRET, secret);
}

/** Whether one was given; where the API asks for one all the same, it is another. */
export function hasSecret() {
  return sessionStorage.getItem(SECRET) !== null;
}

/**
 * GETs a path of the API, or POSTs a body to it.
 *
 * @template Reply
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<Reply>}
 * @throws {ApiError} where the API refuses, with what it said.
 */
export async function call(path, body) {
  const response = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers: headersOf(body),
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw new ApiError(response.status, answer?.error?.message ?? `Cannot answer: status ${response.status}`);
}

/** @param {unknown} body */
function headersOf(body) {
  const headers = new Headers();
  const secret = sessionStorage.getItem(SECRET);
  if (secret !== null) headers.set("authorization", `Bearer ${secret}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  return headers;
}

/**
 * A path with a query; what is empty is left out.
 *
 * @param {string} path
 * @param {Readonly<Record<string, string>>} query
 */
export function withQuery(path, query) {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  return given.size === 0 ? path : `${path}?${given}`;
}
