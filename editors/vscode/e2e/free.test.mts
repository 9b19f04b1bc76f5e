// Free Port, against processes that really listen.
import assert from "node:assert/strict";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { lives, unusedPort, until } from "./machine.mts";

test("Free Port stops who listens, and takes the number that is typed", async (context) => {
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

  await context.test("it names who listens before it stops it, and its client lives on", async () => {
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

  await context.test("a number that is typed is taken, whatever else listens", async () => {
    const busyPort = await unusedPort();
    const busy = await machine.listen(root, busyPort);
    // Matches the number of who listens as well: 3, 4, 5 or 6.
    const digit = String(busyPort)[0]!;
    await editor.command("Port Manager: Free Port");
    await editor.picker("Free a port").waitFor();
    await editor.choice(`(pid ${busy.pid})`).waitFor();
    await editor.quickInput.fill(digit);
    await editor.page.keyboard.press("Enter");
    await editor.notification(`Nothing listens on port ${digit}.`).waitFor();
    await editor.picture("nothing");
    assert.ok(lives(busy.pid!));

    await editor.command("Port Manager: Free Port");
    await editor.picker("Free a port").waitFor();
    await editor.quickInput.fill(digit);
    await editor.choice("free this port").waitFor();
    await editor.picture("typed");
    await editor.choice(`(pid ${busy.pid})`).click();
    await editor.dialog.waitFor();
    assert.match(await editor.dialog.innerText(), new RegExp(`pid ${busy.pid}`), "a click is a choice, too");
  });
});
