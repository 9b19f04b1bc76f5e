// The pictures of the READMEs, taken of what the tests test. `make screenshots`
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { type Editor, newMachine, openEditor } from "./editor.mts";
import { type Machine, prepared } from "./machine.mts";

/** Another theme, whose pictures are only to be looked at. */
const THEME = process.env.PORT_MANAGER_E2E_THEME;

const IMAGES = THEME === undefined ? join(import.meta.dirname, "..", "images") : join(prepared.work, "looks", THEME);

const COMPOSE = "services:\n  web:\n    image: nginx\n    ports: ['8080:80']\n  api:\n    build: api\n    ports: ['8100:8100']\n  db:\n    image: postgres\n    ports: ['5432:5432']\n";

/** No more on the picture than what it is about. */
const SETTINGS = {
  "breadcrumbs.enabled": false,
  "editor.fontSize": 15,
  "editor.minimap.enabled": false,
  "explorer.decorations.badges": false,
  "explorer.decorations.colors": false,
  "explorer.openEditors.visible": 0,
  "editor.autoIndent": "none",
  "git.enabled": false,
  "outline.showFiles": false,
  "remote.autoForwardPorts": false,
  "workbench.activityBar.location": "hidden",
  // The tooltip of what the mouse happens to be on.
  "workbench.hover.delay": 600_000,
  "workbench.colorTheme": THEME ?? "Dark Modern",
  "workbench.layoutControl.enabled": false,
};

const SIZE = { width: 1100, height: 620 };

async function shop(context: Parameters<typeof newMachine>[0], files: Record<string, string>, file?: string): Promise<{ machine: Machine; root: string; editor: Editor }> {
  const machine = newMachine(context, "dev");
  const blog = machine.project("blog", { "compose.yaml": "services:\n  web:\n    image: nginx\n    ports: ['8080:80']\n" });
  machine.cli(blog, "init");
  await machine.listen(blog, machine.assignments(blog)["WEB_PORT"]!);
  const root = machine.project("shop", { "compose.yaml": COMPOSE, ...files });
  machine.cli(root, "init");
  const web = machine.assignments(root)["WEB_PORT"]!;
  await machine.listen(root, web);
  const editor = await openEditor(context, machine, {
    open: root,
    settings: SETTINGS,
    size: SIZE,
    ...(file === undefined ? {} : { file: join(root, file) }),
  });
  await editor.statusBar(`WEB ${web}`).waitFor();
  return { machine, root, editor };
}

async function take(editor: Editor, name: string): Promise<void> {
  mkdirSync(IMAGES, { recursive: true });
  // What VS Code does on its own account belongs on no picture.
  await editor.statusBar(/Analyzing|Activating|Initializing|Saving/).waitFor({ state: "detached" });
  await editor.page.locator(".monaco-hover:visible", { hasText: "Loading..." }).waitFor({ state: "detached" });
  await editor.page.screenshot({ path: join(IMAGES, `${name}.png`) });
}

const SERVER = `import { createServer } from "node:http";

const server = createServer((request, response) => {
  response.end("hello");
});

server.listen(8080);
`;

test("quick-fix", async (context) => {
  const { editor } = await shop(context, { "server.js": SERVER }, "server.js");
  await editor.warnings.first().waitFor();
  await editor.goTo(7, 17);
  await editor.quickFixes();
  await take(editor, "quick-fix");
});

test("hover", async (context) => {
  const { machine, editor } = await shop(context, { "server.js": "" });
  const port = machine.assignments(join(machine.directory, "projects", "blog"))["WEB_PORT"]!;
  await editor.openFile("server.js");
  await editor.page.keyboard.insertText(SERVER.replace("8080", String(port)));
  await editor.warnings.first().waitFor();
  await editor.hover(String(port), /In use: node/);
  await take(editor, "hover");
});

test("ports-view", async (context) => {
  const { editor } = await shop(context, { "server.js": SERVER });
  await editor.openFromExplorer(".ports.env");
  await editor.waitForText("○ free");
  // The files make room for the view.
  await editor.page.locator('.pane-header[aria-label^="Explorer Section"]').click();
  await editor.showPorts();
  await editor.portLine("Other projects").waitFor();
  await take(editor, "ports-view");
});

test("free-port", async (context) => {
  const { editor } = await shop(context, { "server.js": SERVER }, "server.js");
  await editor.command("Port Manager: Free Port");
  await editor.choice("WEB_PORT").first().waitFor();
  // Not on a line of the picker.
  await editor.page.mouse.move(680, 450);
  await editor.page.locator(".editor-instance .codelens-decoration:visible", { hasText: "listens on 8000" }).waitFor();
  await take(editor, "free-port");
});
