import { describe, expect, it } from "vitest";
import { scoredTurn } from "../../src/decide/conversation.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const policy = policyOf(`${POLICY}  conversation: {downgrade_after: 1}\n`);
const scored = (...turns: readonly string[]) =>
  scoredTurn(read({ messages: turns.map((content) => ({ role: "user", content })) }), policy)?.text;

describe("scoredTurn()", () => {
  it("is the newest that asks for something", () => {
    expect(scored("first ask", "second ask", "go on", "ok")).toBe("second ask");
    expect(scored("first ask", "second ask", "think harder")).toBe("second ask");
  });

  it("is the newest where none does, and none without turns", () => {
    expect(scored("ok", "go on")).toBe("go on");
    expect(scored()).toBeUndefined();
  });
});
