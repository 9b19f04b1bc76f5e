// Even Better TOML, which completes and checks by schemas that its settings name. It is in no registry that can be asked by
// name, so an extension of its name stands in for it, which declares the same setting; and taplo, which is what it checks
// with, is given what the command wrote.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { newMachine, openEditor } from "./editor.mts";
import { type Machine, prepared, until } from "./machine.mts";

/** What it declares of its settings, word for word but for the descriptions. */
const STAND_IN = {
  name: "even-better-toml",
  publisher: "tamasfe",
  version: "0.0.1",
  license: "MIT",
  engines: { vscode: "^1.68.0" },
  contributes: {
    languages: [{ id: "toml", extensions: [".toml"] }],
    configuration: {
      title: "Even Better TOML",
      properties: {
        "evenBetterToml.schema.associations": { type: "object", scope: "resource", default: {}, description: "Document and schema associations." },
      },
    },
  },
};

/** The extensions of `run` and the one that stands in. */
function withStandIn(machine: Machine): string {
  const extensions = join(machine.directory, "extensions");
  cpSync(join(prepared.work, "extensions"), extensions, { recursive: true });
  const source = join(machine.directory, "stand-in");
  mkdirSync(source);
  writeFileSync(join(source, "package.json"), JSON.stringify(STAND_IN));
  const vsix = join(machine.directory, "stand-in.vsix");
  const vsce = join(import.meta.dirname, "..", "node_modules", "@vscode", "vsce", "vsce");
  execFileSync(process.execPath, [vsce, "package", "--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", vsix], { cwd: source, stdio: "pipe" });
  const code = [join(prepared.codeServer, "out/node/entry.js"), "--config", join(machine.directory, "code-server.yaml")];
  const directories = ["--user-data-dir", join(machine.directory, "installing"), "--extensions-dir", extensions];
  execFileSync(process.execPath, [...code, ...directories, "--install-extension", vsix], { env: machine.environment, stdio: "pipe" });
  return extensions;
}

test("Even Better TOML checks port-manager.toml by our schema", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "port-manager.toml": "allowed-ports = [5432]\n" });
  const others = { "^.*/mine\\.toml$": "file:///mine.schema.json" };
  const settings = { "evenBetterToml.schema.associations": others };
  const editor = await openEditor(context, machine, { open: root, file: join(root, "port-manager.toml"), extensions: withStandIn(machine), settings });

  await editor.command("Port Manager: Use Even Better TOML for port-manager.toml");
  await editor.notification("Even Better TOML now completes and checks port-manager.toml and config.toml.").waitFor();
  await editor.picture("associated");
  const written = await until("the settings have it", () => {
    const associations = editor.settings["evenBetterToml.schema.associations"] as Record<string, string>;
    return Object.keys(associations).length > 1 && associations;
  });
  assert.deepEqual({ ...written, ...others }, written, "what was there stays");

  // As Even Better TOML does it: the pattern that fits the document's address names the schema.
  const schemaOf = (path: string) => Object.entries(written).find(([pattern]) => new RegExp(pattern).test(pathToFileURL(path).href))?.[1];
  const project = schemaOf(join(root, "port-manager.toml"));
  assert.ok(project !== undefined && fileURLToPath(project).startsWith(editor.userData), project);
  assert.ok(schemaOf(join(machine.home, ".config", "port-manager", "config.toml"))?.endsWith("/config.schema.json"));
  assert.equal(schemaOf(join(root, "pyproject.toml")), undefined);

  const lint = (file: string, ...options: string[]) => spawnSync(process.execPath, [prepared.taplo, "lint", ...options, file], { cwd: root, encoding: "utf8" });
  writeFileSync(join(root, "port-manager.toml"), "alowed-ports = [5432]\n");
  assert.equal(lint("port-manager.toml", "--no-schema").status, 0, "as TOML nothing is wrong with it");
  const refused = lint("port-manager.toml", "--schema", project);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /Additional properties are not allowed \('alowed-ports' was unexpected\)/);
  writeFileSync(join(root, "port-manager.toml"), "allowed-ports = [5432]\n");
  const accepted = lint("port-manager.toml", "--schema", project);
  assert.equal(accepted.status, 0, accepted.stderr);
});
