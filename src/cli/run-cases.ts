import { stringify } from "yaml";
import { createSnapshot } from "../compose.ts";
import type { Catalog } from "../decide/catalog.ts";
import type { Context } from "../decide/context.ts";
import { decide } from "../decide/decide.ts";
import type { Decision, TraceStep } from "../decide/decision.ts";
import { drawLots } from "../decide/draws.ts";
import { type ModelHealth, UNMEASURED } from "../decide/model-health.ts";
import { catalogSchema, createCatalogStore } from "../http/catalog-store.ts";
import { compileGlob } from "../policy/glob.ts";
import { formatProblem, loadPolicyText } from "../policy/load.ts";
import type { Policy } from "../policy/policy.ts";
import { parseEnvelope } from "../request/envelope.ts";
import { readRequest } from "../request/read-request.ts";
import type { CaseFile, DecisionCase } from "./case-file.ts";
import { CliError, EXIT } from "./cli-error.ts";

/** What became of one case. */
export interface CaseResult {
  readonly file: string;
  readonly description: string;
  /** One line for each wanted field that came out otherwise; empty where the case holds. */
  readonly differences: readonly string[];
}

/**
 * Decides every case of a file and compares.
 *
 * @param gateway the policy of files that bring none of their own
 * @throws {CliError} where the file's own policy or catalogue does not load
 */
export function runCases(file: CaseFile, gateway: () => Policy): CaseResult[] {
  return file.cases.map(createCaseRunner(file, gateway));
}

/** Loads what a file brings, once for all of its cases, and makes what decides one of them and compares. */
export function createCaseRunner(file: CaseFile, gateway: () => Policy): (one: DecisionCase) => CaseResult {
  const policy = file.policy === undefined ? gateway() : ownPolicy(file, file.policy);
  const world = { ...createSnapshot(policy), catalog: ownCatalog(file), health: ownHealth(file) };
  return (one) => {
    const { description, wanted } = one;
    const differences = compare(wanted, decideCase(one, world));
    return { file: file.path, description, differences };
  };
}

function ownPolicy(file: CaseFile, policy: Record<string, unknown>): Policy {
  const result = loadPolicyText(stringify(policy, { aliasDuplicateObjects: false }), {
    file: file.path,
    env: {},
  });
  if (result.ok) return result.policy;
  throw new CliError(
    EXIT.misused,
    `Cannot load the policy:\n${result.problems.map(formatProblem).join("\n")}`,
  );
}

function ownCatalog(file: CaseFile): Catalog | null {
  if (file.catalog === undefined) return null;
  const body = catalogSchema.safeParse(file.catalog);
  if (!body.success)
    throw new CliError(EXIT.misused, `Cannot read the catalog of ${file.path}: ${body.error.message}`);
  const store = createCatalogStore(compileGlob);
  store.replace(body.data);
  return store.current();
}

function ownHealth({ health = {} }: CaseFile): ReadonlyMap<string, ModelHealth> {
  return new Map(
    Object.entries(health).map(([model, { latencyMs = null, rests = false }]) => [
      model,
      { ...UNMEASURED, latencyMs, coolUntilMs: rests ? Number.MAX_SAFE_INTEGER : null },
    ]),
  );
}

type CaseWorld = ReturnType<typeof createSnapshot> & Pick<Context, "health" | "catalog">;

/** The moment of a case that names none. */
const DEFAULT_MOMENT = "2026-01-01T00:00:00Z";

function decideCase({ request: given, at }: DecisionCase, world: CaseWorld): Decision {
  const isEnvelope = typeof given.body === "object" && given.body !== null;
  const result = parseEnvelope(isEnvelope ? given : { body: given });
  if (!result.ok) throw new CliError(EXIT.misused, result.message);
  const request = readRequest(result.envelope);
  const lots = drawLots(request, world.policy);
  return decide(request, { ...world, ...lots, now: new Date(at ?? DEFAULT_MOMENT) });
}

function compare(wanted: DecisionCase["wanted"], decision: Decision): string[] {
  const { reason, notes, refused, near, ...equal } = wanted;
  const rules = rulesSteps(decision).flatMap(({ matched }) => matched);
  const found = new Map<string, unknown>(Object.entries({ ...decision, rules }));
  const differing = Object.entries(equal).filter(([key, value]) => !same(value, found.get(key)));
  return [
    ...differing.map(([key, value]) => difference(key, value, found.get(key))),
    ...missing("reason", reason === undefined ? [] : [reason], [decision.reason]),
    ...missing("notes", notes ?? [], notesOf(decision)),
    ...missing("near", near ?? [], nearOf(decision)),
    ...missing("refused", refused ?? [], refusalsOf(decision)),
  ];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function difference(key: string, wanted: unknown, found: unknown): string {
  return `${key}: found ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`;
}

/** Wanted parts of text that none of the texts found holds. */
function missing(key: string, wanted: readonly string[], found: readonly string[]): string[] {
  return wanted
    .filter((part) => !found.some((text) => text.includes(part)))
    .map((part) => difference(key, part, found));
}

type RulesStep = Extract<TraceStep, { readonly step: "rules" }>;

function rulesSteps({ trace }: Decision): readonly RulesStep[] {
  return trace.filter((step) => step.step === "rules");
}

function nearOf(decision: Decision): string[] {
  return rulesSteps(decision).flatMap(({ near }) => near.map(({ rule, failed }) => `${rule}: ${failed}`));
}

function notesOf({ trace }: Decision): string[] {
  return trace
    .flatMap((step) => (step.step === "read" ? step.notes : []))
    .map(({ path, note }) => `${path}: ${note}`);
}

function refusalsOf({ trace }: Decision): string[] {
  const looked = trace.flatMap((step) => (step.step === "candidates" ? step.candidates : []));
  return looked.flatMap(({ model, refusal }) => (refusal === null ? [] : [`${model}: ${refusal}`]));
}
