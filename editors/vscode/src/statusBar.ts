// The status bar: the ports of the active file's project, such as `WEB 8000`, and who listens on them.
import * as vscode from "vscode";

import { describeState, shortName, stateOf } from "./describe";
import { l10n } from "./l10n";
import type { Ports } from "./ports";
import type { Project } from "./protocol";

/** How many ports are shown: more do not fit beside the entries of other extensions. */
const MOST = 2;

export function registerStatusBar(ports: Ports): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem("portManager.ports", vscode.StatusBarAlignment.Left, 0);
  item.name = "Port Manager";
  item.command = "portManager.free";
  /** Numbers the updates, so that a late answer does not replace a newer one. */
  let newest = 0;
  const update = async () => {
    newest += 1;
    const mine = newest;
    const isWanted = vscode.workspace.getConfiguration("port-manager").get("statusBar.enabled", true);
    const project = isWanted ? await activeProject(ports).catch(() => undefined) : undefined;
    if (mine !== newest) return;
    const isShown = project !== undefined && project.ports.length > 0;
    ports.show(item, isShown);
    if (!isShown) {
      item.hide();
      return;
    }
    fill(item, project);
    item.show();
  };
  return [
    item,
    ports.onDidChange(() => void update()),
    vscode.window.onDidChangeActiveTextEditor(() => void update()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("port-manager.statusBar.enabled")) void update();
    }),
  ];
}

/** The active file's project; where none is active, the first of the workspace. */
async function activeProject(ports: Ports): Promise<Project | undefined> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== "file") return ports.projects[0];
  return await ports.projectOf(uri.fsPath);
}

function fill(item: vscode.StatusBarItem, project: Project): void {
  // Conflicts come first, then ports that are in use.
  const order = ["conflict", "foreign", "running", "idle"];
  const sorted = [...project.ports].sort((a, b) => order.indexOf(stateOf(a)) - order.indexOf(stateOf(b)));
  const icons = { conflict: "$(warning)", foreign: "$(circle-filled)", running: "$(circle-filled)", idle: "$(circle-outline)" };
  const shown = sorted.slice(0, MOST).map((port) => `${icons[stateOf(port)]} ${shortName(port.variable)} ${port.port}`);
  const more = sorted.length > MOST ? [`+${sorted.length - MOST}`] : [];
  const isWrong = sorted.some((port) => port.conflict !== null);
  const lines = project.ports.map((port) => `${port.variable}=${port.port}: ${describeState(port)}`);
  item.text = [...shown, ...more].join("  ");
  item.tooltip = [l10n.t("Ports of {0}", project.project), "", ...lines, "", l10n.t("Click to free a port")].join("\n");
  item.backgroundColor = isWrong ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  item.accessibilityInformation = { label: [l10n.t("Ports of {0}", project.project), ...lines].join(", ") };
}
