// The commands of the palette: each asks for what the server needs, runs the server's command and shows the result.
import * as vscode from "vscode";

import { describeAdopted, describeCleaning, describeFixed, describeInitialized, describeState } from "./describe";
import { portAt } from "./editorPort";
import { free, portItems } from "./freePort";
import { showFindings } from "./findings";
import { l10n } from "./l10n";
import type { Ports } from "./ports";
import type { Adopted, Cleaned, Config, Fixed, Initialized, ReservedPort, Status } from "./protocol";
import { associateSchemas } from "./schemas";
import { type Server, text } from "./server";
import { labelPorts } from "./portsPanel";
import type { PortNode } from "./view";

/** Registers the handlers of the commands. */
export function registerCommands(
  context: vscode.ExtensionContext,
  server: Server,
  ports: Ports,
): vscode.Disposable[] {
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
    register("free", (_, argument) => free(server, portOf(argument))),
    register("freeAtCursor", () => free(server, portAtCursor())),
    register("show", (_, argument) => show(ports, argument)),
    register("status", status),
    register("getPort", getPort),
    register("clean", clean),
    register("fixAll", fixAll),
    register("adopt", adopt),
    register("refresh", () => ports.refresh()),
    register("open", async (_, argument) => open(portOf(argument))),
    register("copy", async (_, argument) => copyPort(portOf(argument))),
    register("goToLine", (_, argument) => goToLine(ports, argument as PortNode)),
    register("findings", () => showFindings()),
    register("labelPorts", () => labelPorts(server)),
    register("associateSchemas", () => associateSchemas(context)),
    register("restart", () => server.restart()),
    register("showOutput", async () => server.output.show()),
  ];
}

async function initialize(server: Server, argument: unknown): Promise<void> {
  // From the explorer comes the `.ports.env` that was clicked on.
  const root = argument instanceof vscode.Uri ? vscode.Uri.joinPath(argument, "..") : (await pickFolder())?.uri;
  if (root === undefined) return;
  // The user chose the directory, which need not be a folder of this workspace.
  const done = await server.execute<Initialized>("port-manager.init", { path: root.fsPath, chosen: true });
  const open = l10n.t("Open .ports.env");
  const choice = await vscode.window.showInformationMessage(describeInitialized(done), open);
  if (choice === open) {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(done.root), ".ports.env"));
  }
}

async function show(ports: Ports, argument: unknown): Promise<void> {
  // From the explorer comes the file that was clicked on.
  const path = argument instanceof vscode.Uri ? argument.fsPath : (await pickFolder())?.uri.fsPath;
  if (path === undefined) return;
  const project = await ports.projectOf(path);
  if (project.ports.length === 0) {
    const initialize = l10n.t("Initialize Ports");
    const choice = await vscode.window.showInformationMessage(l10n.t("{0} has no ports yet.", project.project), initialize);
    if (choice === initialize) await vscode.commands.executeCommand("portManager.initialize");
    return;
  }
  const picked = await vscode.window.showQuickPick(
    project.ports.map((port) => ({
      label: `${port.variable}  ${port.port}`,
      description: `${port.service}, ${describeState(port)}`,
      port: port.port,
    })),
    { title: l10n.t("Ports of {0}", project.project), placeHolder: l10n.t("Enter copies the port") },
  );
  if (picked !== undefined) await copyPort(picked.port);
}

async function status(server: Server): Promise<void> {
  const items = portItems(await server.execute<Status>("port-manager.status", {}));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(l10n.t("No ports are registered yet."));
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t("Ports of all projects"),
    placeHolder: l10n.t("Enter copies the port"),
    matchOnDescription: true,
  });
  if (picked?.port !== undefined) await copyPort(picked.port);
}

async function getPort(server: Server): Promise<void> {
  const { types } = await server.execute<Config>("port-manager.config", {});
  const items = types.map(({ service, first, last }) => ({ label: service, description: `${first}-${last}` }));
  const picked = await vscode.window.showQuickPick(items, { title: l10n.t("What is the port for?") });
  if (picked === undefined) return;
  const service = picked.label;
  const { port, expires_at } = await server.execute<ReservedPort>("port-manager.get-port", { service });
  await vscode.env.clipboard.writeText(String(port));
  const until = new Date(expires_at).toLocaleTimeString();
  void vscode.window.showInformationMessage(l10n.t("Port {0} is copied, and reserved until {1}.", port, until));
}

