/** `npm run test:long [-- name ...]`: crash loops, long outages and the soak, one after the other; about an hour. */
import { fileURLToPath } from "node:url";
import { runPart } from "./part.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { code } = await runPart({
  title: "long tests (vitest)",
  command: "node_modules/.bin/vitest",
  args: ["run", "--project=long", ...process.argv.slice(2)],
});
process.exitCode = code;
