import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { SCHEMAS, withOurs } from "../src/associations";

const uriOf = (file: string) => `file:///storage/${file}`;

function schemaOf(document: string): string | undefined {
  const found = Object.entries(withOurs({}, uriOf)).filter(([pattern]) => new RegExp(pattern).test(document));
  assert.ok(found.length <= 1, document);
  return found[0]?.[1];
}

test("each of our files has its schema, others have none", () => {
  assert.equal(schemaOf("file:///home/dev/shop/port-manager.toml"), uriOf("port-manager.schema.json"));
  assert.equal(schemaOf("file:///home/dev/.config/port-manager/config.toml"), uriOf("config.schema.json"));
  for (const other of ["file:///a/config.toml", "file:///a/x-port-manager.toml", "file:///a/port-managerxtoml"]) {
    assert.equal(schemaOf(other), undefined, other);
  }
});

test("the user's associations stay, and a second run changes nothing", () => {
  const theirs = { "^.*foo.toml$": "https://example.com/foo.json" };
  const once = withOurs(theirs, uriOf);
  assert.equal(once["^.*foo.toml$"], theirs["^.*foo.toml$"]);
  assert.deepEqual(withOurs(once, uriOf), once);
});

test("every packed schema is associated and equals that of docs/", () => {
  assert.deepEqual(readdirSync("schemas").sort(), SCHEMAS.map(({ file }) => file).sort());
  for (const { file } of SCHEMAS) {
    assert.equal(readFileSync(`schemas/${file}`, "utf8"), readFileSync(`../../docs/${file}`, "utf8"));
  }
  assert.ok(existsSync(".vscodeignore") && readFileSync(".vscodeignore", "utf8").includes("!schemas/**"));
});
