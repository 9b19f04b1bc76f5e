import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

interface Manifest {
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string }[]>;
    grammars: { path: string }[];
    languages: { configuration: string }[];
    walkthroughs: { steps: { media: { markdown: string } }[] }[];
    configuration: { properties: Record<string, { scope: string; markdownDescription?: string }> };
  };
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const sources = readdirSync("src").map((name) => readFileSync(`src/${name}`, "utf8")).join("\n");

test("the manifest has exactly the registered commands", () => {
  const registered = [...sources.matchAll(/register\("(\w+)"/g)].map((call) => `portManager.${call[1]}`);
  assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), registered.sort());
});

test("menus name commands that exist", () => {
  const known = new Set(manifest.contributes.commands.map(({ command }) => command));
  for (const { command } of Object.values(manifest.contributes.menus).flat()) assert.ok(known.has(command), command);
});

test("every file that the manifest names exists", () => {
  const { grammars, languages, walkthroughs } = manifest.contributes;
  const files = [
    ...grammars.map(({ path }) => path),
    ...languages.map(({ configuration }) => configuration),
    ...walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
  ];
  for (const file of files) assert.ok(existsSync(file), file);
});

test("no workspace sets the binary, and every setting is described", () => {
  const { properties } = manifest.contributes.configuration;
  assert.equal(properties["port-manager.server.path"]?.scope, "machine");
  for (const [name, { markdownDescription }] of Object.entries(properties)) assert.ok(markdownDescription, name);
});

test("settings that the extension reads are in the manifest", () => {
  const read = [...sources.matchAll(/\.get\("([\w.]+)"/g)].map((call) => `port-manager.${call[1]}`);
  assert.ok(read.length > 2);
  for (const name of read) assert.ok(name in manifest.contributes.configuration.properties, name);
});

test("the README describes every setting", () => {
  const readme = readFileSync("README.md", "utf8");
  for (const name of Object.keys(manifest.contributes.configuration.properties)) assert.ok(readme.includes(`\`${name}\``), name);
});
