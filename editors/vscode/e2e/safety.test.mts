// An untrusted workspace, and a server that is missing or crashes.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { newMachine, openEditor } from "./editor.mts";
import { prepared, until, writeProgram } from "./machine.mts";

const FILES = { "server.js": "app.listen(8080);\n" };

test("an untrusted workspace is checked, and nothing is written or stopped", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", FILES);
  const editor = await openEditor(context, machine, { open: root, file: join(root, "server.js"), trusted: false });
  // VS Code asks first, and goes on in restricted mode.
  await editor.dialog.getByRole("button", { name: /No, I don't trust|Browse in Restricted Mode/ }).click({ timeout: 10_000 }).catch(() => undefined);
  await editor.warnings.first().waitFor();
  await editor.picture("restricted");
  for (const title of ["Free Port", "Initialize Ports", "Reserve a Free Port", "Clean Registry", "Fix All in Workspace"]) {
    assert.ok(!(await editor.offers(`Port Manager: ${title}`)), title);
  }
  assert.ok(await editor.offers("Port Manager: Show Project Ports"));
  await editor.goTo(1, 14);
  const fixes = await editor.quickFixes();
  await editor.picture("quick fixes");
  assert.ok(!fixes.some((title) => /^(?:Register|Run port-manager)/.test(title)), fixes.join("; "));
  assert.deepEqual(readdirSync(root).sort(), [".git", "server.js"]);
  assert.ok(!existsSync(join(machine.directory, "config", "registry.json")));
});

test("a server that does not run causes one message with a remedy", async (context) => {
  const machine = newMachine(context);
  const root = machine.project("shop", FILES);
  // As an extension of a platform that no binary was built for.
  const extensions = join(machine.directory, "extensions");
  cpSync(join(prepared.work, "extensions"), extensions, { recursive: true });
  for (const directory of readdirSync(extensions).filter((name) => name.startsWith("port-manager."))) {
    rmSync(join(extensions, directory, "server"), { recursive: true });
  }
  // VS Code takes PATH from the user's login shell.
  const bin = join(machine.directory, "bin");
  writeFileSync(join(machine.home, ".bash_profile"), `export PATH="${bin}:$PATH"\n`);
  const editor = await openEditor(context, machine, { open: root, file: join(root, "server.js"), extensions });

  await context.test("a missing server is found on PATH once it is installed", async () => {
    const message = editor.notification("the server was found neither in the extension nor on PATH");
    await message.waitFor();
    await editor.picture("no server");
    assert.equal(await editor.notification("Port Manager").count(), 1);
    mkdirSync(bin);
    symlinkSync(prepared.server, join(bin, "port-manager"));
    await message.getByRole("button", { name: "Try Again" }).click();
    await editor.warnings.first().waitFor();
    await editor.picture("found");
  });

  await context.test("the setting names no program", async () => {
    editor.setOfMachine({ "port-manager.server.path": "/nowhere/port-manager" });
    const message = editor.notification("there is no program at /nowhere/port-manager");
    await message.waitFor();
    await editor.picture("missing");
    await message.getByRole("button", { name: "Set Path" }).click();
    await editor.page.locator(".settings-editor").waitFor();
    await editor.picture("setting");
  });

  await context.test("the program is not a server", async () => {
    const broken = join(machine.directory, "broken");
    writeProgram(broken, "#!/bin/sh\nexit 3\n");
    editor.setOfMachine({ "port-manager.server.path": broken });
    await editor.notification(/does not work as a language server/).waitFor();
    await editor.picture("broken");
  });

  await context.test("a server that crashes is restarted a few times", async () => {
    editor.setOfMachine({ "port-manager.server.path": "" });
    // One that ends before it has come up would count as broken.
    await editor.visit(root, join(root, "server.js"));
    await editor.warnings.first().waitFor();
    let dead = 0;
    for (let crash = 1; crash <= 5; crash += 1) {
      const pid = await until(`server ${crash} runs`, () => machine.languageServers().find((pid) => pid !== dead));
      process.kill(pid, "SIGKILL");
      dead = pid;
      await until(`server ${crash} is gone`, () => !machine.languageServers().includes(pid));
    }
    await editor.notification(/crashed 5 times within three minutes and is not started again/).waitFor();
    await editor.picture("not restarted");
    await editor.command("Port Manager: Restart Server");
    await until("it runs again", () => machine.languageServers().length === 1);
    await editor.warnings.first().waitFor();
    await editor.picture("restarted");
  });
});
