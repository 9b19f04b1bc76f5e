// Whether files of Lua are formatted as stylua formats them, by its package in the npm registry, which is the same program
// compiled to WebAssembly. It reads no stylua.toml, so this does.
// usage: node format.mjs [--write] STYLUA_PACKAGE STYLUA_TOML FILE...
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const words = process.argv.slice(2);
const writes = words[0] === "--write" && words.shift() !== undefined;
const [home, settings, ...files] = words;
const stylua = createRequire(import.meta.url)(home);

const kinds = { indent_type: stylua.IndentType, quote_style: stylua.QuoteStyle };
const options = [...readFileSync(settings, "utf8").matchAll(/^(\w+) = (.+)$/gm)].map(([, name, value]) => [name, JSON.parse(value)]);

// Formatting takes a configuration for itself, so each file has its own.
function configuration() {
  const config = stylua.Config.new();
  for (const [name, value] of options) config[name] = name in kinds ? kinds[name][value] : value;
  config.syntax = stylua.LuaVersion.LuaJIT;
  return config;
}

let unformatted = 0;
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const formatted = stylua.formatCode(text, configuration(), undefined, stylua.OutputVerification.Full);
  if (formatted === text) continue;
  unformatted += 1;
  if (writes) writeFileSync(file, formatted);
  console.log(`${writes ? "formatted" : "not formatted"}: ${file}`);
}
process.exitCode = unformatted > 0 && !writes ? 1 : 0;
