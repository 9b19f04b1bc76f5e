// The first minute: the extension is installed, nothing is set.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { prepared, unusedPort, until } from "./machine.mts";

const SERVER = `import { createServer } from "node:http";

createServer((request, response) => response.end("hello")).listen(8080);
`;

test("after installation into a running editor, open files are underlined", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "server.js": SERVER });
  const file = join(root, "server.js");
  const editor = await openEditor(context, machine, { open: root, file, extensions: join(machine.directory, "extensions"), isInstalled: false });
  await editor.isReady();

  await editor.command("Extensions: Install from VSIX");
  // The dialog writes the home directory into its input when it is ready, whatever is in it by then.
  await until("the dialog has the path", async () => {
    await editor.quickInput.fill(prepared.vsix);
    return (await editor.choice("port-manager.vsix").first().waitFor({ timeout: 2000 }).then(() => true, () => false)) &&
      (await editor.quickInput.inputValue()) === prepared.vsix;
  });
  await editor.picture("installing");
  await editor.page.locator(".quick-input-widget:visible .monaco-button", { hasText: "Install" }).click();
  await editor.warnings.first().waitFor();
  await editor.picture("underlined");
  console.log(`in an editor that is ready, from activation to first findings: ${await editor.firstFindings()} ms`);
});

