/** Does what it is told: answers, hangs, fills the memory, fails or ends. */
import { parentPort, threadId } from "node:worker_threads";

parentPort?.on("message", (task: string) => {
  switch (task) {
    case "hang":
      for (;;);
    case "fill": {
      const kept: number[][] = [];
      for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => index));
    }
    case "fail":
      throw new TypeError("told to fail");
    case "end":
      process.exit(0);
      break;
    default:
      parentPort?.postMessage({ task, threadId });
  }
});
