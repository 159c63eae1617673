import { defineConfig } from "vitest/config";

/** What `npm run test:mutation` runs against each change of src/decide: its unit tests and the decision cases. */
export default defineConfig({
  test: {
    include: ["test/decide/**/*.test.ts", "test/decide/decision-cases.mutation.ts"],
    // Thousands of random requests, or Python, for each change: a change that survives would take half a minute.
    exclude: ["test/decide/*.property.test.ts", "test/decide/agent-transcripts.test.ts"],
    testTimeout: 30_000,
  },
});
