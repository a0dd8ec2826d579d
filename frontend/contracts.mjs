// Checks the layers, and that the checker read them: with a compiler that it
// does not know, dependency-cruiser reads nothing and reports success.
import { cruise } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

const LEAST_MODULES = 20;

const options = await extractOptions("./.dependency-cruiser.cjs");
const { output } = await cruise(["src"], options, undefined, {
  tsConfig: extractTSConfig("./tsconfig.json"),
});
const { summary, modules } = output;
const own = modules.filter((module) => module.source.startsWith("src/")).length;
for (const { rule, from, to } of summary.violations) {
  console.error(`${rule.severity} ${rule.name}: ${from} -> ${to}`);
}
if (own < LEAST_MODULES) {
  console.error(`only ${own} modules were read, at least ${LEAST_MODULES} are expected`);
  process.exit(1);
}
if (summary.error > 0) process.exit(1);
console.log(`${own} modules read, every import goes down`);
