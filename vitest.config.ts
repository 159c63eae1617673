import { defineConfig } from "vitest/config";
import { useFolderOfRun } from "./scripts/run-folder.ts";

useFolderOfRun();

/** What is looked at again and again until it is so. Against hanging: vitest gives up after a second. */
const POLL = { timeout: 20_000 };

/**
 * `unit` needs nothing, `db` a real PostgreSQL (one cluster a run), `e2e` the real LiteLLM before it. `long` takes an
 * hour and is run by `npm run test:long` alone, `ollama` needs a real Ollama and is run by `npm run test:ollama`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.db.test.ts", "test/e2e/**", "test/long/**", "test/ollama/**"],
          // Property tests on a busy machine.
          testTimeout: 30_000,
          expect: { poll: POLL },
        },
      },
      {
        test: {
          name: "db",
          include: ["test/**/*.db.test.ts"],
          globalSetup: ["test/support/postgres.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect: { poll: POLL },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/support/stack.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: "ollama",
          include: ["test/ollama/**/*.test.ts"],
          globalSetup: ["test/support/postgres.ts"],
          testTimeout: 600_000,
        },
      },
      {
        test: {
          name: "long",
          include: ["test/long/**/*.test.ts"],
          fileParallelism: false,
        },
      },
    ],
  },
});
