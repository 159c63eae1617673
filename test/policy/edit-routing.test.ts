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

const RULES = `routing:
  rules:
    # the first that fits decides

    # never less
    - {name: legal, when: {tag: legal}, min_tier: large}

    # nobody waits
    - {name: batch, when: {tag: batch}, max_tier: small} # cheap
    # no name
    - {when: {tag: x}, model: a}
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
    const indented = (of: string) => of.match(/^ *#.*$/gm);
    expect(indented(same)).toEqual(indented(text));
  });

  it("leaves numbers as they are written, which LiteLLM may read otherwise", () => {
    const params =
      "{model: x, tpm: 010, account: 123456789012345678901, input_cost_per_token: 0.0000001, hex: 0x1F}";
    const text = TEXT.replace(/litellm_params: \{.*?\}/, `litellm_params: ${params}`);
    const edited = editRouting(text, { ...routingOf(text), explore: 0.02 });
    expect(edited).toContain(`litellm_params: ${params}`);
    const again = editRouting(edited.replace("explore: 0.02", "explore: +0.020"), {
      ...routingOf(text),
      explore: 0.05,
    });
    expect(routingOf(again).explore).toBe(0.05);
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

  describe("with a list", () => {
    const legal = { name: "legal", when: { tag: "legal" }, min_tier: "large" };
    const batch = { name: "batch", when: { tag: "batch" }, max_tier: "small" };
    const unnamed = { when: { tag: "x" }, model: "a" };
    const edit = (...rules: (typeof legal | typeof batch | typeof unnamed)[]) =>
      editRouting(RULES, { rules });

    it("moves the comments of entries with them", () => {
      expect(edit(legal, batch, unnamed)).toBe(RULES);
      expect(edit(unnamed, batch, legal)).toBe(`routing:
  rules:
    # the first that fits decides

    # no name
    - {when: {tag: x}, model: a}

    # nobody waits
    - {name: batch, when: {tag: batch}, max_tier: small} # cheap
    # never less
    - {name: legal, when: {tag: legal}, min_tier: large}
`);
    });

    it("drops the comments of entries that are gone, also of one that another stands in place of", () => {
      expect(edit(batch, unnamed)).toBe(`routing:
  rules:
    # the first that fits decides

    # nobody waits
    - {name: batch, when: {tag: batch}, max_tier: small} # cheap
    # no name
    - {when: {tag: x}, model: a}
`);
      expect(edit({ ...batch, name: "night", max_tier: "large" })).not.toMatch(
        /never less|nobody waits|cheap/,
      );
    });

    it("knows an entry by its name, by all but its name, or by its place", () => {
      const edited = edit(
        { ...batch, max_tier: "large" },
        { ...legal, name: "law" },
        { ...unnamed, model: "b" },
      );
      expect(edited).toBe(`routing:
  rules:
    # the first that fits decides

    # nobody waits
    - {name: batch, when: {tag: batch}, max_tier: large} # cheap
    # never less
    - {name: law, when: {tag: legal}, min_tier: large}
    # no name
    - {when: {tag: x}, model: b}
`);
    });
  });

  it("drops the comment of a first key that is gone", () => {
    const text =
      "routing:\n  tiers:\n    # cheap\n    small: {model: a}\n    # dear\n    large: {model: b}\n";
    const edited = editRouting(text, { tiers: { large: { model: "b" } } });
    expect(edited).toBe("routing:\n  tiers:\n    # dear\n    large: {model: b}\n");
  });

  it("leaves what stands above an entry to it, also behind a comment that ends the entry before", () => {
    const text = `routing:
  aliases:
    auto: auto_route
    # opus: claude-opus

  # how the rules go
  # on
  rules:
    - name: a
      tier: small
      # max_tier: small
    # the second
    - name: b
      tier: large
    # none behind it
  # routed too
  auto_route_patterns: ["claude-*"]
`;
    const rules = { a: { name: "a", tier: "small" }, b: { name: "b", tier: "large" } };
    const wanted = { aliases: { auto: "auto_route" }, rules: [rules.a, rules.b] };
    const patterns = { auto_route_patterns: ["claude-*"] };
    expect(editRouting(text, { rules: [rules.b], ...patterns })).toBe(`routing:
  # how the rules go
  # on
  rules:
    # the second
    - name: b
      tier: large
    # none behind it
  # routed too
  auto_route_patterns: ["claude-*"]
`);
    expect(editRouting(text, wanted)).not.toContain("routed too");
    expect(
      editRouting(text, { ...wanted, ...patterns })
        .split("\n")
        .slice(0, 13),
    ).toEqual(text.split("\n").slice(0, 13));
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
