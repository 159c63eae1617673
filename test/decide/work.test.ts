import { describe, expect, it } from "vitest";
import { workOf } from "../../src/decide/work.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const CODE = { role: "user", content: "Write a Python function that reverses a linked list" };
const workWith = (traits: string, reply = "go on") => {
  const request = read({ messages: [CODE, { role: "user", content: reply }] });
  return workOf(request, { policy: policyOf(`${POLICY}  models: {small: {${traits}}}\n`) });
};

describe("workOf()", () => {
  it("is that of the newest turn that asks for something", () => {
    expect(workWith("specialties: [writing]")).toBe("code");
    expect(workWith("specialties: [writing]", "think harder")).toBe("code");
    expect(workWith("specialties: [writing]", "Schreib ein Gedicht über den Herbst")).toBe("writing");
  });

  it("is not looked for where no model is a specialist", () => {
    expect(workWith("quality: 50")).toBeNull();
  });
});
