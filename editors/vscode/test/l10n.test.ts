import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

import { l10n } from "../src/l10n";

const BUNDLE = "l10n/bundle.l10n.json";

/** Every text that is given to the translator. */
function texts(): string[] {
  const sources = readdirSync("src").map((name) => readFileSync(`src/${name}`, "utf8"));
  const calls = sources.flatMap((source) => [...source.matchAll(/l10n\.t\(\s*"((?:[^"\\]|\\.)*)"/g)]);
  return [...new Set(calls.map((call) => JSON.parse(`"${call[1]}"`) as string))].sort();
}

test("every text of the code is in the translation bundle", () => {
  const wanted = `${JSON.stringify(Object.fromEntries(texts().map((text) => [text, text])), null, 2)}\n`;
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(BUNDLE, wanted);
  assert.equal(readFileSync(BUNDLE, "utf8"), wanted, "UPDATE_DOCS=1 npm test writes it");
});

test("every message can be translated", () => {
  for (const name of readdirSync("src")) {
    const source = readFileSync(`src/${name}`, "utf8");
    const shown = source.matchAll(/\.show(?:Information|Warning|Error)Message\(\s*(["'`])((?:(?!\1).)*)/g);
    const raw = [...shown].map((call) => call[2] ?? "").filter((text) => !/^(?:Port Manager: )?\$\{/.test(text));
    assert.deepEqual(raw, [], name);
  }
});

test("package.nls.json has exactly the texts of the manifest", () => {
  const manifest = readFileSync("package.json", "utf8");
  const used = new Set([...manifest.matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1]));
  const known = Object.keys(JSON.parse(readFileSync("package.nls.json", "utf8")) as object);
  assert.deepEqual([...used].sort(), known.sort());
});

test("arguments are filled in", () => {
  assert.equal(l10n.t("Port {0} of {1}", 8000, "shop"), "Port 8000 of shop");
  assert.equal(l10n.t("{0}"), "{0}");
});
