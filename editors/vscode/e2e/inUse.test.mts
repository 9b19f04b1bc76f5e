// Ports that are in use: Free Port, against processes that really listen, and the offers in a terminal.
import assert from "node:assert/strict";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { lives, unusedPort, until } from "./machine.mts";

test("ports that are in use, in one window", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "compose.yaml": "services:\n  web:\n    image: nginx\n    ports: ['8080:80']\n" });
  machine.cli(root, "init");
  const port = machine.assignments(root)["WEB_PORT"]!;
  const server = await machine.listen(root, port);
  const client = await machine.script(
    root,
    `require("net").connect(${port}, "127.0.0.1", () => console.log("connected")).on("error", () => {}); setInterval(() => {}, 1000)`,
  );
  const editor = await openEditor(context, machine, { open: root });
  await editor.statusBar(`WEB ${port}`).waitFor();

  await context.test("Free Port names the listener before it stops it, not its clients", async () => {
    await editor.command("Port Manager: Free Port");
    const line = editor.choice(`${port}  WEB_PORT`);
    await line.waitFor();
    await editor.picture("picker");
    assert.match(await line.innerText(), new RegExp(`node \\(pid ${server.pid}\\)`));
    await editor.quickInput.fill(String(port));
    await editor.page.keyboard.press("Enter");
    await editor.dialog.waitFor();
    await editor.picture("question");
    const question = await editor.dialog.innerText();
    assert.match(question, new RegExp(`Stop what listens on port ${port}\\?`));
    assert.match(question, new RegExp(`node \\(pid ${server.pid}, user \\w+\\) in shop`));
    assert.ok(lives(server.pid!), "nobody is stopped before the answer");

    await editor.dialog.getByRole("button", { name: "Stop" }).click();
    await editor.notification(`Port ${port} is free: node (pid ${server.pid}) stopped.`).waitFor();
    await editor.picture("freed");
    await until("the server has ended", () => !lives(server.pid!));
    assert.ok(lives(client.child.pid!), "the client lives on");
  });

  await context.test("Free Port takes a number that is typed", async () => {
    const busyPort = await unusedPort();
    const busy = await machine.listen(root, busyPort);
    // Matches the number of who listens as well: 3, 4, 5 or 6.
    const digit = String(busyPort)[0]!;
    await editor.command("Port Manager: Free Port");
    await editor.picker("Free a port").waitFor();
    // Of a long list only what can be seen is on the page.
    await editor.choices.first().waitFor();
    await editor.quickInput.fill(digit);
    await editor.page.keyboard.press("Enter");
    await editor.notification(`Nothing listens on port ${digit}.`).waitFor();
    await editor.picture("nothing");
    assert.ok(lives(busy.pid!));

    await editor.command("Port Manager: Free Port");
    await editor.picker("Free a port").waitFor();
    await editor.quickInput.fill(String(busyPort).slice(0, -1));
    await editor.choice("free this port").waitFor();
    await editor.picture("typed");
    await editor.choice(`(pid ${busy.pid})`).click();
    await editor.dialog.waitFor();
    assert.match(await editor.dialog.innerText(), new RegExp(`pid ${busy.pid}`), "a click is a choice, too");
    await editor.page.keyboard.press("Escape");
    await editor.dialog.waitFor({ state: "detached" });
  });

  await context.test("a terminal has the project's ports, and offers to free one that is in use", async () => {
    await editor.openTerminal();
    await editor.typeInTerminal("echo web is $WEB_PORT.");
    await editor.terminalText(new RegExp(`web is ${port}\\.`));
    await editor.picture("environment");

    const server = await machine.listen(root, port);
    await editor.typeInTerminal(`node -e 'require("http").createServer().listen(${port}, "127.0.0.1")'`);
    const offer = editor.notification(`Port ${port} is already in use.`);
    await offer.waitFor();
    await editor.picture("offer");
    await offer.getByRole("button", { name: "Free Port" }).click();
    await editor.dialog.getByRole("button", { name: "Stop" }).click();
    await until("the other server has ended", () => !lives(server.pid!));
  });

  await context.test("a command can be repeated with another port", async () => {
    await machine.listen(root, port);
    await editor.command("Terminal: Focus Terminal");
    await editor.typeInTerminal(`node -e 'require("http").createServer().listen(process.env.WEB_PORT, "127.0.0.1")'`);
    const offer = editor.notification(`Port ${port} is already in use.`);
    await offer.getByRole("button", { name: "Use Another Port" }).click();
    await editor.terminalText(/WEB_PORT=\d+ node -e/);
    await editor.picture("typed");
  });
});
