import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const textOf = (name: string) => readFileSync(join(ROOT, name), "utf8");
const folder = mkdtempSync(join(tmpdir(), "signalbox-image-"));
const app = join(folder, "app");

beforeAll(() => {
  // As `COPY . ./` does.
  const included = textOf(".dockerignore").match(/(?<=^!).+$/gm) ?? [];
  for (const name of included) cpSync(join(ROOT, name), join(app, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(app, "node_modules"));
  const [, wrapper = ""] = /printf '(.+)' > \/usr\/local\/bin\/signalbox/.exec(textOf("Dockerfile")) ?? [];
  const script = wrapper.replaceAll("\\n", "\n").replaceAll("/app/", `${app}/`);
  writeFileSync(join(folder, "signalbox"), script, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs what `docker compose exec sidecar signalbox` runs. */
function run(...args: readonly string[]): string {
  const PATH = [dirname(process.execPath), "/bin"].join(delimiter);
  const env = { PATH, SIGNALBOX_CONFIG: join(ROOT, "gateway.yaml"), SIGNALBOX_STATE_DIR: folder };
  return execFileSync(join(folder, "signalbox"), args, { cwd: folder, env, encoding: "utf8" });
}

describe("signalbox in the image", () => {
  it("decides with the shipped gateway.yaml and its trained classifier", () => {
    const decided = JSON.parse(run("route", "--json", "What is the capital of France?"));
    expect(decided).toMatchObject({ tier: "simple", strategy: "ml" });
  });

  it("has the rule pack that a preset writes out", () => {
    const written = join(folder, "gateway.yaml");
    run("init", "--preset", "coding-agents", "--out", written);
    expect(readFileSync(written, "utf8")).toContain("rules:");
  });
});
