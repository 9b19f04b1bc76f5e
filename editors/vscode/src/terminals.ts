// Terminals: new ones have the project's port variables; what fails because a port is in use is offered a way
// out.
import * as vscode from "vscode";

import { l10n } from "./l10n";
import type { Ports } from "./ports";
import { portInUse, withVariable } from "./inUse";
import type { Project, ReservedPort } from "./protocol";
import { type Server, text } from "./server";

/** How much of a terminal's output is kept to look for the complaint in. */
const KEPT = 8 * 1024;

/** `.ports.env` may hold any name; of a terminal's environment only port variables are ours to set. */
const PORT_VARIABLE = /^(?:\w+_)?PORT\d*(?:_\w+)?$/i;

/** Gives new terminals the variables of their folder's project. */
export function registerEnvironment(context: vscode.ExtensionContext, ports: Ports): vscode.Disposable[] {
  const collection = context.environmentVariableCollection;
  // What was true in the last session is asked anew.
  collection.persistent = false;
  collection.description = l10n.t("The port variables of this folder's project, from .ports.env");
  const update = async () => {
    const isWanted =
      vscode.workspace.isTrusted && vscode.workspace.getConfiguration("port-manager").get("terminal.environment", true);
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const scoped = collection.getScoped({ workspaceFolder: folder });
      const project = isWanted && folder.uri.scheme === "file" ? await projectOf(ports, folder.uri.fsPath) : undefined;
      const wanted = new Map(
        (project?.ports ?? [])
          .filter(({ line, variable }) => line !== null && PORT_VARIABLE.test(variable))
          .map(({ variable, port }) => [variable, String(port)]),
      );
      // Only what differs is touched: each change marks the open terminals as out of date.
      scoped.forEach((variable) => {
        if (!wanted.has(variable)) scoped.delete(variable);
      });
      for (const [variable, port] of wanted) {
        if (scoped.get(variable)?.value !== port) scoped.replace(variable, port);
      }
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
      let told: number | undefined;
      for await (const data of execution.read()) {
        output = (output + data).slice(-KEPT);
        const port = portInUse(output);
        if (port === undefined || port === told) continue;
        told = port;
        void offer(server, ports, { port, terminal, commandLine: execution.commandLine.value, cwd: shellIntegration.cwd });
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
  const { port } = complaint;
  const free = l10n.t("Free Port");
  const another = l10n.t("Use Another Port");
  const message = l10n.t("Port {0} is in use already.", port);
  const choice = await vscode.window.showWarningMessage(message, free, another);
  try {
    if (choice === free) await vscode.commands.executeCommand("portManager.free", port);
    else if (choice === another) await useAnother(server, ports, complaint);
  } catch (error) {
    void vscode.window.showErrorMessage(`Port Manager: ${text(error)}`);
  }
}

/** Types the command once more, with another port in front; whether it is run is for people to say. */
async function useAnother(server: Server, ports: Ports, { port, terminal, commandLine, cwd }: Complaint): Promise<void> {
  const directory = cwd?.fsPath ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const project = directory === undefined ? undefined : await projectOf(ports, directory);
  const known = project?.ports.find((candidate) => candidate.port === port);
  const reserved = await server.execute<ReservedPort>("port-manager.get-port", { service: known?.service ?? "web" });
  const options = terminal.creationOptions;
  const shell = ("shellPath" in options ? options.shellPath : undefined) ?? vscode.env.shell;
  terminal.show();
  terminal.sendText(withVariable(shell, known?.variable ?? "PORT", reserved.port, commandLine), false);
  const until = new Date(reserved.expires_at).toLocaleTimeString();
  void vscode.window.showInformationMessage(
    l10n.t("Port {0} is reserved until {1}. The command is typed; Enter runs it with that port.", reserved.port, until),
  );
}
