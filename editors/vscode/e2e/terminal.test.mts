// Terminals: their environment, and the way out of "address already in use".
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { lives, until } from "./machine.mts";

test("a terminal has the project's ports, and a way out where one is in use", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", { "compose.yaml": "services:\n  web:\n    image: nginx\n    ports: ['8080:80']\n" });
  machine.cli(root, "init");
  const web = machine.assignments(root)["WEB_PORT"]!;
  const editor = await openEditor(context, machine, { open: root });
  await editor.statusBar(`WEB ${web}`).waitFor();
  await context.test("a port that is in use is offered to be freed", async () => {
    await editor.openTerminal();
    await editor.typeInTerminal("echo web is $WEB_PORT.");
    await editor.terminalText(new RegExp(`web is ${web}\\.`));
    await editor.picture("environment");

    const server = await machine.listen(root, web);
    await editor.typeInTerminal(`node -e 'require("http").createServer().listen(${web}, "127.0.0.1")'`);
    const offer = editor.notification(`Port ${web} is already in use.`);
    await offer.waitFor();
    await editor.picture("offer");
    await offer.getByRole("button", { name: "Free Port" }).click();
    await editor.dialog.getByRole("button", { name: "Stop" }).click();
    await until("the other server has ended", () => !lives(server.pid!));
  });

  await context.test("the command can be typed once more with another port", async () => {
    await machine.listen(root, web);
    await editor.command("Terminal: Focus Terminal");
    await editor.typeInTerminal(`node -e 'require("http").createServer().listen(process.env.WEB_PORT, "127.0.0.1")'`);
    const offer = editor.notification(`Port ${web} is already in use.`);
    await offer.getByRole("button", { name: "Use Another Port" }).click();
    await editor.terminalText(/WEB_PORT=\d+ node -e/);
    await editor.picture("typed");
  });
});
