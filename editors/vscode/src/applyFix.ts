// A quick fix does all that it says or nothing: else the file would read a variable that nobody has set.
import * as vscode from "vscode";

import { l10n } from "./l10n";

/** How many fixes are kept: more than any menu shows. */
const KEPT = 100;

/**
 * The quick fixes that were offered last, with their edits and commands.
 *
 * VS Code keeps a command with arguments only as long as the list of actions that it came with. It drops that list when it asks
 * for actions again, as it does after an edit and after a change of the findings, and a fix that is chosen then does nothing. So each
 * fix gets a command of its own, without arguments.
 */
export class Offers implements vscode.Disposable {
  private kept: vscode.Disposable[] = [];
  private count = 0;

  /** The same action, with its edit and its command in one. */
  offer(action: vscode.CodeAction | vscode.Command, document: vscode.TextDocument): vscode.CodeAction | vscode.Command {
    if (!(action instanceof vscode.CodeAction) || action.command === undefined) return action;
    const { edit, command } = action;
    const { version } = document;
    // The underscore keeps it out of the list of keyboard shortcuts.
    const id = `_portManager.applyFix.${(this.count += 1)}`;
    const apply = async () => {
      if (edit !== undefined) {
        if (document.version !== version) throw new Error(l10n.t("The file has changed since this fix was offered. Choose it again."));
        if (!(await vscode.workspace.applyEdit(edit))) return;
      }
      await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    };
    this.kept.push(vscode.commands.registerCommand(id, apply));
    if (this.kept.length > KEPT) this.kept.shift()?.dispose();
    delete action.edit;
    action.command = { command: id, title: command.title };
    return action;
  }

  dispose(): void {
    for (const command of this.kept) command.dispose();
    this.kept = [];
  }
}
