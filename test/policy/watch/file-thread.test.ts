import { describe, expect, it } from "vitest";
import { FileThread } from "../../../src/policy/watch/file-thread.ts";
import { until } from "../../e2e/support/until.ts";

interface Answer {
  readonly task: string;
  readonly threadId: number;
}

const module = new URL("workers/any-worker.ts", import.meta.url);

function open(options: { readonly timeoutMs?: number; readonly idleMs?: number } = {}) {
  return new FileThread<string, Answer>({ module, ...options });
}

async function answerOf(thread: FileThread<string, Answer>, task: string): Promise<Answer> {
  const answer = await thread.run(task);
  if (typeof answer === "string") throw new Error(answer);
  return answer;
}

describe("FileThread", () => {
  it("answers one task after the other, all in one thread", async () => {
    const thread = open();
    const answers = await Promise.all(["a", "b", "c"].map((task) => answerOf(thread, task)));
    expect(answers.map(({ task }) => task)).toEqual(["a", "b", "c"]);
    expect(new Set(answers.map(({ threadId }) => threadId)).size).toBe(1);
  });

  it.each([
    ["hang", "found a file that takes more than 1.5 s to check, expected a smaller one"],
    ["fail", "the thread that checks the file failed (TypeError)"],
    ["end", "the thread that checks the file ended without an answer"],
  ])("gives up a task that makes it %s, and serves the next in another thread", async (task, reason) => {
    const thread = open({ timeoutMs: 1_500 });
    const before = await answerOf(thread, "a");
    const [failure, after] = await Promise.all([thread.run(task), answerOf(thread, "b")]);
    expect(failure).toBe(reason);
    expect(after.task).toBe("b");
    expect(after.threadId).not.toBe(before.threadId);
  });

  it("gives up a task that takes too much memory, while this process goes on", async () => {
    const thread = open();
    expect(await thread.run("fill")).toBe(
      "found a file that takes more than 512 MB to check, expected a smaller one",
    );
    expect(await answerOf(thread, "a")).toMatchObject({ task: "a" });
  });

  it("gives up what is aborted, and what was aborted before its turn", async () => {
    const thread = open();
    const aborting = new AbortController();
    const both = [thread.run("hang", aborting.signal), thread.run("a", aborting.signal)];
    aborting.abort();
    expect(await Promise.all(both)).toEqual(["the check was given up", "the check was given up"]);
    expect(await answerOf(thread, "b")).toMatchObject({ task: "b" });
  });

  it("ends a thread that has nothing to do", async () => {
    const thread = open({ idleMs: 1 });
    const first = await answerOf(thread, "a");
    const later = await until("another thread", 10_000, async () => {
      const { threadId } = await answerOf(thread, "b");
      return threadId === first.threadId ? null : threadId;
    });
    expect(later).not.toBe(first.threadId);
  });
});
