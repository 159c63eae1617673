import { readFileSync } from "node:fs";
import { Command } from "commander";
import { explanationJson } from "../explain/explanation-json.ts";
import { toldOf } from "../explain/flip-words.ts";
import { isObject } from "../request/json.ts";
import { readSettings } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { openHere } from "./decide-here.ts";
import { describeDecision } from "./describe-decision.ts";
import { describeExplanation } from "./describe-explanation.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import { printable } from "./printable.ts";

interface RouteOptions {
  readonly model?: string;
  readonly config?: string;
  readonly body?: string;
  readonly json?: true;
}

/** `signalbox route`: decides here and says why. */
export function routeCommand(): Command {
  return new Command("route")
    .description(
      "Decide where a request would go, say why, and what would lead elsewhere; nothing is sent or logged",
    )
    .argument("[text]", "what the human asks")
    .option("--model <name>", "the model name that the client asks for (default: that of --body, else auto)")
    .option(
      "--body <file>",
      "a whole request body as JSON, in any of the four formats, or an envelope of POST /v1/route with caller, tags and headers; - is standard input",
    )
    .option("--config <file>", "gateway.yaml to decide by (default: SIGNALBOX_CONFIG)")
    .option("--json", "print the decision with its trace as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ signalbox route "What is the capital of France?"
  $ signalbox route --model claude-sonnet "Design a fault-tolerant payment system"
  $ signalbox route --body request.json --json | jq .tier`,
    )
    .action(route);
}

async function route(text: string | undefined, options: RouteOptions): Promise<void> {
  const asked = readAsked(text, options);
  const policy = loadPolicyOrFail(options.config ?? readSettings(process.env).SIGNALBOX_CONFIG);
  const warn = (trouble: string) => void process.stderr.write(`${trouble}\n`);
  const { explainHere, close } = await openHere(policy, { warn, lots: "drawn" });
  const { decision, explanation } = await explainHere(asked);
  close();
  const told = toldOf(decision, policy);
  const output = options.json
    ? JSON.stringify({ ...decision, ...explanationJson(explanation, told) }, null, 2)
    : printable(`${describeDecision(decision)}\n\n${describeExplanation(explanation, told)}`);
  process.stdout.write(`${output}\n`);
}

/** An envelope of POST /v1/route: a rule may ask for a team, which is in no body. */
function readAsked(text: string | undefined, { model, body }: RouteOptions): unknown {
  if ((text === undefined) === (body === undefined)) {
    throw new CliError(EXIT.misused, "Cannot route: expected either a text or --body");
  }
  const named = model === undefined ? {} : { model };
  if (body === undefined) {
    return { body: { model: "auto", ...named, messages: [{ role: "user", content: text }] } };
  }
  const parsed = readJson(body);
  if (isObject(parsed) && isObject(parsed.body)) return { ...parsed, body: { ...parsed.body, ...named } };
  if (isObject(parsed)) return { body: { ...parsed, ...named } };
  throw new CliError(EXIT.misused, `Cannot route: found no JSON object in ${body}, expected a request body`);
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(readFileSync(body === "-" ? 0 : body, "utf8"));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.misused, `Cannot read ${body}: ${found}`, { cause: error });
  }
}
