import { describe, expect, it } from "vitest";
import { shownOfLitellm, shownOfSidecar } from "../../../src/cli/up/live-view.ts";

const litellm = (fields: object) => shownOfLitellm(JSON.stringify(fields));

describe("shownOfLitellm()", () => {
  it("shows a client's request and no health check", () => {
    const component = "uvicorn.access";
    const message = '127.0.0.1:5 - "POST /v1/messages HTTP/1.1" 200';
    expect(litellm({ level: "INFO", message, component })).toBe("POST /v1/messages 200");
    expect(
      litellm({ level: "INFO", message: '1 - "GET /health/readiness HTTP/1.1" 200', component }),
    ).toBeNull();
  });

  it("shows the first line of an error and the callback's warnings, not the other warnings", () => {
    expect(litellm({ level: "ERROR", message: "boom\n  at x" })).toBe("error: boom");
    expect(litellm({ level: "WARNING", message: "w", component: "signalbox" })).toBe("warning: w");
    expect(litellm({ level: "WARNING", message: "w", component: "LiteLLM" })).toBeNull();
  });

  it("shows no sequence that steers the terminal: a client chooses the model's name in an error", () => {
    const message = "no healthy deployments for model=x\u001b[2J\u001b]0;title\u0007y";
    expect(litellm({ level: "ERROR", message })).toBe("error: no healthy deployments for model=xy");
  });

  it("shows nothing of the banner", () => {
    expect(shownOfLitellm("#------#")).toBeNull();
  });
});

describe("shownOfSidecar()", () => {
  it("shows warnings with their fields, and what is no JSON", () => {
    const line = JSON.stringify({
      level: 40,
      time: 1,
      pid: 2,
      hostname: "h",
      event: "database_down",
      waiting: 3,
    });
    expect(shownOfSidecar(line)).toBe('database_down {"waiting":3}');
    expect(shownOfSidecar(JSON.stringify({ level: 30, event: "listening" }))).toBeNull();
    expect(shownOfSidecar("gateway.yaml:3: a warning")).toBe("gateway.yaml:3: a warning");
  });

  it("shows that an edited file is in force, and nothing of one that says the same", () => {
    const reloaded = (result: string) => JSON.stringify({ level: 30, event: "policy_reloaded", result });
    expect(shownOfSidecar(reloaded("applied"))).toBe("gateway.yaml is in force as it is now");
    expect(shownOfSidecar(reloaded("unchanged"))).toBeNull();
  });

  it("shows that a file is in force again whose change was refused and taken back", () => {
    const reloaded = { level: 30, event: "policy_reloaded", result: "unchanged", wasRefused: true };
    expect(shownOfSidecar(JSON.stringify(reloaded))).toBe("gateway.yaml is in force as it is now");
  });
});
