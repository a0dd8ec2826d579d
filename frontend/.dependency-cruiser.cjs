// A layer imports itself and what is listed; `app`, `main.ts` and `charts.ts` import everything.
const below = {
  base: [],
  model: ["base"],
  editor: ["base", "model"],
  api: ["base", "model"],
  ui: ["base"],
  canvas: ["base", "model", "editor"],
};

module.exports = {
  forbidden: [
    {
      // A type alone leaves no trace in what runs.
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    ...Object.entries(below).map(([layer, allowed]) => ({
      name: `${layer}-imports-down-only`,
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: { path: "^src/", pathNot: [layer, ...allowed].map((name) => `^src/${name}/`) },
    })),
    {
      name: "core-knows-no-framework",
      severity: "error",
      from: { path: "^src/(base|model|editor)/" },
      to: { path: "node_modules/", pathNot: ["node_modules/@noble/hashes/"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "svelte", "default"],
    },
  },
};
