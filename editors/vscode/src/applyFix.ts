// A quick fix that edits the file and has the server do something: both, or the file would read a variable that nobody
// has set.
import * as vscode from "vscode";

const COMMAND = "portManager.applyFix";

/**
 * The same fix with its edit inside of its command. VS Code edits first and runs the command then, but has forgotten the
 * command by that time if the edit made it look for quick fixes again.
 */
export function inOneStep(action: vscode.CodeAction | vscode.Command): vscode.CodeAction | vscode.Command {
  if (!(action instanceof vscode.CodeAction) || action.edit === undefined || action.command === undefined) return action;
  const { edit, command } = action;
  delete action.edit;
  action.command = { command: COMMAND, title: command.title, arguments: [edit, command] };
  return action;
}

/** Whether the fix has its edit inside of its command. */
export function isInOneStep({ command }: vscode.CodeAction): boolean {
  return command?.command === COMMAND;
}

/** Registers the command of such fixes; it is in no palette. */
export function registerApplyFix(): vscode.Disposable {
  return vscode.commands.registerCommand(COMMAND, async (edit: vscode.WorkspaceEdit, command: vscode.Command) => {
    if (await vscode.workspace.applyEdit(edit)) {
      await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    }
  });
}
