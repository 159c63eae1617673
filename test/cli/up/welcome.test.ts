import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/cli/up/plan.ts";
import { demoNotice, sidecarUrl, welcome } from "../../../src/cli/up/welcome.ts";
import { UP_PLAN } from "../../support/up-plan.ts";

const plan: Plan = {
  ...UP_PLAN,
  keys: { names: ["A_KEY", "B_KEY"], missing: ["B_KEY"], unusable: ["big"], noneUsable: false },
  masterKey: "sk-it's $HOME",
  sidecarHost: "0.0.0.0",
};
const text = welcome({ plan, databaseUrl: "postgres://x", embedded: true });

describe("welcome()", () => {
  it("prints a curl command that a shell reads as meant, whatever the key holds", () => {
    const command = text.split("\n").find((line) => line.startsWith("curl ")) ?? "";
    const args = execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" });
    expect(args).toContain("Authorization: Bearer sk-it's $HOME\n");
    expect(args).toContain('{"model":"auto","messages":');
    expect(args).toContain("Content-Type: application/json\n");
  });

  it("prints one that asks for a name of this gateway.yaml", () => {
    const smart = welcome({ plan: { ...plan, exampleModel: "smart" }, databaseUrl: null, embedded: false });
    expect(smart).toContain('{"model":"smart","messages":');
  });

  it("names the models that were left out and the variables they want", () => {
    expect(text).toContain("Left out      big, for want of B_KEY in .env");
  });

  it("says where the dashboard is, which no browser reaches through a socket", () => {
    expect(text).toContain("Dashboard     http://127.0.0.1:4100/dashboard\n");
    const socket = { ...plan, sidecarSocket: "/run/s.sock" };
    expect(welcome({ plan: socket, databaseUrl: null, embedded: false })).not.toContain("Dashboard");
  });

  it("says where decisions are, or that they are not logged", () => {
    expect(text).toContain("psql 'postgres://x'");
    expect(welcome({ plan, databaseUrl: null, embedded: false })).toContain("not logged");
  });
});

describe("demoNotice()", () => {
  it("names the variables of which none is set", () => {
    const keys = { ...plan.keys, noneUsable: true };
    expect(demoNotice({ ...plan, keys })).toContain("none of A_KEY, B_KEY is set");
  });
});

describe("sidecarUrl()", () => {
  it("reaches an address that listens everywhere through loopback, and a socket by its path", () => {
    expect(sidecarUrl(plan)).toBe("http://127.0.0.1:4100");
    expect(sidecarUrl({ ...plan, sidecarHost: "::1" })).toBe("http://[::1]:4100");
    expect(sidecarUrl({ ...plan, sidecarSocket: "/run/s.sock" })).toBe("unix:///run/s.sock");
  });
});
