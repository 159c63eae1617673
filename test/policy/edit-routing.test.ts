import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { editRouting } from "../../src/policy/edit-routing.ts";

const SHIPPED = readFileSync(new URL("../../gateway.yaml", import.meta.url), "utf8");
const fileSchema = z.object({ model_list: z.json(), routing: z.record(z.string(), z.json()) });
const routingOf = (text: string) => fileSchema.parse(parse(text)).routing;

const TEXT = `# the head
model_list:
- {model_name: a, litellm_params: {model: x, api_key: "os.environ/K"}} # a model

# the section
routing:
  mode: enforce # how
  # the ladder
  tiers:
    small: {score_range: [0, 50], model: a}   # cheap
    large: {score_range: [51, 100], models: [a, b]}
  aliases: {auto: auto_route}
`;

describe("editRouting()", () => {
  it.each([
    ["the file that ships", SHIPPED],
    ["a file of another style", TEXT],
  ])("changes no value of %s where nothing is to change, and keeps every comment", (_title, text) => {
    const same = editRouting(text, routingOf(text));
    const comments = (of: string) => of.match(/#.*$/gm);
    expect(parse(same)).toEqual(parse(text));
    expect(comments(same)).toEqual(comments(text));
    expect(same.split("\n").length).toBe(text.split("\n").length);
  });

  it("changes, adds and removes keys and entries, and leaves the rest as it is written", () => {
    const routing = {
      mode: "shadow",
      tiers: {
        small: { score_range: [0, 40], model: "a" },
        large: { score_range: [41, 100], models: ["b"], pick: "first" },
      },
      unknown_model: "passthrough",
    };
    expect(editRouting(TEXT, routing)).toBe(`# the head
model_list:
- {model_name: a, litellm_params: {model: x, api_key: "os.environ/K"}} # a model

# the section
routing:
  mode: shadow # how
  # the ladder
  tiers:
    small: {score_range: [0, 40], model: a} # cheap
    large: {score_range: [41, 100], models: [b], pick: first}
  unknown_model: passthrough
`);
  });

  it("writes whatever it is given so that it is read as the same", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (routing) => {
        const wanted = z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(routing)));
        expect(routingOf(editRouting(TEXT, wanted))).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });
});
