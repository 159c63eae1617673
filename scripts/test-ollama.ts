/** `npm run test:ollama`: the LLM classifier against a real Ollama, named by SIGNALBOX_TEST_OLLAMA_URL and _MODEL. */
import { fileURLToPath } from "node:url";
import { runPart } from "./part.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { code } = await runPart({
  title: "real Ollama (vitest)",
  command: "node_modules/.bin/vitest",
  args: ["run", "--project=ollama", ...process.argv.slice(2)],
});
process.exitCode = code;
