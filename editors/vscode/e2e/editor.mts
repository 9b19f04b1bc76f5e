// A real VS Code in a browser without a screen, used as a person uses it: by keyboard and mouse, by what can be seen.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { TestContext } from "node:test";

import { type Browser, chromium, type Locator, type Page } from "playwright-core";

import { Machine, PATIENCE, prepared, printed, until } from "./machine.mts";

/** Settings that make a test steady and have nothing to do with the extension. */
const STEADY = {
  "chat.disableAIFeatures": true,
  "editor.accessibilitySupport": "off",
  "editor.cursorBlinking": "solid",
  "extensions.autoCheckUpdates": false,
  // VS Code rewrites `false` to this while the window starts.
  "extensions.autoUpdate": "off",
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.openRepositoryInParentFolders": "never",
  "telemetry.telemetryLevel": "off",
  // Neither types from the registry of npm nor a second server.
  "js/ts.tsserver.automaticTypeAcquisition.enabled": false,
  "js/ts.tsserver.useSyntaxServer": "never",
  "workbench.reduceMotion": "on",
  "terminal.integrated.enablePersistentSessions": false,
  // Drawn as text of the page, not onto a canvas, so that it can be read.
  "terminal.integrated.gpuAcceleration": "off",
  "window.commandCenter": false,
  "workbench.editor.enablePreview": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

export interface Opening {
  /** A folder or a `.code-workspace` file. */
  open: string;
  /** The file that is open from the start. */
  file?: string;
  /** The user's settings. */
  settings?: object;
  /** Settings of the machine, which no workspace can change. */
  machineSettings?: object;
  /** Whether VS Code takes the workspace for trusted without asking; it does, if not said otherwise. */
  trusted?: boolean;
  /** Where the extension is installed, if not where `run` did it. */
  extensions?: string;
  /** Whether the extension is installed from the start; it is, if not said otherwise. */
  isInstalled?: boolean;
  /** Whether `firstSight` is wanted, which costs the page time. */
  isTimed?: boolean;
  environment?: NodeJS.ProcessEnv;
  size?: { width: number; height: number };
}

/** The editor on a machine, closed when the test ends; its last picture is taken then, too. */
export async function openEditor(context: TestContext, machine: Machine, opening: Opening): Promise<Editor> {
  const editor = await Editor.start(machine, context.name, opening);
  machine.beforeItGoes(() => editor.close());
  return editor;
}

/** A machine that is gone with the test. */
export function newMachine(context: TestContext, name?: string): Machine {
  const machine = new Machine(name);
  context.after(() => machine.dispose());
  return machine;
}

export class Editor {
  readonly page: Page;
  readonly machine: Machine;
  readonly userData: string;
  private readonly opening: Opening;
  private readonly address: string;
  private readonly browser: Browser;
  private readonly pictures: string;

  private constructor(machine: Machine, opening: Opening, server: { address: string; userData: string }, browser: Browser, page: Page, pictures: string) {
    this.machine = machine;
    this.opening = opening;
    this.address = server.address;
    this.userData = server.userData;
    this.browser = browser;
    this.page = page;
    this.pictures = pictures;
  }

  static async start(machine: Machine, name: string, opening: Opening): Promise<Editor> {
    const pictures = join(prepared.work, "pictures", name.replace(/[^\w]+/g, "-"));
    // Those of a run that failed are wanted after it was tried again.
    rmSync(`${pictures}-before`, { recursive: true, force: true });
    if (existsSync(pictures)) renameSync(pictures, `${pictures}-before`);
    mkdirSync(pictures, { recursive: true });
    const server = await serve(machine, opening);
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      // Its crash reports and the like belong to this test, too.
      env: { ...(machine.environment as Record<string, string>), XDG_CONFIG_HOME: join(machine.home, ".config") },
    });
    try {
      const context = await browser.newContext({ viewport: opening.size ?? { width: 1280, height: 800 } });
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      if (opening.isTimed === true) await page.addInitScript(recordFirstSight);
      const editor = new Editor(machine, opening, server, browser, page, pictures);
      await editor.visit(opening.open, opening.file);
      return editor;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Shows a folder or workspace in this window, in the place of what it shows. */
  async visit(open: string, file?: string): Promise<void> {
    const query = new URLSearchParams({ [open.endsWith(".code-workspace") ? "workspace" : "folder"]: open });
    if (file !== undefined) {
      const { host } = new URL(this.address);
      query.set("payload", JSON.stringify([["openFile", `vscode-remote://${host}${file}`]]));
    }
    // A page is used long before everything of it is loaded.
    await this.page.goto(`${this.address}?${query}`, { waitUntil: "commit" });
    // VS Code opens a workspace without its folders now and then, and has them once it is loaded again.
    if (query.has("workspace")) {
      await until("the workspace has its folders", async () => {
        const folder = this.page.locator(".explorer-folders-view .monaco-list-row").first();
        const has = await folder.waitFor({ timeout: 15_000 }).then(() => true, () => false);
        if (!has) await this.page.reload({ waitUntil: "commit" });
        return has;
      });
    }
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    // All that the extension's manifest adds comes at once: with its view, the palette has its commands.
    if (this.opening.isInstalled !== false) await this.page.locator('.pane-header[aria-label^="Port Manager Section"]').waitFor();
    if (file === undefined) return;
    await this.page.locator(`.tab.active[data-resource-name="${basename(file)}"]`).waitFor();
    // A file that opens takes the keyboard from whatever has it, but for the question whether to trust a workspace.
    if (this.opening.trusted !== false) await this.page.locator(".editor-instance .monaco-editor.focused").waitFor();
  }

  /** The user's settings, as the file has them. */
  get settings(): Record<string, unknown> {
    return JSON.parse(readFileSync(join(this.userData, "User", "settings.json"), "utf8")) as Record<string, unknown>;
  }

  /**
   * Changes settings of the user. VS Code does not always see that the file has changed once its window has shown another
   * folder, so it saves the file itself.
   */
  async set(settings: object): Promise<void> {
    const path = this.writeSettings("User", settings);
    const written = statSync(path).mtimeMs;
    await this.command("Preferences: Open User Settings (JSON)");
    const modal = this.page.locator(".monaco-modal-editor-block");
    await modal.locator(".view-line", { hasText: Object.keys(settings).at(-1)! }).waitFor();
    await modal.locator(".monaco-editor.focused").waitFor();
    await this.page.keyboard.press("Control+S");
    await until("the settings are saved", () => statSync(path).mtimeMs > written);
    await this.page.keyboard.press("Escape");
    await modal.waitFor({ state: "detached" });
  }

  /** Changes settings of the machine, which VS Code notices. */
  setOfMachine(settings: object): void {
    this.writeSettings("Machine", settings);
  }

  /** Writes settings to the file of those; its path. */
  private writeSettings(scope: "User" | "Machine", settings: object): string {
    const path = join(this.userData, scope, "settings.json");
    const before = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...before, ...settings }, null, 2));
    return path;
  }

  async close(): Promise<void> {
    try {
      await this.picture("at the end").catch(() => undefined);
      cpSync(join(this.userData, "logs"), join(this.pictures, "logs"), { recursive: true, force: true });
    } finally {
      await this.browser.close();
    }
  }

  /** Keeps a picture of the screen. */
  async picture(name: string): Promise<void> {
    const number = String(readdirSync(this.pictures).length + 1).padStart(2, "0");
    await this.page.screenshot({ path: join(this.pictures, `${number} ${name}.png`) });
  }

  /** Opens a file by its name, as `Ctrl+P` does. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.quickInput.fill(name);
    await this.choices.filter({ hasText: name }).first().click();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator(".editor-instance .view-lines").first().waitFor();
  }

  /** Puts the cursor somewhere; lines and columns are counted from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press("Control+G");
    await this.quickInput.fill(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.quickInput.waitFor({ state: "hidden" });
  }

  /** Runs a command of the palette. */
  async command(title: string): Promise<void> {
    // A palette knows what held when it opened: whether the workspace is trusted and has folders VS Code finds out while it starts.
    await until(`the palette has ${title}`, () => this.findInPalette(title));
    await this.choice(title).first().click();
  }

  /** Whether the palette has the command. */
  async offers(title: string): Promise<boolean> {
    const found = await this.findInPalette(title);
    if (found) await this.page.keyboard.press("Escape");
    return found;
  }

  /** Opens the palette at the command; leaves it open only where it has the command. */
  private async findInPalette(title: string): Promise<boolean> {
    await this.page.keyboard.press("F1");
    await this.quickInput.fill(`>${title}`);
    const found = this.choice(title).first();
    // What it lists in the place of a command that it does not have.
    await found.or(this.choice(/similar commands|No matching commands/).first()).first().waitFor();
    if (await found.isVisible()) return true;
    await this.page.keyboard.press("Escape");
    await this.quickInput.waitFor({ state: "hidden" });
    return false;
  }

  /** Opens a file by a click in the explorer, where those are that git ignores, too. */
  async openFromExplorer(name: string): Promise<void> {
    await this.page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`).first().dblclick();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Shows the view of the ports. */
  async showPorts(): Promise<void> {
    await this.command("Explorer: Focus on Port Manager View");
  }

  /** A line of that view, by what is read aloud of it: `WEB_PORT, 8000, web, nothing listens`. */
  portLine(label: string): Locator {
    return this.page.locator(`.monaco-list-row[aria-label*="${label}"]`);
  }

  /** Opens a terminal and waits for the prompt of its shell. */
  async openTerminal(): Promise<void> {
    await this.command("Terminal: Create New Terminal");
    await this.terminalText(/\$/);
    await this.page.locator(".terminal-wrapper.active .xterm").click();
  }

  /** Waits until the terminal shows the text. */
  async terminalText(pattern: RegExp): Promise<string> {
    const rows = this.page.locator(".terminal-wrapper.active .xterm-rows");
    return await until(`the terminal shows ${pattern}`, async () => {
      const text = (await rows.allInnerTexts().catch(() => [])).join("\n").replaceAll("\u00a0", " ");
      return pattern.test(text) && text;
    });
  }

  async typeInTerminal(line: string): Promise<void> {
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible .quick-input-box input");
  }

  /** A picker by its title; the palette's own input may be there a moment longer than its command. */
  picker(title: string): Locator {
    return this.page.locator(".quick-input-widget:visible .quick-input-title", { hasText: title });
  }

  /** The choices of a picker. */
  get choices(): Locator {
    return this.page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row");
  }

  choice(text: string | RegExp): Locator {
    return this.choices.filter({ hasText: text });
  }

  /** The entries of the list of problems. */
  get problems(): Locator {
    return this.page.locator(".markers-panel .monaco-list-row");
  }

  /** Underlined as a warning. */
  get warnings(): Locator {
    return this.page.locator(".editor-instance .squiggly-warning");
  }

  /** The text of the editor, as far as it can be seen. */
  async text(): Promise<string> {
    const lines = await this.page.locator(".editor-instance .view-lines .view-line").evaluateAll((all) =>
      all
        .map((line) => ({ top: parseFloat((line as HTMLElement).style.top), text: line.textContent ?? "" }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  async waitForText(part: string): Promise<void> {
    await until(`the editor shows ${JSON.stringify(part)}`, async () => (await this.text()).includes(part));
  }

  /** The quick fixes at the cursor, by title. */
  async quickFixes(): Promise<string[]> {
    const actions = this.page.locator(".action-widget .monaco-list-row.action");
    // A menu that opens while the document's findings are being replaced is empty, for anybody.
    await until("the menu of quick fixes has opened", async () => {
      if (await actions.first().isVisible()) return true;
      await this.page.keyboard.press("Control+.");
      await actions.first().waitFor({ timeout: 3000 }).catch(() => undefined);
      return await actions.first().isVisible();
    });
    return (await actions.allInnerTexts()).map((title) => title.replaceAll("\u00a0", " ").trim());
  }

  /** Takes one of the quick fixes that the menu shows. */
  async takeQuickFix(title: string | RegExp): Promise<void> {
    await this.page.locator(".action-widget .monaco-list-row.action").filter({ hasText: title }).first().click();
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Control+S");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  /** Shows a hover by resting the mouse on the text, until it says what is waited for; what it says. */
  async hover(text: string, pattern: RegExp): Promise<string> {
    const hover = this.page.locator(".monaco-hover:visible .monaco-hover-content");
    const target = this.page.locator(".editor-instance .view-line span > span").filter({ hasText: text }).first();
    await target.hover();
    return await until(`the hover says ${pattern}`, async () => {
      const said = (await hover.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
      return pattern.test(said) && said;
    });
  }

  /** A message at the lower right. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text });
  }

  /** A button of the refactor preview. */
  previewButton(text: string): Locator {
    return this.page.locator(".part.panel .monaco-button", { hasText: text }).first();
  }

  /** A question that has to be answered first. */
  get dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** An entry of the status bar by what is read aloud of it. */
  statusBarEntry(label: string): Locator {
    return this.page.locator(`.part.statusbar [aria-label^="${label}"]`).first();
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator(".part.statusbar .statusbar-item").filter({ hasText: text });
  }

  /** What the extension has written to its output. */
  output(): string {
    return this.log("Port Manager.log");
  }

  /** The milliseconds from the activation of the extension to its first findings, as it logs them. */
  async firstFindings(): Promise<number> {
    const logged = () => /first findings (\d+) ms after activation/.exec(this.output())?.[1];
    return Number(await until("the extension has logged its first findings", logged));
  }

  /** Waits until VS Code has started everything that it starts by itself. */
  async isReady(): Promise<void> {
    await until("VS Code has started", () => this.log("remoteexthost.log").includes("Eager extensions activated"));
  }

  private log(name: string): string {
    const logs = join(this.userData, "logs");
    const found = readdirSync(logs, { recursive: true, encoding: "utf8" }).find((path) => path.endsWith(name));
    return found === undefined ? "" : readFileSync(join(logs, found), "utf8");
  }

  /**
   * Waits until VS Code has stored what an extension asked it to remember. It does so a moment later, and a window that shows
   * another folder before then forgets it.
   */
  async remembers(what: string): Promise<void> {
    await until(`VS Code has stored ${what}`, () => this.page.evaluate(isStored, what));
  }

  /** When (milliseconds since 1970) the page first showed text in an editor, and a warning. */
  async firstSight(): Promise<{ text?: number; warning?: number }> {
    return await this.page.evaluate(() => (window as unknown as { firstSight: { text?: number; warning?: number } }).firstSight);
  }
}

/** Runs in the page: whether VS Code's own databases there hold the text. */
async function isStored(text: string): Promise<boolean> {
  const answer = <Result,>(request: IDBRequest<Result>) =>
    new Promise<Result>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("the database does not answer"));
    });
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith("vscode-web-state-db-") !== true) continue;
    const database = await answer(indexedDB.open(name));
    try {
      const values: unknown[] = await answer(database.transaction("ItemTable").objectStore("ItemTable").getAll());
      if (values.some((value) => typeof value === "string" && value.includes(text))) return true;
    } finally {
      database.close();
    }
  }
  return false;
}

/** Runs in the page before anything else. */
function recordFirstSight(): void {
  const seen: { text?: number; warning?: number } = {};
  (window as unknown as { firstSight: typeof seen }).firstSight = seen;
  const observer = new MutationObserver(() => {
    if (seen.text === undefined && document.querySelector(".editor-instance .view-line span > span")) seen.text = Date.now();
    if (seen.warning === undefined && document.querySelector(".squiggly-warning")) seen.warning = Date.now();
    if (seen.text !== undefined && seen.warning !== undefined) observer.disconnect();
  });
  observer.observe(document, { childList: true, subtree: true, attributes: true });
}

/** Starts VS Code's server on a port that the system gives; its address. */
export async function serve(machine: Machine, opening: Opening): Promise<{ address: string; userData: string }> {
  const userData = join(machine.directory, "user-data");
  const write = (scope: string, settings: object) => {
    mkdirSync(join(userData, scope), { recursive: true });
    writeFileSync(join(userData, scope, "settings.json"), JSON.stringify(settings, null, 2));
  };
  write("User", { ...STEADY, ...opening.settings });
  write("Machine", opening.machineSettings ?? {});
  const start = () =>
    machine.spawn(
      process.execPath,
      [
        join(prepared.codeServer, "out/node/entry.js"),
        "--auth", "none",
        "--bind-addr", "127.0.0.1:0",
        "--config", join(machine.directory, "code-server.yaml"),
        "--user-data-dir", userData,
        "--extensions-dir", opening.extensions ?? join(prepared.work, "extensions"),
        "--disable-telemetry",
        "--disable-update-check",
        ...(opening.trusted === false ? [] : ["--disable-workspace-trust"]),
      ],
      { env: { ...opening.environment } },
    );
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { address: await printed(start(), /listening on (http:\/\/127\.0\.0\.1:\d+\/)/), userData };
    } catch (error) {
      // It gives a process of its own ten seconds to come up, which a busy machine may not have.
      if (attempt === 3 || !String(error).includes("timed out")) throw error;
    }
  }
}
