// The standard features of VS Code with the server's answers: lenses, places, completion, hover, rename.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { lives, until } from "./machine.mts";

const FILES = {
  "server.js": "app.listen(process.env.WEB_PORT || 8080);\n\n",
  "client.js": 'fetch("http://localhost:8080/");\n',
  ".ports.env.example": "WEB_PORT=8080\n",
};

/** In the name of the variable in `server.js`. */
const IN_VARIABLE = FILES["server.js"].indexOf("WEB_PORT") + 3;

test("a port is navigated and renamed in one window", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", FILES);
  machine.cli(root, "init");
  machine.cli(root, "set", "WEB_PORT=8055");
  const server = await machine.listen(root, 8055);
  const editor = await openEditor(context, machine, { open: root, file: join(root, "server.js") });
  const { page } = editor;
  await editor.statusBar("WEB 8055").waitFor();

  const lenses = page.locator(".editor-instance .codelens-decoration:visible");
  const peek = page.locator(".reference-zone-widget");
  /** Waits until a peek at places lists them all, by file, and closes it. */
  const peekHas = async (title: RegExp, ...files: string[]) => {
    await peek.locator(".peekview-title", { hasText: title }).waitFor();
    for (const file of files) await peek.locator(`.monaco-list-row[aria-label*="${file}"]`).first().waitFor();
    await editor.picture(String(title.source));
    await page.keyboard.press("Escape");
    await peek.waitFor({ state: "detached" });
  };

  await context.test("a lookup leads to its definitions and all places", async () => {
    await editor.goTo(1, IN_VARIABLE);
    await page.keyboard.press("F12");
    await peekHas(/Definitions \(2\)/, "ports.env", "ports.env.example");
    await editor.goTo(1, IN_VARIABLE);
    await page.keyboard.press("Shift+F12");
    await peekHas(/References \(4\)/, "server.js", "client.js", "ports.env", "ports.env.example");
  });

  await context.test("a hover has the number, the places and the listener", async () => {
    const hover = await editor.hover("WEB_PORT", /Belongs to this project as WEB_PORT/);
    assert.match(hover, /WEB_PORT = 8055/);
    assert.match(hover, /Listens: server\.js:1/);
    assert.match(hover, new RegExp(`node \\(pid ${server.pid}\\) listens on it`));
    await editor.picture("hover");
  });

  await context.test("completion in a lookup offers the project's variables first", async () => {
    await editor.goTo(2, 1);
    await page.keyboard.type("fetch(process.env.");
    const offers = page.locator(".suggest-widget.visible .monaco-list-row");
    // Until the server answers, VS Code shows what TypeScript offers.
    await until("the variable is offered", async () => {
      if (await offers.filter({ hasText: "8055" }).first().isVisible()) return true;
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+Space");
      return await offers.filter({ hasText: "8055" }).first().waitFor({ timeout: 3000 }).then(() => true, () => false);
    });
    await editor.picture("completion");
    assert.match(await offers.first().innerText(), /^WEB_PORT\s+8055$/);
    await offers.first().click();
    await editor.waitForText("fetch(process.env.WEB_PORT");
    await editor.save();
    assert.match(readFileSync(join(root, "server.js"), "utf8"), /\nfetch\(process\.env\.WEB_PORT \|\| 8080\)\n/);
  });

  await context.test("lenses of .ports.env show and free the listener, and list places", async () => {
    await editor.openFromExplorer(".ports.env");
    await lenses.filter({ hasText: `node (${server.pid}) listens on 8055` }).first().waitFor();
    await lenses.locator("a", { hasText: "open http://localhost:8055" }).first().waitFor();
    await editor.picture("lenses");
    await lenses.locator("a", { hasText: "free it" }).first().click();
    await editor.dialog.getByRole("button", { name: "Stop" }).click();
    await lenses.filter({ hasText: "8055 is free" }).first().waitFor();
    await until("the server has ended", () => !lives(server.pid!));
    // VS Code is replacing the lenses, as the port has become free, and a click may be lost.
    await until("the places are shown", async () => {
      await lenses.locator("a", { hasText: "3 places" }).first().click();
      return await peek.waitFor({ timeout: 3000 }).then(() => true, () => false);
    });
    await peekHas(/Locations \(3\)/, "client.js", "server.js");
  });

  await context.test("a rename and its undo change all files and the registry", async () => {
    const original = readFileSync(join(root, "server.js"), "utf8");
    /** Waits until all files on the disk, and the registry, have the name. */
    const isEverywhere = async (name: string) => {
      await until(`the registry has ${name}`, () => machine.assignments(root)[name] === 8055);
      assert.match(readFileSync(join(root, ".ports.env"), "utf8"), new RegExp(`^${name}=8055$`, "m"));
      assert.equal(readFileSync(join(root, ".ports.env.example"), "utf8"), `${name}=8080\n`);
      assert.equal(readFileSync(join(root, "server.js"), "utf8"), original.replaceAll("WEB_PORT", name));
      assert.deepEqual(Object.keys(machine.assignments(root)), [name]);
      await editor.statusBar(`${name.replace("_PORT", "")} 8055`).waitFor();
    };
    /** Undoes or repeats: VS Code does so in all files at once, without saving them. */
    const takeBack = async (keys: string, name: string) => {
      await page.keyboard.press(keys);
      await editor.waitForText(`process.env.${name}`);
      await page.locator(".tab.dirty", { hasText: ".ports.env.example" }).waitFor();
      await editor.picture(keys);
      await editor.command("File: Save All Files");
      await isEverywhere(name);
    };
    await editor.openFile("server.js");
    await editor.goTo(1, IN_VARIABLE);
    await page.keyboard.press("F2");
    const box = page.locator("input.rename-input:visible");
    await box.waitFor();
    await box.fill("SHOP_PORT");
    await editor.picture("rename");
    await page.keyboard.press("Enter");
    await editor.waitForText("process.env.SHOP_PORT");
    // VS Code saves what a rename has changed (files.refactoring.autoSave).
    await isEverywhere("SHOP_PORT");
    await editor.picture("renamed");
    await takeBack("Control+Z", "WEB_PORT");
    await takeBack("Control+Y", "SHOP_PORT");
  });
});
