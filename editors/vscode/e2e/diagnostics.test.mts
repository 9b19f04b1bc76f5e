// The first minute: the extension is installed, nothing is set.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { prepared, unusedPort, until } from "./machine.mts";

const SERVER = `import { createServer } from "node:http";

createServer((request, response) => response.end("hello")).listen(8080);
`;

test("a hardcoded port is underlined at once, without any settings", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "server.js": SERVER });
  const editor = await openEditor(context, machine, { open: root, file: join(root, "server.js") });

  await editor.warnings.first().waitFor();
  await editor.picture("underlined");
  const { text, warning } = await editor.firstSight();
  assert.ok(warning !== undefined);
  console.log(`while VS Code starts, from activation to first findings: ${await editor.firstFindings()} ms`);
  if (text !== undefined) console.log(`from the text of the file to the first warning: ${Math.max(warning - text, 0)} ms`);
  await editor.command("Problems: Focus on Problems View");
  const problem = editor.page.locator(".markers-panel .monaco-list-row").filter({ hasText: "8080" }).first();
  await problem.waitFor();
  assert.match(await problem.innerText(), /port 8080 is hardcoded where the service listens/);
  await editor.picture("problems");
});

test("installed into an editor that runs, it underlines what is open", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "server.js": SERVER });
  const file = join(root, "server.js");
  const editor = await openEditor(context, machine, { open: root, file, extensions: join(machine.directory, "extensions") });
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

test("a hover names the project whose port it is, and who listens", async (context) => {
  const machine = newMachine(context);
  const port = await unusedPort();
  const blog = machine.project("blog", { ".ports.env": `BLOG_PORT=${port}\n` });
  machine.cli(blog, "init");
  const root = machine.project("shop", { "server.js": `app.listen(${port});\n` });
  await machine.listen(blog, port);
  const editor = await openEditor(context, machine, { open: root, file: join(root, "server.js") });

  await editor.warnings.first().waitFor();
  const hover = await editor.hover(String(port), /Belongs to project blog/);
  await editor.picture("hover");
  assert.match(hover, /In use: node \(pid \d+\) listens on it/);
  await editor.page.locator(".monaco-hover a", { hasText: `Free port ${port}` }).click();
  await editor.dialog.waitFor();
  await editor.picture("question");
  assert.match(await editor.dialog.innerText(), new RegExp(`Stop what listens on port ${port}`));
});

test("a quick fix puts the variable into the code, .ports.env and the registry", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "server.js": SERVER });
  const editor = await openEditor(context, machine, { open: root, file: join(root, "server.js") });

  await editor.warnings.first().waitFor();
  await editor.goTo(3, SERVER.split("\n")[2]!.indexOf("8080") + 2);
  const fixes = await editor.quickFixes();
  await editor.picture("quick fixes");
  assert.ok(fixes.includes("Register 8080 as WEB_PORT and use it"), fixes.join("; "));
  assert.ok(fixes.includes("Ignore port-manager on this line"), fixes.join("; "));
  await editor.takeQuickFix("Register 8080 as WEB_PORT and use it");
  await editor.waitForText("listen(process.env.WEB_PORT || 8080)");
  const registered = await until("the port is registered", () => machine.assignments(root)["WEB_PORT"]);
  await editor.warnings.first().waitFor({ state: "detached" });
  await editor.save();
  await editor.picture("fixed");
  assert.equal(readFileSync(join(root, "server.js"), "utf8"), SERVER.replace("8080", "process.env.WEB_PORT || 8080"));
  assert.match(readFileSync(join(root, ".ports.env"), "utf8"), new RegExp(`^WEB_PORT=${registered}$`, "m"));
  assert.match(readFileSync(join(root, ".gitignore"), "utf8"), /\.ports\.env/);
});

test("what is saved is fixed, where that is wanted", async (context) => {
  const machine = newMachine(context);
  const port = await unusedPort();
  const root = machine.project("shop", { ".ports.env": `WEB_PORT=${port}\n`, "server.js": `app.listen(${port});\n` });
  machine.cli(root, "init");
  const settings = { "editor.codeActionsOnSave": { "source.fixAll.port-manager": "explicit" } };
  const editor = await openEditor(context, machine, { open: root, file: join(root, "server.js"), settings });

  await editor.warnings.first().waitFor();
  await editor.goTo(2, 1);
  // VS Code waits for fixes no longer than a moment, which a busy machine may not have: then it saves without.
  await until("the file is fixed as it is saved", async () => {
    await editor.page.keyboard.type("/");
    await editor.save();
    return readFileSync(join(root, "server.js"), "utf8").startsWith(`app.listen(process.env.WEB_PORT || ${port});\n/`);
  });
  await editor.picture("saved");
});

test("everything that needs no decision is fixed in all folders at once", async (context) => {
  const machine = newMachine(context);
  const [web, api] = [await unusedPort(), await unusedPort()];
  const shop = machine.project("shop", { ".ports.env": `WEB_PORT=${web}\n`, "a.js": `app.listen(${web});\n`, "b.js": `app.listen(${web});\n` });
  const blog = machine.project("blog", { ".ports.env": `API_PORT=${api}\n`, "c.py": `app.run(port=${api})\n` });
  for (const root of [shop, blog]) machine.cli(root, "init");
  const workspace = machine.workspace([shop, blog]);
  const editor = await openEditor(context, machine, { open: workspace });

  await editor.command("Port Manager: Fix All in Workspace");
  const message = editor.notification("3 hardcoded ports in 3 files");
  await message.waitFor();
  await editor.picture("fixed");
  await message.getByRole("button", { name: "Save All" }).click();
  await until("all are on the disk", () => readFileSync(join(shop, "b.js"), "utf8") === `app.listen(process.env.WEB_PORT || ${web});\n`);
  await until("all are on the disk", () => readFileSync(join(shop, "a.js"), "utf8") === `app.listen(process.env.WEB_PORT || ${web});\n`);
  await until("all are on the disk", () => readFileSync(join(blog, "c.py"), "utf8").endsWith(`app.run(port=int(os.environ.get("API_PORT", "${api}")))\n`));
});