test("one window, from the first hover to the last fix", async (context) => {
  const machine = newMachine(context);
  const [theirs, mine, web, api] = [await unusedPort(), await unusedPort(), await unusedPort(), await unusedPort()];
  const other = machine.project("other", { ".ports.env": `BLOG_PORT=${theirs}\n` });
  machine.cli(other, "init");
  await machine.listen(other, theirs);
  const shop = machine.project("shop", { "server.js": SERVER, "hover.js": `app.listen(${theirs});\n` });
  const saved = machine.project("saved", { ".ports.env": `SAVED_PORT=${mine}\n`, "saved.js": `app.listen(${mine});\n` });
  const notes = machine.project("notes", { ".ports.env": "", "Dockerfile": "FROM nginx\nEXPOSE 8080\n" });
  const left = machine.project("left", { ".ports.env": `WEB_PORT=${web}\n`, "a.js": `app.listen(${web});\n`, "b.js": `app.listen(${web});\n` });
  const right = machine.project("right", { ".ports.env": `API_PORT=${api}\n`, "c.py": `app.run(port=${api})\n` });
  for (const root of [saved, left, right]) machine.cli(root, "init");
  const settings = { "editor.codeActionsOnSave": { "source.fixAll.port-manager": "explicit" } };
  const editor = await openEditor(context, machine, { open: shop, file: join(shop, "server.js"), settings, isTimed: true });

  await context.test("a hardcoded port is underlined, and one question offers set-up", async () => {
    await editor.warnings.first().waitFor();
    await editor.picture("underlined");
    const question = editor.notification("shop has ports in its code but no .ports.env.");
    await question.waitFor();
    await editor.picture("set up");
    await question.getByRole("button", { name: "Not Now" }).click();
    await question.waitFor({ state: "detached" });
    await editor.remembers("setup.asked");
    const { text, warning } = await editor.firstSight();
    assert.ok(warning !== undefined);
    console.log(`while VS Code starts, from activation to first findings: ${await editor.firstFindings()} ms`);
    if (text !== undefined) console.log(`from the text of the file to the first warning: ${Math.max(warning - text, 0)} ms`);
    await editor.command("Problems: Focus on Problems View");
    const problem = editor.problems.filter({ hasText: "port 8080 is hardcoded where the service listens" }).first();
    await problem.waitFor();
    await editor.picture("problems");
    await editor.visit(shop, join(shop, "hover.js"));
    await editor.warnings.first().waitFor();
    await editor.statusBarEntry("Port Manager: ").waitFor();
    assert.equal(await question.count(), 0, "Not Now is not asked again");
  });

  await context.test("a hover names the owner of the port and its listener", async () => {
    const hover = await editor.hover(String(theirs), /Belongs to project other/);
    await editor.picture("hover");
    assert.match(hover, /In use: node \(pid \d+\) listens on it/);
    await editor.page.locator(".monaco-hover a", { hasText: `Free port ${theirs}` }).click();
    await editor.dialog.waitFor();
    await editor.picture("question");
    assert.match(await editor.dialog.innerText(), new RegExp(`Stop what listens on port ${theirs}`));
    await editor.page.keyboard.press("Escape");
    await editor.dialog.waitFor({ state: "detached" });
  });

  await context.test("a quick fix puts the variable into the code, .ports.env and the registry", async () => {
    await editor.openFile("server.js");
    await editor.warnings.first().waitFor();
    await editor.goTo(3, SERVER.split("\n")[2]!.indexOf("8080") + 2);
    const fixes = await editor.quickFixes();
    await editor.picture("quick fixes");
    // Those that make a rule quiet are the last of ours; the refactorings of VS Code follow.
    assert.deepEqual(fixes.slice(0, 7), [
      "Register 8080 as WEB_PORT and use it",
      "Run port-manager init in shop",
      "Adopt shop: ports, fixes and ways of starting",
      "Ignore port-manager on this line",
      "Allow port 8080 in port-manager.toml",
      "Ignore server.js in port-manager.toml",
      "Turn off missing-ports-env in port-manager.toml",
    ]);
    // A fix of an open menu can be chosen after the findings have changed.
    writeFileSync(join(shop, "port-manager.toml"), '[severity]\nmissing-ports-env = "off"\n');
    await editor.statusBarEntry("Port Manager: 2 warnings").waitFor();
    await editor.takeQuickFix("Register 8080 as WEB_PORT and use it");
    await editor.waitForText("listen(process.env.WEB_PORT || 8080)");
    const registered = await until("the port is registered", () => machine.assignments(shop)["WEB_PORT"]);
    await editor.warnings.first().waitFor({ state: "detached" });
    await editor.save();
    await editor.picture("fixed");
    assert.equal(readFileSync(join(shop, "server.js"), "utf8"), SERVER.replace("8080", "process.env.WEB_PORT || 8080"));
    assert.match(readFileSync(join(shop, ".ports.env"), "utf8"), new RegExp(`^WEB_PORT=${registered}$`, "m"));
    assert.match(readFileSync(join(shop, ".gitignore"), "utf8"), /\.ports\.env/);
  });

  await context.test("a file is fixed on save where the settings say so", async () => {
    await editor.visit(saved, join(saved, "saved.js"));
    await editor.warnings.first().waitFor();
    await editor.goTo(2, 1);
    // VS Code waits for fixes no longer than a moment, which a busy machine may not have: then it saves without.
    await until("the file is fixed as it is saved", async () => {
      await editor.page.keyboard.type("/");
      await editor.save();
      return readFileSync(join(saved, "saved.js"), "utf8").startsWith(`app.listen(process.env.SAVED_PORT || ${mine});\n/`);
    });
    await editor.picture("saved");
  });

  await context.test("a note is a hint, and a problem where the settings say so", async () => {
    await editor.visit(notes, join(notes, "Dockerfile"));
    await editor.statusBarEntry("Port Manager: 1 note").waitFor();
    await editor.command("Problems: Focus on Problems View");
    await editor.page.getByText("No problems have been detected in the workspace.").waitFor();
    await editor.picture("hint");
    await editor.command("Port Manager: Show Findings");
    await editor.picker("Findings of Port Manager").waitFor();
    await editor.choice("Dockerfile:2").first().waitFor();
    await editor.picture("findings");
    await editor.page.keyboard.press("Enter");
    await editor.statusBar("Ln 2, Col 12 (4 selected)").waitFor();
    await editor.set({ "port-manager.diagnostics.notes": true });
    await editor.problems.filter({ hasText: "8080" }).first().waitFor();
    await editor.picture("note");
  });

  await context.test("Fix All in Workspace shows its changes first", async () => {
    await editor.visit(machine.workspace([left, right]), join(left, "a.js"));
    await editor.warnings.first().waitFor();
    await editor.goTo(1, 13);
    const first = await until("the fix for the whole project is offered", async () => {
      const fixes = await editor.quickFixes();
      await editor.page.keyboard.press("Escape");
      // The server offers it once it has read the whole project.
      return fixes.some((title) => title.includes("whole project")) && fixes.slice(0, 2);
    });
    assert.deepEqual(first, [`Use process.env.WEB_PORT (${web})`, `Use WEB_PORT for ${web} in the whole project (2 places in 2 files)`]);
    const fixed = `app.listen(process.env.WEB_PORT || ${web});\n`;
    await editor.command("Port Manager: Fix All in Workspace");
    await editor.dialog.getByText(/Changes: \d+, in files: 3\./).waitFor();
    await editor.picture("question about all");
    await editor.dialog.getByRole("button", { name: "Review Changes" }).click();
    await editor.previewButton("Discard").waitFor();
    await editor.picture("preview");
    await editor.previewButton("Discard").click();
    assert.equal(readFileSync(join(left, "a.js"), "utf8"), `app.listen(${web});\n`, "nothing is changed before the answer");
    await editor.command("Port Manager: Fix All in Workspace");
    await editor.dialog.getByRole("button", { name: "Apply" }).click();
    const message = editor.notification("3 hardcoded ports in 3 files");
    await message.waitFor();
    await editor.picture("fixed everywhere");
    await message.getByRole("button", { name: "Save All" }).click();
    for (const file of ["a.js", "b.js"]) await until("all are on the disk", () => readFileSync(join(left, file), "utf8") === fixed);
    await until("all are on the disk", () => readFileSync(join(right, "c.py"), "utf8").endsWith(`app.run(port=int(os.environ.get("API_PORT", "${api}")))\n`));
  });
});
