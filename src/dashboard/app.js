/** @import {Status} from "../http/status.ts" */
/** @import {Child} from "./dom.js" */
import { ApiError, call, hasSecret, keepSecret } from "./api.js";
import { decisionPage } from "./decision.js";
import { decisionsPage } from "./decisions.js";
import { el } from "./dom.js";
import { modelsPage } from "./models.js";
import { overviewPage } from "./overview.js";
import { tryPage } from "./try.js";

/** How often the overview is read again, in milliseconds. */
const REFRESH_MS = 15_000;
/** How long an answer is waited for before the page says so, in milliseconds: most come sooner. */
const PATIENCE_MS = 200;
const UNAUTHORIZED = 401;

/** Pages by the word that their address begins with; each gets the rest of the address. */
const PAGES = new Map(
  /** @type {[string, (rest: string, query: URLSearchParams) => Promise<readonly Child[]>][]} */ ([
    ["overview", () => overviewPage()],
    ["decisions", (_rest, query) => decisionsPage(query)],
    ["decision", (id) => decisionPage(id)],
    ["try", () => tryPage()],
    ["models", () => modelsPage()],
  ]),
);

const page = /** @type {HTMLElement} */ (document.getElementById("page"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));

/** Counts what was asked for, so that a late answer does not replace a newer page. */
let newest = 0;
/** What of it is on the page. */
let shown = 0;
/** Key of the place whose answer is on the page; null while none is. */
let answered = /** @type {string | null} */ (null);

addEventListener("hashchange", () => show());
setInterval(() => {
  // An answer that takes longer than this is waited for, or none would ever be the newest.
  const isIdle = shown === newest && !isInUse();
  if (placeOf().name === "overview" && document.visibilityState === "visible" && isIdle)
    show({ isRefresh: true });
}, REFRESH_MS);
show();

async function show({ isRefresh = false } = {}) {
  newest += 1;
  const asked = newest;
  const place = placeOf();
  mark(place.name);
  if (!isRefresh) sayThatItLoads(asked, place);
  const { content, of } = await answerTo(place);
  if (asked !== newest) return;
  shown = asked;
  page.ariaBusy = "false";
  if (isRefresh && isInUse()) return;
  put(content);
  answered = of;
  showState();
}

/** What is on the page stays there while the same place is asked again. @param {number} asked @param {Place} place */
function sayThatItLoads(asked, { key }) {
  page.ariaBusy = "true";
  setTimeout(() => {
    if (asked !== newest || asked === shown || key === answered) return;
    put([el("p", { className: "none" }, ["Loading"])]);
    answered = null;
  }, PATIENCE_MS);
}

/** @param {readonly Child[]} content */
function put(content) {
  const hadFocus = isInUse();
  page.replaceChildren(
    ...content
      .filter((child) => child !== null)
      .map((child) => (child instanceof Node ? child : String(child))),
  );
  if (hadFocus) goToTop();
}

/** What had the focus is gone: whoever goes by keyboard would begin at the head again, and others amid the new page. */
function goToTop() {
  page.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** A page that is being written in is not taken away. */
function isInUse() {
  return page.contains(document.activeElement) && document.activeElement !== page;
}

/** @typedef {ReturnType<typeof placeOf>} Place */

/** The address behind the #: `decisions?tier=simple`, `decision/<id>`. */
function placeOf() {
  const [path = "", query = ""] = location.hash.slice(1).split("?");
  const [first = "", ...others] = path.split("/");
  const name = PAGES.has(first) ? first : "overview";
  const rest = others.join("/");
  // The same for the same page, whatever it is filtered by.
  const key = `${name}/${rest}`;
  return { name, rest, key, query: new URLSearchParams(query) };
}

/**
 * @param {Place} place
 * @returns {Promise<{ content: readonly Child[], of: string | null }>}
 */
async function answerTo({ name, rest, query, key }) {
  try {
    return { content: (await PAGES.get(name)?.(rest, query)) ?? [], of: key };
  } catch (error) {
    return { content: [complaint(error)], of: null };
  }
}

/** @param {unknown} error */
function complaint(error) {
  if (error instanceof ApiError && error.status === UNAUTHORIZED) return signIn();
  const message = error instanceof Error ? error.message : String(error);
  return el("p", { className: "alarms", role: "alert" }, [message]);
}

function signIn() {
  const secret = el("input", {
    type: "password",
    required: true,
    autocomplete: "current-password",
    pattern: "[!-~]+",
  });
  return el(
    "form",
    {
      className: "ask",
      onsubmit: (event) => {
        event.preventDefault();
        keepSecret(secret.value);
        show();
      },
    },
    [
      el("label", {}, ["Secret of the admin (SIGNALBOX_ADMIN_SECRET) ", secret]),
      el("button", {}, ["Sign in"]),
      hasSecret() ? el("p", { className: "failure", role: "alert" }, ["That was not the secret."]) : null,
      el("p", { className: "dim" }, ["It is kept in this tab until it is closed."]),
    ],
  );
}

async function showState() {
  /** @type {Status | null} */
  const status = await call("v1/status").catch(() => null);
  const words =
    status === null
      ? ""
      : `${status.policy.mode} · policy ${status.policy.revision} · ${status.classifier.configured}`;
  // What is set is read out, the same words too.
  if (state.textContent !== words) state.textContent = words;
}

/** @param {string} name */
function mark(name) {
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("href") === `#${name === "decision" ? "decisions" : name}`)
      link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
