// Bundles the extension into dist/extension.js, with the licences of what is in it beside it; with --tests, the tests into
// dist/test instead.
import { build } from "esbuild";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { licencesOf } from "./licences.mjs";

const common = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };

if (process.argv.includes("--tests")) {
  rmSync("dist/test", { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: readdirSync("test").filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name}`),
    outdir: "dist/test",
    format: "esm",
    outExtension: { ".js": ".mjs" },
  });
} else {
  const { metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    format: "cjs",
    external: ["vscode"],
    minify: process.argv.includes("--minify"),
    sourcemap: !process.argv.includes("--minify"),
  });
  writeFileSync("dist/THIRD-PARTY-LICENSES.txt", licencesOf(metafile));
}
