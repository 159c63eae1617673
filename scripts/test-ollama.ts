/**
 * `npm run test:ollama`: the LLM classifier against a real Ollama, named by SIGNALBOX_TEST_OLLAMA_URL and _MODEL, and, where
 * SIGNALBOX_TEST_OLLAMA_EMBEDDING_MODEL names one, embeddings from the policy to numpy.
 */
import { fileURLToPath } from "node:url";
import { runPart } from "./part.ts";
import { ensureTestPython } from "./python.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { SIGNALBOX_TEST_OLLAMA_EMBEDDING_MODEL: embeddingModel, SIGNALBOX_PYTHON_BIN: givenBin } = process.env;
const pythonBin = givenBin ?? (embeddingModel === undefined ? undefined : await ensureTestPython());
const { code } = await runPart({
  title: "real Ollama (vitest)",
  command: "node_modules/.bin/vitest",
  args: ["run", "--project=ollama", ...process.argv.slice(2)],
  ...(pythonBin !== undefined && { env: { SIGNALBOX_PYTHON_BIN: pythonBin } }),
});
process.exitCode = code;
