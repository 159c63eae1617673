import { readdirSync } from "node:fs";
import { join } from "node:path";
import request from "supertest";
import { describe, expect, it } from "vitest";
import { createTestApp } from "../support/sidecar-app.ts";

const FILES = readdirSync(join(import.meta.dirname, "../../src/dashboard"));
const SECRETS = { callback: ["c".repeat(32)], feedback: [], admin: ["a".repeat(32)] };

const { app } = createTestApp({ secrets: SECRETS, loopbackOnly: false });

describe("GET /dashboard", () => {
  it("is open to everybody, as it holds nothing, and may load and call nothing but its own", async () => {
    const { status, headers, text } = await request(app).get("/dashboard");
    expect(status).toBe(200);
    expect(text).toContain("<title>Signalbox</title>");
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.any(String),
      "x-response-time": expect.stringMatching(/^[\d.]+ms$/),
    });
    const policy = headers["content-security-policy"] ?? "";
    expect(policy.split("; ")).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy).not.toContain("unsafe");
  });

  it("has the files that it names, and those that they import", async () => {
    const { text } = await request(app).get("/dashboard");
    const named = [...text.matchAll(/(?:src|href)="dashboard\/([^"]+)"/g)].map(([, file]) => file ?? "");
    const seen = new Set(named);
    for (const file of seen) {
      const got = await request(app).get(`/dashboard/${file}`);
      expect(got.status, file).toBe(200);
      for (const [, imported] of got.text?.matchAll(/from "\.\/([^"]+)"/g) ?? []) seen.add(imported ?? "");
    }
    const own = FILES.filter((file) => /\.(?:js|css|svg)$/.test(file));
    expect([...seen].sort()).toEqual([...own, "uplot.css", "uplot.js"].sort());
  });

  it("sends a path with a slash behind it to the one without, from which its addresses lead on", async () => {
    const { status, headers } = await request(app).get("/dashboard/?x=1/");
    expect([status, headers.location]).toEqual([301, "../dashboard"]);
  });

  it.each([
    "tsconfig.json",
    "uplot.d.ts",
    "index.html",
    "..%2fhttp%2fsend.ts",
    "%2e%2e/http/send.ts",
    ".",
    "app.js/x",
  ])("serves nothing else: %s", async (file) => {
    const { status } = await request(app).get(`/dashboard/${file}`);
    expect([301, 404]).toContain(status);
  });

  it.each([
    ["Range", "bytes=999999-"],
    ["If-Match", '"x"'],
    ["If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"],
  ])("sends its files whole, whatever %s says", async (name, value) => {
    for (const path of ["/dashboard", "/dashboard/app.js"]) {
      await request(app).get(path).set(name, value).expect(200);
    }
  });

  it("shows nothing of the API without the secret", async () => {
    await request(app).get("/v1/stats").expect(401);
  });
});
