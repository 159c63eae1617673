import { describe, expect, it } from "vitest";
import { workOf } from "../../src/decide/work.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const CODE = { role: "user", content: "Write a Python function that reverses a linked list" };
const request = read({ messages: [CODE, { role: "user", content: "go on" }] });
const workWith = (traits: string) => workOf(request, policyOf(`${POLICY}  models: {small: {${traits}}}\n`));

describe("workOf()", () => {
  it("is that of the newest turn that asks for something", () => {
    expect(workWith("specialties: [writing]")).toBe("code");
  });

  it("is not looked for where no model is a specialist", () => {
    expect(workWith("quality: 50")).toBeNull();
  });
});
