import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenForStop, type StopRequest } from "../../src/cli/stop-request.ts";

let stop: StopRequest;
beforeEach(() => {
  vi.useFakeTimers();
  stop = listenForStop(["SIGUSR2"]);
});
afterEach(() => {
  stop.dispose();
  vi.useRealTimers();
});

describe("listenForStop()", () => {
  it("takes signals within 1.5 s for one request, and a later one for insisting", () => {
    process.emit("SIGUSR2", "SIGUSR2");
    vi.advanceTimersByTime(1_500);
    process.emit("SIGUSR2", "SIGUSR2");
    expect([stop.signal.reason, stop.force.aborted]).toEqual(["SIGUSR2", false]);
    vi.advanceTimersByTime(1);
    process.emit("SIGUSR2", "SIGUSR2");
    expect(stop.force.aborted).toBe(true);
  });

  it("leaves other signals to others", () => {
    process.once("SIGHUP", () => undefined).emit("SIGHUP", "SIGHUP");
    expect(stop.signal.aborted).toBe(false);
  });
});
