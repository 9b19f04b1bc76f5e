// Programs that VS Code starts: tasks, and programs under its debugger.
import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { type Editor, newMachine, openEditor } from "./editor.mts";
import { until } from "./machine.mts";

/** Writes down which number it has, as what a debugger prints is hard to read from the page. */
const SERVER = 'require("fs").writeFileSync("number", String(process.env.WEB_PORT || 8080) + "\\n");\n';

const FILES = {
  "server.js": SERVER,
  ".ports.env.example": "WEB_PORT=8080\n",
  // Every Node knows --env-file-if-exists.
  "package.json": '{ "engines": { "node": ">=22.9" } }\n',
};

/** The number that the program has once it was started. */
async function numberAfter(root: string, start: () => Promise<void>): Promise<string> {
  const file = join(root, "number");
  rmSync(file, { force: true });
  await start();
  return await until("the program has started", () => {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    return text.endsWith("\n") && text.trim();
  });
}

async function runTask(editor: Editor, label: string): Promise<void> {
  await editor.command("Tasks: Run Task");
  await editor.choice(label).first().click();
}

test("tasks and debuggers have the project's ports", async (context) => {
  const machine = newMachine(context);
  const tasks = [
    { label: "start shell", type: "shell", command: "node server.js", problemMatcher: [] },
    { label: "start process", type: "process", command: "node", args: ["server.js"], problemMatcher: [] },
  ];
  // Neither in a terminal, nor with an `envFile`.
  const configuration = { name: "API", type: "node", request: "launch", program: "${workspaceFolder}/server.js" };
  const root = machine.project("shop", {
    ...FILES,
    ".vscode/tasks.json": JSON.stringify({ version: "2.0.0", tasks }),
    ".vscode/launch.json": JSON.stringify({ version: "0.2.0", configurations: [configuration] }),
  });
  machine.cli(root, "init");
  machine.cli(root, "set", "WEB_PORT=8055");
  const editor = await openEditor(context, machine, { open: root });
  await editor.statusBar("WEB 8055").waitFor();
  await editor.isReady();
  const starts: [string, () => Promise<void>][] = [
    ["the shell task", () => runTask(editor, "start shell")],
    ["the process task", () => runTask(editor, "start process")],
    ["the debugger", () => editor.command("Debug: Start Debugging")],
  ];
  const all = async (expected: string) => {
    for (const [what, start] of starts) {
      const number = await numberAfter(root, start);
      await editor.picture(`${what} ${expected}`);
      assert.equal(number, expected, what);
    }
  };

  await context.test("the extension adds the ports to terminals and debug configurations", () => all("8055"));

  await context.test("settings turn that off", async () => {
    await editor.set({ "port-manager.terminal.environment": false, "port-manager.debug.environment": false });
    // VS Code tells the extension in its own time.
    await until("a task starts without", async () => (await numberAfter(root, starts[1]![1])) === "8080");
    await all("8080");
  });

  await context.test("integrated tasks and configurations load the ports themselves", async () => {
    machine.cli(root, "integrate", "vscode", "--yes");
    await all("8055");
    renameSync(join(root, ".ports.env"), join(root, "aside"));
    await all("8080");
  });
});
