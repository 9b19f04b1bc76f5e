// A project's ports: assigned, shown and kept current.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { lives, unusedPort, until } from "./machine.mts";

const COMPOSE = "services:\n  web:\n    image: nginx\n    ports: ['8080:80']\n  db:\n    image: postgres\n    ports: ['5432:5432']\n";

test("a project's ports in one window", async (context) => {
  const machine = newMachine(context);
  const theirs = await unusedPort();
  const root = machine.project("shop", { "compose.yaml": COMPOSE });
  const editor = await openEditor(context, machine, { open: root });
  const given = () => machine.assignments(root)["WEB_PORT"]!;

  await context.test("Initialize assigns ports, which the view and status bar show", async () => {
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

  await context.test("the view shows listeners, and works by keyboard", async () => {
    const server = await machine.listen(root, given());
    const line = editor.portLine(`WEB_PORT, ${given()}, web, node (pid ${server.pid})`);
    await line.waitFor();
    await editor.picture("running");
    await line.hover();
    await editor.picture("actions");
    await editor.showPorts();
    const take = async (action: string) => {
      await editor.page.keyboard.press("Home");
      await editor.page.keyboard.press("Shift+F10");
      const item = editor.page.locator(".monaco-menu .action-item", { hasText: action }).first();
      await item.waitFor();
      await editor.picture(action);
      await editor.page.keyboard.press("Home");
      await until(`${action} is chosen`, async () => {
        if (await item.evaluate((element) => element.classList.contains("focused"))) return true;
        await editor.page.keyboard.press("ArrowDown");
        return false;
      });
      await editor.page.keyboard.press("Enter");
    };
    await take("Copy Port");
    await until("the port is copied", async () => (await editor.page.evaluate(() => navigator.clipboard.readText())) === String(given()));
    await editor.showPorts();
    await take("Free Port");
    await editor.dialog.getByRole("button", { name: "Stop" }).waitFor();
    await editor.page.keyboard.press("Enter");
    await editor.portLine(`WEB_PORT, ${given()}, web, nothing listens`).waitFor();
    await until("it has ended", () => !lives(server.pid!));
  });

  await context.test(".ports.env is a language, with the listener after each line", async () => {
    const server = await machine.listen(root, given());
    await editor.openFromExplorer(".ports.env");
    await editor.statusBar("Ports Env").waitFor();
    await editor.waitForText(`WEB_PORT=${given()}● node (${server.pid})`);
    await editor.waitForText("○ free");
    await editor.picture("inlay hints");
    machine.cli(root, "free", String(given()), "--yes");
    await editor.portLine(`WEB_PORT, ${given()}, web, nothing listens`).waitFor();
  });

  await context.test("the view and the status bar show other projects' changes", async () => {
    const blog = machine.project("blog", { ".ports.env": `# What the blog needs.\n\nBLOG_PORT=${theirs}\n` });
    machine.cli(blog, "init");
    await editor.portLine("Other projects, 1 project").click();
    await editor.portLine("Project blog, 1 port").click();
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

  await context.test("a command labels the panel Ports with the variables", async () => {
    await machine.listen(root, given());
    await editor.command("Port Manager: Label the Ports Panel");
    const message = editor.notification("ports are labelled in your settings");
    await message.waitFor();
    const attributes = editor.settings["remote.portsAttributes"] as Record<string, { label: string }>;
    assert.equal(attributes[String(given())]?.label, "shop: WEB_PORT (port-manager)");
    assert.equal(attributes[String(theirs)]?.label, "blog: BLOG_PORT (port-manager)");
    await message.getByRole("button", { name: "Show Panel" }).click();
    await editor.page.locator(".part.panel").getByText("shop: WEB_PORT (port-manager)").first().waitFor();
    await editor.picture("panel");
  });

  await context.test("Initialize warns of invalid lines and released ports", async () => {
    const odd = machine.project("odd", { ".ports.env": "WEB_PORT=\nOLD_PORT=\n" });
    machine.cli(odd, "init");
    const { WEB_PORT: web, OLD_PORT: old } = machine.assignments(odd);
    writeFileSync(join(odd, ".ports.env"), `WEB_PORT=${web}\nnonsense\n`);
    writeFileSync(join(odd, ".ports.env.example"), "WEB_PORT=\n");
    await editor.visit(odd);
    await editor.statusBar(`WEB ${web}`).waitFor();
    await editor.command("Port Manager: Initialize");
    await editor.notification("odd: .ports.env:2: this line is not `KEY=PORT`").waitFor();
    await editor.notification(`odd: OLD_PORT (${old}) was released: no file lists it, and no code reads it.`).waitFor();
    await editor.picture("warnings");
    assert.deepEqual(machine.assignments(odd), { WEB_PORT: web });
  });

  await context.test("each folder of a workspace is a project of its own", async () => {
    const projects = ["one", "two"].map((name) => machine.project(name, { "compose.yaml": COMPOSE }));
    for (const project of projects) machine.cli(project, "init");
    await editor.visit(machine.workspace(projects));
    await editor.showPorts();
    for (const project of projects) await editor.portLine(`WEB_PORT, ${machine.assignments(project)["WEB_PORT"]}`).waitFor();
    await editor.picture("two projects");
  });
});
