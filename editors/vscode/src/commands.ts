// The palette: asks what the server has to know, runs its command, says what came of it.
import * as vscode from "vscode";

import { describeCleaning, describeHolder, describeInitialized, freeResult, groups, parsePort } from "./describe";
import type { Cleaned, FreeReport, Initialized, ReservedPort, ShownProject, Status } from "./protocol";
import { type Server, text } from "./server";

const SERVICES = ["web", "api", "db", "cache", "queue", "monitoring", "temporal", "misc"];

/** The commands' handlers, ready to be disposed of. */
export function registerCommands(server: Server): vscode.Disposable[] {
  const register = (name: string, handler: (server: Server, argument: unknown) => Promise<void>) =>
    vscode.commands.registerCommand(`portManager.${name}`, async (argument: unknown) => {
      try {
        await handler(server, argument);
      } catch (error) {
        server.output.error(`${name}: ${text(error)}`);
        void vscode.window.showErrorMessage(`Port Manager: ${text(error)}`);
      }
    });
  return [
    register("initialize", initialize),
    register("free", free),
    register("show", show),
    register("status", status),
    register("getPort", getPort),
    register("clean", clean),
    register("restart", () => server.restart()),
    register("showOutput", async () => server.output.show()),
  ];
}

async function initialize(server: Server): Promise<void> {
  const folder = await pickFolder();
  if (folder === undefined) return;
  const done = await server.execute<Initialized>("port-manager.init", { path: folder.uri.fsPath });
  const open = "Open .ports.env";
  const choice = await vscode.window.showInformationMessage(describeInitialized(done), open);
  if (choice === open) {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(done.root), ".ports.env"));
  }
}

async function show(server: Server): Promise<void> {
  const folder = await pickFolder();
  if (folder === undefined) return;
  const project = await server.execute<ShownProject>("port-manager.show", { path: folder.uri.fsPath });
  const picked = await vscode.window.showQuickPick(
    project.ports.map(({ variable, port, service }) => ({ label: `${variable} ${port}`, description: service, port })),
    { title: `Ports of ${project.project}`, placeHolder: "Enter copies the port" },
  );
  if (picked !== undefined) await copy(picked.port);
}

async function status(server: Server): Promise<void> {
  const picked = await vscode.window.showQuickPick(items(await server.execute<Status>("port-manager.status", {})), {
    title: "Ports of all projects",
    placeHolder: "Enter copies the port",
    matchOnDescription: true,
  });
  if (picked?.port !== undefined) await copy(picked.port);
}

async function getPort(server: Server): Promise<void> {
  const service = await vscode.window.showQuickPick(SERVICES, { title: "What is the port for?" });
  if (service === undefined) return;
  const { port, expires_at } = await server.execute<ReservedPort>("port-manager.get-port", { service });
  await vscode.env.clipboard.writeText(String(port));
  const until = new Date(expires_at).toLocaleTimeString();
  void vscode.window.showInformationMessage(`Port ${port} is copied, and reserved until ${until}.`);
}

async function clean(server: Server): Promise<void> {
  const plan = describeCleaning(await server.execute<Cleaned>("port-manager.clean", { dry_run: true }));
  if (plan.length === 0) {
    void vscode.window.showInformationMessage("The registry is clean: every project exists.");
    return;
  }
  const remove = "Remove";
  const choice = await vscode.window.showWarningMessage(
    "Remove from the registry what belongs to projects that are gone?",
    { modal: true, detail: plan.join("\n") },
    remove,
  );
  if (choice !== remove) return;
  const done = describeCleaning(await server.execute<Cleaned>("port-manager.clean", { dry_run: false }));
  void vscode.window.showInformationMessage(`Removed: ${done.join("; ") || "nothing, it was done meanwhile"}.`);
}

/** @param argument the port, where another command knows it */
async function free(server: Server, argument: unknown): Promise<void> {
  const port = typeof argument === "number" ? argument : await pickPort(server);
  if (port === undefined) return;

  const found = await server.execute<FreeReport>("port-manager.free", { port, dry_run: true });
  if (found.is_free || found.holders.length === 0) {
    void vscode.window.showInformationMessage(freeResult(found).text);
    return;
  }
  const stop = "Stop";
  const detail = found.holders.map(describeHolder).join("\n");
  const question = `Stop what listens on port ${port}?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, stop)) !== stop) return;

  const result = freeResult(await server.execute<FreeReport>("port-manager.free", { port, force: false }));
  if (result.isFree) {
    void vscode.window.showInformationMessage(result.text);
    return;
  }
  const kill = "Kill";
  const choice = await vscode.window.showWarningMessage(result.text, ...(result.canForce ? [kill] : []));
  if (choice !== kill) return;
  const last = freeResult(await server.execute<FreeReport>("port-manager.free", { port, force: true }));
  void (last.isFree ? vscode.window.showInformationMessage : vscode.window.showWarningMessage)(last.text);
}

/** A registered port on which something listens, or any number that is typed. */
async function pickPort(server: Server): Promise<number | undefined> {
  const running = items(await server.execute<Status>("port-manager.status", {}), true);
  const picker = vscode.window.createQuickPick<PortItem>();
  picker.title = "Free a port";
  picker.placeholder = "A port number, or one of those on which something listens";
  picker.matchOnDescription = true;
  picker.items = running;
  picker.onDidChangeValue((value) => {
    const port = parsePort(value);
    const isListed = running.some((item) => item.port === port);
    const typed = port === undefined || isListed ? [] : [{ label: String(port), description: "free this port", port }];
    picker.items = [...typed, ...running];
  });
  try {
    return await new Promise((resolve) => {
      picker.onDidAccept(() => resolve(picker.selectedItems[0]?.port));
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

type PortItem = vscode.QuickPickItem & { port?: number };

/** The registered ports as a picker's items, by project. */
function items(status: Status, onlyRunning = false): PortItem[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  return groups(status, folders).flatMap(({ title, lines }) => {
    const wanted = lines.filter((line) => line.isRunning || !onlyRunning);
    const entries = wanted.map(({ label, description, port, isRunning }) => ({
      label: `$(${isRunning ? "circle-filled" : "circle-outline"}) ${label}`,
      description,
      port,
    }));
    return entries.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...entries];
  });
}

/** The folder that is meant: the only one, the active file's, or the one that is picked. */
async function pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) throw new Error("There is no folder open.");
  if (folders.length === 1) return folders[0];
  const active = vscode.window.activeTextEditor?.document.uri;
  const around = active && vscode.workspace.getWorkspaceFolder(active);
  return around ?? (await vscode.window.showWorkspaceFolderPick());
}

async function copy(port: number): Promise<void> {
  await vscode.env.clipboard.writeText(String(port));
  vscode.window.setStatusBarMessage(`Port ${port} copied`, 3000);
}
