import { Argument, Command } from "commander";
import { isObject } from "../request/json.ts";
import { readSettings } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { askSidecar, type SidecarAnswer } from "./sidecar-client.ts";

interface FeedbackOptions {
  readonly expectedTier?: string;
  readonly comment?: string;
}

/** `signalbox feedback`: tells a running sidecar what one thinks of a decision. */
export function feedbackCommand(): Command {
  return new Command("feedback")
    .description("Say whether a decision was right; the running sidecar keeps it")
    .argument("<decision-id>", "x-signalbox-decision-id of the answer")
    .addArgument(new Argument("<rating>", "what you think of it").choices(["up", "down"]))
    .option("--expected-tier <name>", "the tier that would have been right, one of gateway.yaml")
    .option("--comment <text>", "a word on it, at most 2,000 characters")
    .addHelpText(
      "after",
      `
The sidecar is asked at SIGNALBOX_SOCKET, or at SIGNALBOX_HOST and SIGNALBOX_PORT, with SIGNALBOX_FEEDBACK_SECRET
where one is set; .env is read too.

Examples:
  $ signalbox feedback 01a1fa80-507c-760a-b2bc-469b6c9a707f up
  $ signalbox feedback 01a1fa80-507c-760a-b2bc-469b6c9a707f down --expected-tier complex --comment "too shallow"`,
    )
    .action(sendFeedback);
}

async function sendFeedback(id: string, rating: string, options: FeedbackOptions): Promise<void> {
  const settings = readSettings(process.env);
  const answer = await askSidecar(settings, {
    method: "POST",
    path: "/v1/feedback",
    secret: settings.SIGNALBOX_FEEDBACK_SECRET?.[0] ?? null,
    body: {
      decision_id: id,
      rating,
      expected_tier: options.expectedTier,
      comment: options.comment,
      source: "cli",
    },
  });
  if (answer.status >= 300) throw refusalOf(answer);
  process.stdout.write(`feedback ${String(answer.json.feedback_id)} is kept\n`);
}

/** What was given is wrong where the sidecar says 400; everything else is the state of things. */
function refusalOf({ status, json }: SidecarAnswer): CliError {
  const message = isObject(json.error) ? String(json.error.message) : `the sidecar answered ${status}`;
  const hint = status === 401 || status === 403 ? "; SIGNALBOX_FEEDBACK_SECRET is sent as one" : "";
  return new CliError(status === 400 ? EXIT.misused : EXIT.failed, `${message}${hint}`);
}
