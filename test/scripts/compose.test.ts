import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "../..");
const textOf = (name: string) => readFileSync(join(ROOT, name), "utf8");

it("docker-compose.yml gives LiteLLM every variable that the callback reads", () => {
  const [about = ""] = textOf("callback/signalbox.py").split('"""\n');
  const read = about.match(/^SIGNALBOX_\w+/gm) ?? [];
  expect(read.length).toBeGreaterThan(2);
  const { services } = parse(textOf("docker-compose.yml"), { merge: true });
  expect(Object.keys(services.litellm.environment)).toEqual(expect.arrayContaining(read));
});

it(".env.example names every variable that docker-compose.yml takes from it", () => {
  const taken = [...textOf("docker-compose.yml").matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name);
  const named = textOf(".env.example").match(/(?<=^#)\w+(?==)/gm) ?? [];
  expect(named).toEqual(expect.arrayContaining(taken));
});
