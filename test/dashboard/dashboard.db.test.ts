import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLogReader, type LogReader } from "../../src/log/log-reader.ts";
import { insertDecision, insertFeedback, insertOutcome } from "../log/queries/log-rows.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { createTestApp } from "../support/sidecar-app.ts";

/** The Chromium of the machine, which `npm test` finds or installs. */
const executablePath = process.env.SIGNALBOX_TEST_BROWSER;
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];

const SECRET = "the secret of the admin".replaceAll(" ", "-");
const HOSTILE = `<img src=x onerror="document.title='taken'"><b>bold</b>`;
const HOUR_MS = 3_600_000;

let database: TestDatabase;
let reader: LogReader;
let server: Server;
let url: string;
let browser: Browser;
let page: Page;
/** What the browser's console said, refusals by the content security policy among it. */
let said: string[];
let failedId: string;

describe.skipIf(executablePath === undefined)("the dashboard in a browser", () => {
  beforeAll(async () => {
    database = await cloneDatabase();
    reader = createLogReader(database.url);
    await fillLog();
    const secrets = { callback: [`not-${SECRET}`], feedback: [], admin: [SECRET] };
    server = createServer(createTestApp({ logReader: reader, secrets }).app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: ARGS });
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await reader?.close(0);
    await database?.drop();
  });
  beforeEach(async () => {
    said = [];
    page = await browser.newPage();
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
  });
  afterEach(() => page.close());

  async function fillLog(): Promise<void> {
    const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);
    await insertOutcome(
      database,
      await insertDecision(database, ago(0.001), { user_text: "How high is it?" }),
    );
    failedId = await insertDecision(database, ago(0.002), {
      ...{ tier: "complex", score: 80, resolved_model: "large", original_model: HOSTILE, user_text: HOSTILE },
      reason: `because of ${HOSTILE}`,
      candidates: [
        { model: "large", tier: "complex", eligible: false, refusal: HOSTILE, estimated_cost_usd: 0.02 },
      ],
      trace: [
        { step: "resolve", requested: HOSTILE, as: "auto", because: HOSTILE, via: [] },
        { step: "classify", score: 80, signals: [{ name: "length", contribution: -3.5, found: HOSTILE }] },
      ],
    });
    await insertOutcome(database, failedId, { status: "failure", error_class: "Timeout", cost_usd: null });
    await insertFeedback(database, failedId, { rating: "down", comment: HOSTILE });
  }

  async function open(hash: string): Promise<void> {
    await page.goto(`${url}/dashboard${hash}`);
    await page.fill("input[type=password]", SECRET);
    await page.click("text=Sign in");
    await page.waitForSelector("#page :is(table, form.ask textarea)");
  }

  const widthOf = async (selector: string) =>
    (await page.locator(selector).first().boundingBox())?.width ?? 0;
  const textOf = (selector: string) => page.locator(selector).allInnerTexts();

  it("asks for the secret until it is the right one, and keeps it for the tab", async () => {
    await page.goto(`${url}/dashboard`);
    await page.fill("input[type=password]", "another");
    const refused = page.waitForResponse((response) => response.status() === 401);
    await page.click("text=Sign in");
    await refused;
    await page.waitForSelector("[role=alert]:text-is('That was not the secret.')");
    await page.fill("input[type=password]", SECRET);
    await page.click("text=Sign in");
    await page.waitForSelector(".tiles");
    await page.reload();
    await page.waitForSelector(".tiles");
    expect(await page.locator("input[type=password]").count()).toBe(0);
  });

  it("shows what came in, where it went and what that cost", async () => {
    await open("#overview");
    await page.waitForSelector(".plot canvas");
    const tiles = await textOf(".tile");
    expect(tiles[0]).toMatch(/^Requests\s+2\s+2 with an outcome$/);
    expect(tiles.at(4)).toMatch(/^Failures\s+50 %\s+1 failed, 0 cancelled$/);
    expect(await page.locator("figure canvas").count()).toBe(3);
    await page.hover("figure .u-over", { position: { x: (await widthOf("figure .u-over")) - 20, y: 20 } });
    await expect
      .poll(() => textOf("figure .u-legend"))
      .toEqual(expect.arrayContaining([expect.stringMatching(/requests\s*2/)]));
    expect(await textOf("section:has(h2:text-is('By tier')) tbody td:first-child")).toEqual([
      "complex",
      "simple",
    ]);
    expect((await textOf("#state")).join()).toContain("enforce");
    expect(said).toEqual(expect.not.arrayContaining([expect.stringContaining("Content Security Policy")]));
  });

  it("has the figures of each chart as a table, which the keyboard opens and which stays open", async () => {
    await page.clock.install();
    await open("#overview");
    const chart = page.getByRole("figure", { name: "Requests a day" });
    expect(await chart.getByRole("table").count()).toBe(0);
    await chart.locator("summary").focus();
    await page.keyboard.press("Enter");
    const today = new Date().toISOString().slice(0, 10);
    const cells = chart.getByRole("row", { name: today }).getByRole("cell");
    expect(await cells.allInnerTexts()).toEqual(["2", "1"]);
    expect(await chart.getByRole("columnheader").allInnerTexts()).toEqual([
      "Day (UTC)",
      "requests",
      "failed",
    ]);
    expect(await chart.getByRole("rowheader").count()).toBe(7);
    await page.focus("nav a");
    const again = page.waitForResponse("**/v1/stats*");
    await page.evaluate("document.querySelector('figure').id = 'gone'");
    await page.clock.runFor(16_000);
    await again;
    await page.waitForSelector("#gone", { state: "detached" });
    expect(await cells.allInnerTexts()).toEqual(["2", "1"]);
  });

  it("lists decisions, filters them, and shows one with all that is known of it", async () => {
    await open("#decisions");
    expect(await page.locator("tbody tr").count()).toBe(2);
    await page.selectOption("select[name=status]", "failure");
    await page.click("text=Show");
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    expect(page.url()).toContain("#decisions?status=failure");
    await page.click("tbody a");
    await page.waitForSelector(".steps");
    expect(page.url()).toContain(`#decision/${failedId}`);
    const text = (await textOf("main")).join();
    for (const told of ["Timeout", "complex", "-3.5", "classify", "down"]) expect(text).toContain(told);
  });

  it("shows what clients wrote as text, and runs none of it", async () => {
    await open(`#decision/${failedId}`);
    await page.waitForSelector(".steps");
    expect((await textOf("pre"))[0]).toBe(HOSTILE);
    expect(await page.locator("main img, main b").count()).toBe(0);
    expect(await page.title()).toBe("Signalbox");
  });

  it("decides a prompt, and says what would have led elsewhere", async () => {
    await open("#try");
    await page.fill("textarea[name=prompt]", "hello");
    await page.click("button");
    await page.waitForSelector(".scale");
    expect(await textOf("main h2")).toEqual(expect.arrayContaining(["auto → small"]));
    expect(await textOf(".part.here")).toEqual(["simple 0-65"]);
    expect(await page.inputValue("input[name=model]")).toBe("auto");
    expect((await textOf("section:has(h2:text-is('What would have led elsewhere')) td")).join()).toContain(
      "large",
    );
  });

  it("lets go of the charts of a page that is gone", async () => {
    // Each uPlot listens for this until it is destroyed, and is kept by uPlot as long.
    await page.addInitScript(`window.plots = 0;
      for (const [name, by] of [["addEventListener", 1], ["removeEventListener", -1]]) {
        const own = window[name];
        window[name] = function (type, ...rest) {
          if (type === "dppxchange") window.plots += by;
          return own.call(this, type, ...rest);
        };
      }`);
    await open("#overview");
    await page.waitForSelector(".plot canvas");
    const atFirst = await page.evaluate("plots");
    for (let times = 0; times < 3; times += 1) {
      await page.evaluate("document.querySelector('figure').id = 'gone'");
      await page.evaluate("dispatchEvent(new Event('hashchange'))");
      await page.waitForSelector("#gone", { state: "detached" });
      await expect.poll(() => page.locator("figure canvas").count()).toBe(3);
    }
    await expect.poll(() => page.evaluate("plots")).toBe(atFirst);
  });

  it("waits for an answer that takes longer than the overview is left alone", async () => {
    // Standing still: with time of its own the page would give its question up, which it does after 20 s.
    const now = Date.now();
    await page.clock.install({ time: now });
    await page.clock.pauseAt(now + 1_000);
    await page.addInitScript(`sessionStorage.setItem("signalbox-admin-secret", "${SECRET}")`);
    const held: (() => Promise<void>)[] = [];
    await page.route("**/v1/stats*", (route) => void held.push(() => route.continue()));
    await page.goto(`${url}/dashboard`);
    await expect.poll(() => held.length).toBe(1);
    await page.clock.runFor(18_000);
    expect(held).toHaveLength(1);
    await held[0]?.();
    await page.waitForSelector(".tiles");
    await page.clock.runFor(16_000);
    await expect.poll(() => held.length).toBe(2);
  });

  it.each([1280, 420])(
    "says that a page loads, and moves nothing once it is there: %i pixels",
    async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await page.addInitScript(`sessionStorage.setItem("signalbox-admin-secret", "${SECRET}");
      window.moved = [];
      new PerformanceObserver((list) => {
        for (const { sources } of list.getEntries())
          moved.push(...sources.map(({ node }) => node).filter((node) => node?.closest?.("nav, .plot") === null)
            .map(({ nodeName }) => nodeName));
      }).observe({ type: "layout-shift", buffered: true });`);
      const held: (() => Promise<void>)[] = [];
      await page.route("**/v1/stats*", (route) => void held.push(() => route.continue()));
      await page.goto(`${url}/dashboard`);
      await page.waitForSelector("#page[aria-busy=true] > p:text-is('Loading')");
      await expect.poll(() => held.length).toBe(1);
      await held[0]?.();
      await page.waitForSelector("#page[aria-busy=false] canvas");
      await page.waitForSelector("#state:text('enforce')");
      for (const chart of await page.locator("figure .u-over").all())
        await chart.hover({ position: { x: (await widthOf("figure .u-over")) - 20, y: 20 } });
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))");
      expect(await page.evaluate("moved")).toEqual([]);
    },
  );

  it("shows the page before until the next is there, but not for long, and takes the keyboard along", async () => {
    await open("#decisions");
    const held: (() => Promise<void>)[] = [];
    await page.route("**/v1/decisions*", (route) => void held.push(() => route.continue()));
    await page.selectOption("select[name=status]", "failure");
    await page.click("text=Show");
    await page.waitForSelector("#page[aria-busy=true] table");
    await page.evaluate("new Promise((done) => setTimeout(done, 400))");
    expect(await page.locator("tbody tr").count()).toBe(2);
    await expect.poll(() => held.length).toBe(1);
    await held[0]?.();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    await page.route("**/v1/decisions/*", (route) => void held.push(() => route.continue()));
    await page.focus("tbody a");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#page[aria-busy=true] > p:text-is('Loading')");
    expect(await page.evaluate("document.activeElement.id")).toBe("page");
    await expect.poll(() => held.length).toBe(2);
    await held[1]?.();
    await page.waitForSelector("#page[aria-busy=false] .steps");
  });

  it("leaves the keyboard in the page, at its top, where what had the focus is gone", async () => {
    await open("#overview");
    await page.selectOption("#range", "30");
    await page.focus("#range");
    await page.evaluate("dispatchEvent(new Event('hashchange'))");
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("page");
    expect(await page.inputValue("#range")).toBe("30");
  });

  it("lets fewer days be asked for where there is no answer for so many", async () => {
    const body = JSON.stringify({ error: { type: "unavailable", message: "Cannot read the log: too many" } });
    await page.route(/v1\/stats/, async (route) => {
      const days = Date.now() - Date.parse(new URL(route.request().url()).searchParams.get("since") ?? "");
      if (days > 30 * 24 * HOUR_MS) await route.fulfill({ status: 503, body });
      else await route.continue();
    });
    await open("#overview");
    await page.selectOption("#range", "90");
    await page.waitForSelector(".alarms >> text=too many");
    await page.selectOption("#range", "7");
    await page.waitForSelector(".tiles");
    expect(await page.locator(".alarms").count()).toBe(0);
  });

  it("shows the alarms of the status", async () => {
    await page.route("**/v1/status", async (route) => {
      const response = await route.fetch();
      const alarms = [`the disk is full ${HOSTILE}`, "Restart LiteLLM"];
      await route.fulfill({ response, json: { ...(await response.json()), alarms } });
    });
    await open("#overview");
    expect(await page.locator(".alarms li").allTextContents()).toEqual([
      `the disk is full ${HOSTILE}`,
      "Restart LiteLLM",
    ]);
  });

  it("says once that the database is away", async () => {
    await open("#decisions");
    const body = JSON.stringify({ error: { type: "unavailable", message: "Cannot read the log" } });
    await page.route(/v1\/stats/, (route) => route.fulfill({ status: 503, body }));
    await page.route("**/v1/status", async (route) => {
      const response = await route.fetch();
      const { log, ...status } = await response.json();
      const alarms = ["the database takes no rows"];
      await route.fulfill({ response, json: { ...status, alarms, log: { ...log, last_error: "away" } } });
    });
    await page.goto(`${url}/dashboard#overview`);
    await page.waitForSelector(".alarms");
    expect(await page.locator(".alarms li").allTextContents()).toEqual(["the database takes no rows"]);
  });

  it("reads the log again where the same filters are asked for again", async () => {
    await open("#decisions?status=failure");
    const again = page.waitForRequest("**/v1/decisions?status=failure");
    await page.click("text=Show");
    await again;
  });

  it("takes the day of a filter for one of the time zone that its times are of, and names that", async () => {
    await page.close();
    page = await browser.newPage({ timezoneId: "Pacific/Kiritimati" });
    await open("#decisions");
    const asked = page.waitForRequest("**/v1/decisions?since=*");
    await page.fill("input[name=since]", "2026-01-31");
    await page.click("text=Show");
    const { searchParams } = new URL((await asked).url());
    expect(searchParams.get("since")).toBe("2026-01-30T10:00:00.000Z");
    expect(page.url()).toContain("#decisions?since=2026-01-31");
    await page.waitForSelector("form >> text=days and times of Pacific/Kiritimati");
    expect(await page.inputValue("input[name=since]")).toBe("2026-01-31");
    await page.click("tbody a");
    await page.waitForSelector("dd:text('Pacific/Kiritimati')");
    const instant = page.waitForRequest("**/v1/decisions?since=2026-01-31T12*");
    await page.evaluate("location.hash = '#decisions?since=2026-01-31T12:00:00Z'");
    await instant;
  });

  it("keeps the order of words around names that are written from right to left", async () => {
    await page.route(`**/v1/decisions/${failedId}`, async (route) => {
      const response = await route.fetch();
      const { decision, ...rest } = await response.json();
      await route.fulfill({
        response,
        json: {
          ...rest,
          decision: {
            ...{ ...decision, original_model: "נתב", resolved_model: "מודל" },
            trace: [{ step: "resolve", via: ["ראשון", "שני"] }],
          },
          feedback: [{ id: "1", rating: "down", expected_tier: "מורכב", comment: "הערה" }],
        },
      });
    });
    await open(`#decision/${failedId}`);
    await page.waitForSelector(".steps");
    expect(await page.locator("h2").first().innerText()).toBe("נתב → מודל");
    const lefts = `(words) => words.map((word) => {
      const nodes = document.createTreeWalker(document.querySelector("#page"), NodeFilter.SHOW_TEXT);
      while (!nodes.nextNode().data.includes(word));
      const range = new Range();
      range.setStart(nodes.currentNode, nodes.currentNode.data.indexOf(word));
      range.setEnd(nodes.currentNode, range.startOffset + word.length);
      return range.getBoundingClientRect().left;
    })`;
    for (const words of [
      ["נתב", "→", "מודל"],
      ["ראשון", "שני"],
      ["מורכב", "הערה"],
    ]) {
      const found = await page.evaluate<number[]>(`(${lefts})(${JSON.stringify(words)})`);
      expect(found, words.join()).toEqual(found.toSorted((one, other) => one - other));
    }
  });

  it("shows the decision of the newest prompt, though one before it takes longer", async () => {
    await open("#try");
    const held: (() => Promise<void>)[] = [];
    await page.route("**/v1/simulate", (route) => void held.push(() => route.continue()), { times: 1 });
    await page.fill("textarea[name=prompt]", "hello");
    const asked = page.waitForRequest("**/v1/simulate");
    await page.click("button");
    await asked;
    await page.fill("input[name=model]", "large");
    await page.click("button");
    await page.waitForSelector("main h2:has-text('large → large')");
    const late = page.waitForResponse("**/v1/simulate");
    await held[0]?.();
    await (await late).finished();
    await page.evaluate("new Promise((done) => setTimeout(done, 100))");
    expect((await textOf("main h2"))[0]).toBe("large → large");
  });

  it("says what the API said where it cannot answer", async () => {
    await page.goto(`${url}/dashboard#models`);
    await page.fill("input[type=password]", SECRET);
    await page.click("text=Sign in");
    await page.waitForSelector(".alarms");
    expect(await textOf(".alarms")).toEqual(["Cannot answer: the callback has sent no catalogue yet"]);
  });
});
