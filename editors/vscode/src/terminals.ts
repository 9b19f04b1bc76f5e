// Terminals: new ones have the project's port variables; what fails because a port is in use is offered a way
// out.
import * as vscode from "vscode";

import { describeState, stateOf } from "./describe";
import { variablesOf } from "./environment";
import { portInUse, withVariable } from "./inUse";
import { l10n } from "./l10n";
import type { Ports } from "./ports";
import type { Project, ProjectPort, ReservedPort } from "./protocol";
import { type Server, text } from "./server";

/** How much of a terminal's output is kept to look for the complaint in. */
const KEPT = 8 * 1024;

/** Gives new terminals the variables of their folder's project. */
export function registerEnvironment(context: vscode.ExtensionContext, ports: Ports): vscode.Disposable[] {
  const collection = context.environmentVariableCollection;
  // What was true in the last session is asked again.
  collection.persistent = false;
  collection.description = l10n.t("The port variables of this folder's project, from .ports.env");
  /** Counts the updates, so that a late answer does not undo a newer one. */
  let newest = 0;
  const update = async () => {
    newest += 1;
    const mine = newest;
    const isWanted =
      vscode.workspace.isTrusted && vscode.workspace.getConfiguration("port-manager").get("terminal.environment", true);
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const isAsked = isWanted && folder.uri.scheme === "file";
      const project = isAsked ? await projectOf(ports, folder.uri.fsPath) : undefined;
      // While the server does not answer, what terminals have stays as it was.
      if (mine !== newest || (isAsked && project === undefined)) continue;
      give(collection.getScoped({ workspaceFolder: folder }), project);
    }
  };
  return [
    ports.onDidChange(() => void update()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void update()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("port-manager.terminal.environment")) void update();
    }),
  ];
}

/** Only what differs is touched: each change marks the open terminals as out of date. */
function give(collection: vscode.EnvironmentVariableCollection, project: Project | undefined): void {
  const wanted = variablesOf(project);
  collection.forEach((variable) => {
    if (!wanted.has(variable)) collection.delete(variable);
  });
  for (const [variable, value] of wanted) {
    if (collection.get(variable)?.value !== value) collection.replace(variable, value);
  }
}

async function projectOf(ports: Ports, path: string): Promise<Project | undefined> {
  try {
    return await ports.projectOf(path);
  } catch {
    return undefined;
  }
}

/** Watches what terminals show, as far as their shells tell (shell integration). */
export function registerComplaints(server: Server, ports: Ports): vscode.Disposable[] {
  return [
    vscode.window.onDidStartTerminalShellExecution(async ({ execution, terminal, shellIntegration }) => {
      let output = "";
      let reported: number | undefined;
      for await (const data of execution.read()) {
        output = (output + data).slice(-KEPT);
        const port = portInUse(output);
        if (port === undefined || port === reported) continue;
        reported = port;
        void offer(server, ports, { port, terminal, commandLine: execution.commandLine.value, cwd: shellIntegration.cwd });
      }
    }),
    // The output of a task cannot be read; that it failed while another process holds a port of the project can be seen.
    vscode.tasks.onDidEndTaskProcess(async ({ execution, exitCode }) => {
      if (exitCode === 0 || exitCode === undefined) return;
      await ports.refresh();
      const all = ports.projects.flatMap((project) => project.ports);
      const taken = all.find((port) => stateOf(port) === "foreign");
      if (taken === undefined) return;
      const free = l10n.t("Free Port");
      const message = l10n.t("{0} failed, and port {1} ({2}) is in use: {3}.", execution.task.name, taken.port, taken.variable, describeState(taken));
      if ((await vscode.window.showWarningMessage(message, free)) === free) {
        await vscode.commands.executeCommand("portManager.free", taken.port);
      }
    }),
  ];
}

interface Complaint {
  port: number;
  terminal: vscode.Terminal;
  commandLine: string;
  cwd: vscode.Uri | undefined;
}

async function offer(server: Server, ports: Ports, complaint: Complaint): Promise<void> {
  const { port, terminal, commandLine, cwd } = complaint;
  const free = l10n.t("Free Port");
  const another = l10n.t("Use Another Port");
  const directory = cwd?.fsPath ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const project = directory === undefined ? undefined : await projectOf(ports, directory);
  const variable = project?.ports.find((known) => known.port === port);
  const isRepeatable = withVariable(shellOf(terminal), "PORT", port, commandLine) !== undefined;
  // Without a variable for the port, there is no way to give the program another one.
  const choices = variable !== undefined && isRepeatable ? [free, another] : [free];
  const message = l10n.t("Port {0} is already in use.", port);
  const choice = await vscode.window.showWarningMessage(message, ...choices);
  try {
    if (choice === free) await vscode.commands.executeCommand("portManager.free", port);
    else if (choice === another && variable !== undefined) await useAnother(server, variable, complaint);
  } catch (error) {
    void vscode.window.showErrorMessage(`Port Manager: ${text(error)}`);
  }
}

function shellOf(terminal: vscode.Terminal): string {
  const options = terminal.creationOptions;
  return ("shellPath" in options ? options.shellPath : undefined) ?? vscode.env.shell;
}

/** Types the command again, with another port in front; the user decides whether to run it. */
async function useAnother(server: Server, { variable, service }: ProjectPort, { terminal, commandLine }: Complaint): Promise<void> {
  const reserved = await server.execute<ReservedPort>("port-manager.get-port", { service });
  const command = withVariable(shellOf(terminal), variable, reserved.port, commandLine);
  if (command === undefined) return;
  terminal.show();
  terminal.sendText(command, false);
  const until = new Date(reserved.expires_at).toLocaleTimeString();
  void vscode.window.showInformationMessage(
    l10n.t("Port {0} is reserved until {1}. Press Enter in the terminal to run the command with it.", reserved.port, until),
  );
}
