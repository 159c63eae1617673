import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { statusSchema } from "../../src/http/status.ts";
import { runCli } from "../support/run-cli.ts";
import { POLICY } from "../support/sidecar-app.ts";

const CLI = fileURLToPath(new URL("../../src/cli/signalbox.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "signalbox-serve-"));
const config = join(folder, "gateway.yaml");
writeFileSync(config, POLICY);
afterAll(() => rmSync(folder, { recursive: true }));

/** Nobody listens on port 1, so the log's database is away and rows wait for it. */
const env = {
  SIGNALBOX_CONFIG: config,
  SIGNALBOX_STATE_DIR: join(folder, "state"),
  SIGNALBOX_PORT: "0",
  SIGNALBOX_SECRET: "",
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing",
};

/** What a stop may take, in milliseconds. */
const STOP_MS = 5_000;
const TEST_MS = 60_000;

type Serve = ChildProcessByStdio<null, Readable, null>;

async function urlOf(serve: Serve): Promise<URL> {
  for await (const line of createInterface({ input: serve.stdout })) {
    const entry: { event?: string; url?: string } = JSON.parse(line);
    if (entry.event === "listening" && entry.url !== undefined) return new URL(entry.url);
  }
  throw new Error("Cannot test: found the end of the output, expected the event listening");
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, "127.0.0.1");
    probe.once("error", () => resolve(true)).once("connect", () => resolve(false));
    probe.once("connect", () => probe.destroy());
  });
}

describe("signalbox serve", () => {
  it("answers on SIGTERM what is in flight and ends within 5 s, also where a wrapper sends it again and while the database is away", {
    timeout: TEST_MS,
  }, async () => {
    const serve: Serve = spawn(process.execPath, [CLI, "serve"], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise<number | null>((resolve) => serve.once("close", resolve));
    const port = Number((await urlOf(serve)).port);
    const socket = connect(port, "127.0.0.1");
    const answer = new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
    const body = '{"body": {"model": "auto", "messages": [{"role": "user", "content": "hello"}]}}';
    const head = ["POST /v1/route HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
    socket.write(
      `${[...head, `Content-Length: ${body.length}`, "Expect: 100-continue"].join("\r\n")}\r\n\r\n`,
    );
    expect(await answer).toContain("100 Continue");
    const last = new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
    const stoppedMs = performance.now();
    serve.kill("SIGTERM");
    while (!(await isRefused(port)));
    serve.kill("SIGTERM");
    socket.write(body);
    expect(await last).toContain('"model":"small"');
    expect(await ended).toBe(0);
    expect(performance.now() - stoppedMs).toBeLessThan(STOP_MS);
  });

  it("reads gateway.yaml again on SIGHUP, and goes on", { timeout: TEST_MS }, async () => {
    const serve: Serve = spawn(process.execPath, [CLI, "serve"], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise<number | null>((resolve) => serve.once("close", resolve));
    const url = await urlOf(serve);
    const reloads = async () =>
      statusSchema.parse(await (await fetch(new URL("/v1/status", url))).json()).policy.reloads;
    // Nothing changed, so nobody else reads it.
    expect(await reloads()).toEqual({ applied: 0, unchanged: 0, refused: 0 });
    serve.kill("SIGHUP");
    await expect.poll(reloads, { timeout: STOP_MS }).toEqual({ applied: 1, unchanged: 0, refused: 0 });
    serve.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("exits with 1 where the port is taken, also with a log to close", { timeout: TEST_MS }, async () => {
    const other = createServer();
    const { port } = await new Promise<AddressInfo>((resolve, reject) => {
      other.once("error", reject).listen(0, "127.0.0.1", () => {
        const address = other.address();
        if (address !== null && typeof address === "object") resolve(address);
      });
    });
    const ran = await runCli(["serve"], { env: { ...env, SIGNALBOX_PORT: String(port) } });
    const { code, stdout, stderr } = ran;
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain("EADDRINUSE");
    // The database is not away: this process gave it up.
    expect(stdout).not.toContain("aborted");
  });

  it.each(["0.0.0.0", "::", "192.0.2.1"])(
    "refuses to listen on %s without a secret",
    { timeout: TEST_MS },
    async (host) => {
      const { code, stderr } = await runCli(["serve"], { env: { ...env, SIGNALBOX_HOST: host } });
      expect(code).toBe(1);
      expect(stderr).toContain(`found SIGNALBOX_HOST ${host} without SIGNALBOX_SECRET`);
    },
  );
});
