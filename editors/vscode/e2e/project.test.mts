// A project's ports: given, shown, followed.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { lives, unusedPort, until } from "./machine.mts";

const COMPOSE = "services:\n  web:\n    image: nginx\n    ports: ['8080:80']\n  db:\n    image: postgres\n    ports: ['5432:5432']\n";

test("Initialize gives a fresh folder its ports, and the view and the status bar show them", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "compose.yaml": COMPOSE });
  const editor = await openEditor(context, machine, { open: root });
  await editor.showPorts();
  await editor.page.getByText("This project has no ports of its own yet.").waitFor();
  await editor.picture("welcome");

  await editor.page.getByRole("button", { name: "Initialize Ports" }).click();
  await editor.notification(/shop: WEB_PORT=\d+, DB_PORT=\d+\./).waitFor();
  const { WEB_PORT: web, DB_PORT: db } = machine.assignments(root);
  await editor.portLine(`WEB_PORT, ${web}, web, nothing listens`).waitFor();
  await editor.portLine(`DB_PORT, ${db}, db, nothing listens`).waitFor();
  await editor.statusBar(`WEB ${web}`).waitFor();
  await editor.picture("initialized");
  assert.match(readFileSync(join(root, ".ports.env"), "utf8"), new RegExp(`^WEB_PORT=${web}$`, "m"));
  assert.ok(existsSync(join(root, ".ports.env.example")));
});

test("Initialize warns of lines that it leaves alone and of ports that it releases", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { ".ports.env": "WEB_PORT=\nOLD_PORT=\n" });
  machine.cli(root, "init");
  const { WEB_PORT: web, OLD_PORT: old } = machine.assignments(root);
  writeFileSync(join(root, ".ports.env"), `WEB_PORT=${web}\nnonsense\n`);
  writeFileSync(join(root, ".ports.env.example"), "WEB_PORT=\n");
  const editor = await openEditor(context, machine, { open: root });
  await editor.statusBar(`WEB ${web}`).waitFor();

  await editor.command("Port Manager: Initialize");
  await editor.notification("shop: .ports.env:2: this line is not `KEY=PORT`").waitFor();
  await editor.notification(`shop: OLD_PORT (${old}) was released: no file lists it, and no code reads it.`).waitFor();
  await editor.picture("warnings");
  assert.deepEqual(machine.assignments(root), { WEB_PORT: web });
});

test("the view and the status bar follow what happens elsewhere", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "compose.yaml": COMPOSE });
  const editor = await openEditor(context, machine, { open: root });
  await editor.showPorts();
  machine.cli(root, "init");
  const web = machine.assignments(root)["WEB_PORT"]!;
  await editor.portLine(`WEB_PORT, ${web}, web, nothing listens`).waitFor();
  await editor.picture("initialized elsewhere");

  const server = await machine.listen(root, web);
  await editor.portLine(`WEB_PORT, ${web}, web, node (pid ${server.pid})`).waitFor();
  await editor.picture("running");
  machine.cli(root, "free", String(web), "--yes");
  await editor.portLine(`WEB_PORT, ${web}, web, nothing listens`).waitFor();
  assert.ok(!lives(server.pid!));

  const theirs = await unusedPort();
  const blog = machine.project("blog", { ".ports.env": `# What the blog needs.\n\nBLOG_PORT=${theirs}\n` });
  machine.cli(blog, "init");
  await editor.portLine("Other projects").click();
  await editor.portLine("blog").click();
  await editor.portLine(`BLOG_PORT, ${theirs}, misc, nothing listens`).click();
  await editor.statusBar("Ln 3, Col 1").waitFor();
  await editor.statusBar(`BLOG ${theirs}`).waitFor();
  await editor.picture("another project");

  await editor.openFile("compose.yaml");
  writeFileSync(join(root, ".ports.env"), `WEB_PORT=${theirs}\n`);
  await editor.portLine(`WEB_PORT, ${theirs}, web, belongs to blog`).waitFor();
  await editor.page.locator(".statusbar-item.warning-kind", { hasText: `WEB ${theirs}` }).waitFor();
  await editor.picture("conflict");
});

test(".ports.env is a language, with who listens behind each line", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "compose.yaml": COMPOSE });
  machine.cli(root, "init");
  const web = machine.assignments(root)["WEB_PORT"]!;
  const server = await machine.listen(root, web);
  const editor = await openEditor(context, machine, { open: root });
  await editor.openFromExplorer(".ports.env");
  await editor.statusBar("Ports").waitFor();
  await editor.waitForText(`WEB_PORT=${web}● node (${server.pid})`);
  await editor.waitForText("○ free");
  await editor.picture("inlay hints");

  await editor.showPorts();
  const line = editor.portLine(`WEB_PORT, ${web}`);
  await line.hover();
  await editor.picture("actions");
  await line.getByRole("button", { name: "Copy Port" }).click();
  await until("the port is copied", async () => (await editor.page.evaluate(() => navigator.clipboard.readText())) === String(web));
});

test("each folder of a workspace is a project of its own", async (context) => {
  const machine = newMachine(context);
  const shop = machine.project("shop", { "compose.yaml": COMPOSE });
  const blog = machine.project("blog", { "compose.yaml": COMPOSE });
  for (const root of [shop, blog]) machine.cli(root, "init");
  const editor = await openEditor(context, machine, { open: machine.workspace([shop, blog]) });
  await editor.showPorts();
  for (const root of [shop, blog]) {
    await editor.portLine(`WEB_PORT, ${machine.assignments(root)["WEB_PORT"]}`).waitFor();
  }
  await editor.picture("two projects");
});
