import { languageOf } from "../../src/classify/language.ts";
import { quantile } from "../figures.ts";
import type { Table } from "../table.ts";
import type { BenchClassifier, Judged } from "./classifier.ts";
import { type DataPrompt, readPrompts } from "./data.ts";
import { EDITS, type Edit } from "./edits.ts";
import type { Part, PartOptions } from "./part.ts";
import { pastedTable } from "./pasted.ts";
import { type Share, showShare } from "./share.ts";
import { suffixTables } from "./suffixes.ts";

/** How far what should not matter moves the tiers. */
export async function benchRobustness({ data, classifiers, progress }: PartOptions): Promise<Part> {
  const prompts = readPrompts(data);
  const thirds = await Promise.all(classifiers.map((classifier) => cutIntoThirds(classifier, prompts)));
  const shipped: Flips[] = [];
  const inThirds: Flips[] = [];
  for (const edit of EDITS) {
    progress(`edit: ${edit.name}`);
    shipped.push({ edit: edit.name, of: await flipsOf(edit, prompts, classifiers) });
    inThirds.push({ edit: edit.name, of: await flipsOf(edit, prompts, thirds) });
  }
  progress("text pasted around short questions");
  const pasted = await pastedTable(prompts, classifiers);
  progress("suffixes");
  const suffixes = await suffixTables(prompts, classifiers);
  return {
    title: "Robustness",
    text: TEXT,
    tables: [
      { caption: "Share of each tier, cheapest first:", table: await sharesTable(prompts, classifiers) },
      {
        caption:
          "Prompts whose shipped tier an edit changes; edits that leave a prompt as it was count nowhere:",
        table: flipsTable(shipped, classifiers),
      },
      {
        caption:
          "The same with every classifier cut into thirds of the unedited prompts by its own score, so that none is steady by calling everything alike (scores of few values cannot be cut evenly):",
        table: flipsTable(inThirds, thirds),
      },
      pasted,
      ...suffixes,
    ],
  };
}

const TEXT = `Prompts: \`tier-labels-dev\` (CommonstackAI/UncommonRoute, MIT) and \`prompts-dev\` (Arena-Hard, IFEval, Vicuna bench and self-instruct, Apache-2.0; HumanEval, MIT;
AlignBench). A classifier that calls everything alike never flips, so the shares of the tiers stand first. In brackets the
95 % interval. LiteLLM ships four tiers, so it has one border more to cross.`;

interface Flips {
  readonly edit: string;
  /** One a classifier. */
  readonly of: readonly Share[];
}

/** The same scores with tiers that get a third of the prompts each. */
async function cutIntoThirds(
  classifier: BenchClassifier,
  prompts: readonly DataPrompt[],
): Promise<BenchClassifier> {
  const judged = await classifier.judge(prompts.map(({ prompt }) => prompt));
  const sorted = Float64Array.from(judged, ({ score }) => score).sort();
  const borders = [1 / 3, 2 / 3].map((share) => quantile(sorted, share));
  const cut = ({ score }: Judged): Judged => {
    return { score, tier: borders.filter((border) => score > border).length };
  };
  const judge = async (texts: readonly string[]) => (await classifier.judge(texts)).map(cut);
  return { ...classifier, tiers: ["lowest", "middle", "highest"], judge };
}

async function sharesTable(
  prompts: readonly DataPrompt[],
  classifiers: readonly BenchClassifier[],
): Promise<Table> {
  const rows: string[][] = [];
  for (const { name, tiers, judge } of classifiers) {
    const judged = await judge(prompts.map(({ prompt }) => prompt));
    const share = (tier: number) => judged.filter((one) => one.tier === tier).length / judged.length;
    rows.push([name, tiers.map((tier, at) => `${tier} ${(100 * share(at)).toFixed(1)} %`).join(", ")]);
  }
  return { columns: ["", "tiers"], rows };
}

async function flipsOf(
  edit: Edit,
  prompts: readonly DataPrompt[],
  classifiers: readonly BenchClassifier[],
): Promise<Share[]> {
  const edited = prompts
    .map(({ prompt, lang }) => ({ prompt, edited: edit.apply(prompt, lang ?? languageOf(prompt) ?? "en") }))
    .filter((pair) => pair.edited !== pair.prompt);
  const shares: Share[] = [];
  for (const { judge } of classifiers) {
    const before = await judge(edited.map(({ prompt }) => prompt));
    const after = await judge(edited.map((pair) => pair.edited));
    shares.push({ count: countFlips(before, after), of: edited.length });
  }
  return shares;
}

/** Pairs of judgements whose tiers differ. */
function countFlips(before: readonly Judged[], after: readonly Judged[]): number {
  return before.filter(({ tier }, at) => tier !== after[at]?.tier).length;
}

function flipsTable(flips: readonly Flips[], classifiers: readonly BenchClassifier[]): Table {
  return {
    columns: ["edit", "prompts", ...classifiers.map(({ name }) => name)],
    rows: flips.map(({ edit, of }) => [edit, String(of[0]?.of ?? 0), ...of.map(showShare)]),
  };
}
