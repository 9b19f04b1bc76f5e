// Asks once for each folder whether to set up a project that has ports. The extension asks nothing else unprompted.
import * as vscode from "vscode";

import { isWithin } from "./describe";
import { l10n } from "./l10n";
import type { Ports } from "./ports";

/** The rule that finds that a project has ports and no `.ports.env`. */
const RULE = "missing-ports-env";

/** The folders that were asked about in this workspace, and those that are never asked about in any. */
const ASKED = "setup.asked";
const NEVER = "setup.never";

export function registerSetup(context: vscode.ExtensionContext, ports: Ports): vscode.Disposable {
  const { workspaceState, globalState } = context;
  /** Folders that may have an open question. */
  const busy = new Set<string>();
  const ask = async (folder: vscode.WorkspaceFolder, uri: vscode.Uri) => {
    const key = folder.uri.toString();
    const known = () => [...workspaceState.get<string[]>(ASKED, []), ...globalState.get<string[]>(NEVER, [])];
    if (!vscode.workspace.isTrusted || busy.has(key) || known().includes(key)) return;
    busy.add(key);
    try {
      const project = await ports.projectOf(uri.fsPath);
      // A project around the folder is decided about in its own folder.
      if (project.ports_env !== null || !isWithin(project.root, folder.uri.fsPath)) return;
      // Stored before the answer, which may never come.
      await workspaceState.update(ASKED, [...workspaceState.get<string[]>(ASKED, []), key]);
      const [setUp, notNow, never] = [l10n.t("Set Up"), l10n.t("Not Now"), l10n.t("Never Here")];
      const question = l10n.t("{0} has ports in its code but no .ports.env. Give it ports that no other project on this machine uses?", project.project);
      const choice = await vscode.window.showInformationMessage(question, setUp, notNow, never);
      if (choice === setUp) {
        await vscode.commands.executeCommand("portManager.initialize", vscode.Uri.joinPath(vscode.Uri.file(project.root), ".ports.env"));
      } else if (choice === never) {
        await globalState.update(NEVER, [...globalState.get<string[]>(NEVER, []), key]);
      }
    } finally {
      busy.delete(key);
    }
  };
  return vscode.languages.onDidChangeDiagnostics(({ uris }) => {
    for (const uri of uris) {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      if (folder === undefined || uri.scheme !== "file") continue;
      const isFound = vscode.languages.getDiagnostics(uri).some((found) => found.source === "port-manager" && codeOf(found) === RULE);
      // `Server` reports a server that does not answer.
      if (isFound) ask(folder, uri).catch(() => undefined);
    }
  });
}

/** The name of a diagnostic's rule, which may come with a link. */
function codeOf({ code }: vscode.Diagnostic): string | undefined {
  const name = typeof code === "object" ? code.value : code;
  return name === undefined ? undefined : String(name);
}