async function clean(server: Server): Promise<void> {
  const plan = describeCleaning(await server.execute<Cleaned>("port-manager.clean", { dry_run: true }));
  if (plan.length === 0) {
    void vscode.window.showInformationMessage(l10n.t("The registry is clean: every project exists."));
    return;
  }
  const remove = l10n.t("Remove");
  const choice = await vscode.window.showWarningMessage(
    l10n.t("Remove from the registry what belongs to projects that are gone?"),
    { modal: true, detail: plan.join("\n") },
    remove,
  );
  if (choice !== remove) return;
  const done = describeCleaning(await server.execute<Cleaned>("port-manager.clean", { dry_run: false }));
  const what = done.join("; ") || l10n.t("nothing, because it was already gone");
  void vscode.window.showInformationMessage(l10n.t("Removed: {0}.", what));
}

async function fixAll(server: Server): Promise<void> {
  if ((vscode.workspace.workspaceFolders ?? []).length === 0) throw new Error(l10n.t("There is no folder open."));
  // The server answers before the editor has applied the edits; the message and *Save All* have to wait for them.
  const edit = server.expectEdit(l10n.t("Replace hardcoded ports by their variables?"));
  try {
    const fixed = await server.execute<Fixed>("port-manager.fix-all", {});
    // The server itself reports why nothing was fixed.
    if (fixed.fixes > 0 && !(await edit.made)) return;
    await tellAndSave(describeFixed(fixed), fixed.fixes > 0);
  } finally {
    edit.dispose();
  }
}

/** Has the server plan all that the project needs; the user decides about the changes of code first. */
async function adopt(server: Server, argument: unknown): Promise<void> {
  const root = argument instanceof vscode.Uri ? vscode.Uri.joinPath(argument, "..") : (await pickFolder())?.uri;
  if (root === undefined) return;
  const edit = server.expectEdit();
  // Where the code stays as it is, the server asks for no edit, and writes the project's own files at once.
  const written = new Promise<boolean>((resolve) => {
    const listener = server.onDidChange(({ assignments }) => {
      if (!assignments) return;
      listener.dispose();
      resolve(true);
    });
  });
  try {
    const adopted = await server.execute<Adopted>("port-manager.adopt", { root: root.fsPath, chosen: true });
    if (adopted.changes.length > 0 && !(await Promise.race([edit.made, written]))) return;
    await tellAndSave(describeAdopted(adopted), adopted.fixed.length > 0);
  } finally {
    edit.dispose();
  }
}

async function tellAndSave(message: string, isUnsaved: boolean): Promise<void> {
  const save = l10n.t("Save All");
  const choice = await vscode.window.showInformationMessage(message, ...(isUnsaved ? [save] : []));
  if (choice === save) await saveAll();
}

/**
 * Saves all documents that have a file. VS Code's own command saves only those that an editor shows, and the files that an
 * edit changed get an editor a moment after it.
 */
async function saveAll(): Promise<void> {
  const changed = vscode.workspace.textDocuments.filter((document) => document.isDirty && !document.isUntitled);
  await Promise.all(changed.map((document) => document.save()));
}

/** The port of a line of the view, a link or another command. */
function portOf(argument: unknown): number | undefined {
  if (typeof argument === "number") return argument;
  const node = argument as Partial<PortNode> | undefined;
  return node?.kind === "port" ? node.port : undefined;
}

function portAtCursor(): number | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { line, character } = editor.selection.active;
  return portAt(editor.document.lineAt(line).text, character);
}

async function open(port: number | undefined): Promise<void> {
  if (port === undefined) return;
  // In a remote workspace, VS Code forwards the port.
  await vscode.env.openExternal(vscode.Uri.parse(`http://localhost:${port}`));
}

async function goToLine(ports: Ports, { file, line: known, variable }: PortNode): Promise<void> {
  if (file === null) return;
  // Of projects that are not open the view knows no lines.
  const line = known ?? (await ports.projectOf(file)).ports.find((port) => port.variable === variable)?.line;
  const at = new vscode.Position(Math.max((line ?? 1) - 1, 0), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}

/** The folder of a command: the only one, the active file's, or the one that the user picks. */
async function pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) throw new Error(l10n.t("There is no folder open."));
  if (folders.length === 1) return folders[0];
  const active = vscode.window.activeTextEditor?.document.uri;
  const around = active && vscode.workspace.getWorkspaceFolder(active);
  return around ?? (await vscode.window.showWorkspaceFolderPick());
}

async function copyPort(port: number | undefined): Promise<void> {
  if (port === undefined) return;
  await vscode.env.clipboard.writeText(String(port));
  vscode.window.setStatusBarMessage(l10n.t("Port {0} copied", port), 3000);
}
