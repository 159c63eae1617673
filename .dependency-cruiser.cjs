/** Which folder may import which: one direction, request -> classify -> decide -> log. */
const allowed = {
  request: [],
  fetch: [],
  classify: ["request", "fetch"],
  decide: ["request", "classify", "policy"],
  policy: ["classify", "decide"],
  log: ["decide", "fetch"],
  learn: ["request", "classify", "decide"],
  explain: ["request", "classify", "decide", "policy", "learn"],
  http: ["request", "classify", "decide", "policy", "log", "learn", "explain"],
  dashboard: ["http"],
};

const comments = {
  request: "Reading a request needs nothing else of the program: pass what you need as an argument.",
  fetch: "Asking a server knows nothing of what is asked.",
  classify: "A classifier sees the request and its own settings, nothing of policy or log.",
  decide:
    "What decides is pure: of the policy it may take the types only; log, http and cli come later in the story.",
  policy: "The policy knows the types of what it configures, and runs none of it.",
  log: "The log takes finished decisions: it needs their types, nothing else of what decides.",
  learn: "Training reads requests and decisions; it does not serve them.",
  explain:
    "What explains decides again, with plain data: no log, no server, and of the policy the types only.",
  http: "HTTP gets what it calls injected by the composition root.",
  dashboard: "The page runs in a browser: it asks the API, and knows the types of its answers.",
};

const folderRules = Object.entries(allowed).map(([folder, targets]) => ({
  name: `${folder}-imports`,
  comment: comments[folder],
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: `^src/(${[folder, ...targets].join("|")})/` },
}));

const typesOnly = (from, to, pathNot) => ({
  name: `${from}-types-of-${to}`,
  comment: `${from} may use the types of ${to}, never its code.`,
  severity: "error",
  from: { path: `^src/${from}/` },
  to: { path: `^src/${to}/`, ...(pathNot ? { pathNot } : {}), dependencyTypesNot: ["type-only"] },
});

module.exports = {
  forbidden: [
    ...folderRules,
    typesOnly("decide", "policy"),
    typesOnly("policy", "decide"),
    // Data that the loader fills in or compares with; the bounds tell which tiers nobody reaches, and a trained
    // classifier's file is read with the rest of the policy.
    typesOnly(
      "policy",
      "classify",
      "^src/classify/(static-defaults|score-bounds|category/categories|language/language-codes|ml/parse-artifact)\\.ts$",
    ),
    typesOnly("log", "decide"),
    typesOnly("explain", "policy"),
    typesOnly("dashboard", "http"),
    {
      name: "nobody-imports-main-or-cli",
      comment: "main and cli are the outermost layer.",
      severity: "error",
      from: { path: "^src/(?!cli/|main\\.ts)" },
      to: { path: "^src/(main\\.ts|compose\\.ts|llm-keeper\\.ts|cli/)" },
    },
    {
      name: "src-without-test",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|scripts)/" },
    },
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      // The server hands it out from its package.
      to: { couldNotResolve: true, pathNot: "^\\./uplot\\.js$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types"],
      extensions: [".ts", ".mjs", ".js", ".cjs", ".json"],
    },
  },
};
