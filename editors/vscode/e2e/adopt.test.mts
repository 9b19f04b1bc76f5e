// A project that has ports and is not set up yet: the question about it, and adoption in one step.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { until } from "./machine.mts";

const FILES = {
  "client.js": 'fetch("http://localhost:8080/");\n',
  "compose.yaml": "services:\n  db:\n    image: postgres\n    ports: ['5432:5432']\n",
  // Every Node from this one on knows --env-file-if-exists.
  "package.json": '{ "name": "shop", "scripts": { "start": "node server.js" }, "engines": { "node": ">=22.9" } }\n',
  "server.js": "const app = require('express')();\napp.listen(8080);\n",
};

test("a project is set up and adopted in one window", async (context) => {
  const machine = newMachine(context);
  const quiet = machine.project("quiet", { "quiet.js": FILES["server.js"] });
  const fresh = machine.project("fresh", FILES);
  const shop = machine.project("shop", FILES);
  const editor = await openEditor(context, machine, { open: quiet, file: join(quiet, "quiet.js") });
  const question = (name: string) => editor.notification(`${name} has ports in its code but no .ports.env.`);

  await context.test("Never Here ends the questions about a folder, in any workspace", async () => {
    await question("quiet").getByRole("button", { name: "Never Here" }).click();
    await question("quiet").waitFor({ state: "detached" });
    await editor.remembers("setup.never");
    await editor.visit(machine.workspace([quiet, fresh]), join(quiet, "quiet.js"));
    await editor.warnings.first().waitFor();
    await editor.openFile("server.js");
    await question("fresh").waitFor();
    await editor.picture("question");
    assert.equal(await question("quiet").count(), 0);
  });

  await context.test("Set Up gives the project its ports", async () => {
    await question("fresh").getByRole("button", { name: "Set Up" }).click();
    await editor.notification(/fresh: DB_PORT=\d+, WEB_PORT=\d+\.|fresh: WEB_PORT=\d+, DB_PORT=\d+\./).waitFor();
    await editor.picture("set up");
    assert.deepEqual(Object.keys(machine.assignments(fresh)).sort(), ["DB_PORT", "WEB_PORT"]);
    assert.deepEqual(machine.assignments(quiet), {});
  });

  await context.test("Adopt Project changes nothing before and after Discard", async () => {
    await editor.visit(shop, join(shop, "server.js"));
    await question("shop").getByRole("button", { name: "Not Now" }).click();
    await editor.command("Port Manager: Adopt Project");
    await editor.dialog.getByText("Adopt shop?").waitFor();
    await editor.dialog.getByText("Changes: 4, in files: 4.").waitFor();
    await editor.picture("adopt");
    await editor.dialog.getByRole("button", { name: "Review Changes" }).click();
    await editor.previewButton("Discard").click();
    await editor.previewButton("Discard").waitFor({ state: "detached" });
  });

  await context.test("Adopt Project applies the ticked changes and registers the ports", async () => {
    await editor.command("Port Manager: Adopt Project");
    await editor.dialog.getByRole("button", { name: "Review Changes" }).click();
    await editor.previewButton("Apply").waitFor();
    assert.equal(await editor.notification("nothing was fixed").count(), 0);
    assert.deepEqual(readdirSync(shop).sort(), [".git", ...Object.keys(FILES)].sort());
    assert.deepEqual(machine.assignments(shop), {});
    for (const file of Object.keys(FILES)) {
      const box = editor.page.locator('.part.panel .monaco-list-row[aria-level="1"]', { hasText: file }).locator(".edit-checkbox");
      await box.scrollIntoViewIfNeeded();
      await box.click();
    }
    await editor.picture("preview");
    await editor.previewButton("Apply").click();
    const message = editor.notification("shop is adopted. Places that now read a variable: 3.");
    await message.waitFor();
    await editor.picture("adopted");
    await message.getByRole("button", { name: "Save All" }).click();
    const has = (file: string, part: string) => until(`${file} has ${part}`, () => readFileSync(join(shop, file), "utf8").includes(part));
    await has("server.js", "app.listen(process.env.WEB_PORT || 8080);");
    await has("client.js", "fetch(`http://localhost:${process.env.WEB_PORT || 8080}/`);");
    await has("compose.yaml", "'${DB_PORT:-5432}:5432'");
    await has("package.json", "node --env-file-if-exists=.ports.env server.js");
    const { WEB_PORT: web, DB_PORT: db } = machine.assignments(shop);
    await has(".ports.env", `WEB_PORT=${web}`);
    await has(".ports.env", `DB_PORT=${db}`);
    await has(".gitignore", ".ports.env");
  });
});
