import { Command } from "commander";
import { chooseClassifier } from "../classify/choose-classifier.ts";
import { explanationJson } from "../explain/explanation-json.ts";
import { explainLogged } from "../explain/logged/explain-logged.ts";
import { parseLogged } from "../explain/logged/logged-decision.ts";
import { createLogReader, LogUnavailable } from "../log/log-reader.ts";
import type { FoundDecision } from "../log/queries/find-decision.ts";
import { readSettings } from "../settings.ts";
import { readCatalogHere } from "./catalog-here.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { describeExplanation } from "./describe-explanation.ts";
import { describeLogged, toldOfLogged } from "./describe-logged.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import { printText } from "./print-text.ts";
import { printable } from "./printable.ts";

interface ExplainOptions {
  readonly config?: string;
  readonly json?: true;
}

/** `signalbox explain`: why a logged decision was made, and what would have led elsewhere. */
export function explainCommand(): Command {
  return new Command("explain")
    .description(
      "Say why a logged decision was made, what came of it, and what would have led to another model",
    )
    .argument("<decision-id>", "x-signalbox-decision-id of the answer")
    .option("--config <file>", "gateway.yaml that decided (default: SIGNALBOX_CONFIG)")
    .option("--json", "print the row, its outcome, feedback and labels, and what would flip it, as JSON")
    .addHelpText(
      "after",
      `
The decision is read from the database: DATABASE_URL, or the embedded one that \`npm start\` runs. It is decided again
from its row, with one thing changed at a time; where gateway.yaml has changed since, only what was logged is shown.

Examples:
  $ signalbox explain 01a1fa80-507c-760a-b2bc-469b6c9a707f
  $ signalbox explain --json 01a1fa80-507c-760a-b2bc-469b6c9a707f | jq .flips`,
    )
    .action(explain);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function explain(id: string, { config, json }: ExplainOptions): Promise<void> {
  if (!UUID.test(id)) {
    throw new CliError(
      EXIT.misused,
      "Cannot explain: found no decision id, expected the x-signalbox-decision-id of an answer",
    );
  }
  const settings = readSettings(process.env);
  const policy = loadPolicyOrFail(config ?? settings.SIGNALBOX_CONFIG);
  const found = await find(await findDatabase(settings), id);
  const parsed = parseLogged({ ...found.outcome, ...found.decision, feedback_up: 0, feedback_down: 0 });
  if (!parsed.ok) throw new CliError(EXIT.failed, `Cannot explain ${id}: its row has ${parsed.problem}`);
  const { row } = parsed;
  const classifier = chooseClassifier(policy.classifier);
  const catalog = readCatalogHere(settings.SIGNALBOX_STATE_DIR);
  const explanation = explainLogged(row, { policy, classifier, catalog });
  const told = toldOfLogged(row, policy);
  const text = json
    ? JSON.stringify({ ...found, ...explanationJson(explanation, told) }, null, 2)
    : printable(`${describeLogged(row, found)}\n\n${describeExplanation(explanation, told)}`);
  await printText(`${text}\n`);
}

async function find(databaseUrl: string, id: string): Promise<FoundDecision> {
  const reader = createLogReader(databaseUrl);
  try {
    const found = await reader.find(id);
    if (found !== null) return found;
  } catch (error) {
    if (error instanceof LogUnavailable) throw new CliError(EXIT.failed, error.message, { cause: error });
    throw error;
  } finally {
    await reader.close(0);
  }
  throw new CliError(
    EXIT.failed,
    `Cannot explain ${id}: the database has no such decision; it was never made, waits to be stored, or is past its retention`,
  );
}
