/** `npm run test:mutation [-- --mutate file,...]`: which small changes of src/decide no test would notice; all in minutes. */
import { fileURLToPath } from "node:url";
import { runPart } from "./part.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { code } = await runPart({
  title: "mutations of src/decide (stryker)",
  command: "node_modules/.bin/stryker",
  args: ["run", ...process.argv.slice(2)],
});
process.exitCode = code;
