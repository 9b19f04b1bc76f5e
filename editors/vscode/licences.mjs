// The licences and notices of the packages of npm whose code esbuild has put into a bundle.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const HEADING = `Third-party licences

dist/extension.js contains code of the packages below. server/THIRD-PARTY-LICENSES.txt has the licences of the program.
`;
const LICENCE = /^(licen[sc]e|copying|notice|third-?party-?notices)/i;

/** One text for all packages that a bundle has code of. A package without the text of its licence is an error. */
export function licencesOf({ inputs }) {
  const directories = Object.keys(inputs).map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]);
  const parts = [...new Set(directories)].filter((directory) => directory !== undefined).sort().map(licences);
  return [HEADING, ...parts].join(`\n${"-".repeat(80)}\n`);
}

function licences(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const files = readdirSync(directory).filter((file) => LICENCE.test(file)).sort();
  if (files.length === 0) throw new Error(`${name} ${version} (${license}) has no text of its licence`);
  const texts = files.map((file) => readFileSync(join(directory, file), "utf8").replaceAll("\r\n", "\n").trim());
  return `${[`${name} ${version}: ${license}`, ...texts].join("\n\n")}\n`;
}
