import { describe, expect, it } from "vitest";
import { isLoopbackName } from "../../src/http/loopback.ts";

describe("isLoopbackName()", () => {
  it.each(["localhost", "LOCALHOST", "127.0.0.1", "127.0.0.2", "127.255.255.254", "::1", "[::1]"])(
    "knows %s",
    (name) => {
      expect(isLoopbackName(name)).toBe(true);
    },
  );

  it.each([
    "",
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "128.0.0.1",
    "1127.0.0.1",
    "127.0.0.1.example",
    "127.1",
    "localhost.example",
  ])("does not take %j for this machine", (name) => {
    expect(isLoopbackName(name)).toBe(false);
  });
});
