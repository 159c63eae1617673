/** `npm run check`: everything that can be said about the sources without running the program. */
import { fileURLToPath } from "node:url";
import { checksOf } from "./checks.ts";
import { runPart } from "./part.ts";
import { ensureTestPython } from "./python.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const failed: string[] = [];
const checks = checksOf(await ensureTestPython());
for (const check of checks) {
  const { code } = await runPart(check);
  if (code !== 0) failed.push(check.title);
}
console.log(failed.length === 0 ? `\nAll ${checks.length} checks pass.` : `\nFailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
