/** Imports walk one way: text <- syntax <- model <- files <- programs <- host <- lint <- rules / report <- cli. */
const rooms = ["text", "syntax", "model", "files", "programs", "host", "lint", "report", "cli"];
const above = (room) => rooms.slice(rooms.indexOf(room) + 1).join("|");
const pure = "^(src/(text|syntax|model|programs|host|lint|report)|rules)/";

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    ...rooms.slice(0, -1).map((room) => ({
      name: `${room}-imports-downwards`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: `^(src/(${above(room)})/|rules/)` },
    })),
    {
      name: "rules-ask-the-model",
      comment: "a rule imports the rule contract and the model, nothing else",
      severity: "error",
      from: { path: "^rules/[^/]+/" },
      to: { pathNot: "^src/(model|text)/|^src/lint/(rule|group)\\.ts$" },
    },
    {
      name: "reports-know-no-programs",
      severity: "error",
      from: { path: "^src/report/" },
      to: { path: "^src/(files|programs|host|syntax)/" },
    },
    {
      name: "one-grammar-knows-no-other-file",
      comment: "an exec line is a value of a unit, whose text after continuation it reads",
      severity: "error",
      from: { path: "^src/syntax/([^/]+)/" },
      to: { path: "^src/syntax/[^/]+/", pathNot: "^src/syntax/($1|unit)/" },
    },
    {
      name: "engine-without-node",
      comment: "the same engine runs in a browser page and in an editor",
      severity: "error",
      from: { path: pure },
      to: { dependencyTypes: ["core"] },
    },
    { name: "no-orphans", severity: "error", from: { orphan: true, pathNot: "\\.d\\.ts$|^src/(index|cli/main)\\.ts$|^rules/index\\.ts$|^src/build/" }, to: {} },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
