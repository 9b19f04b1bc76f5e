// What a code lens of the server runs here: shows the places of a port as VS Code shows references.
import * as vscode from "vscode";
import type { Location, Position, Range } from "vscode-languageserver-protocol";

/** The command that the server puts into a lens (docs/language-server.md). */
export const SHOW_REFERENCES = "portManager.showReferences";

/** Registers it; it is in no palette. */
export function registerShowReferences(): vscode.Disposable {
  return vscode.commands.registerCommand(SHOW_REFERENCES, async (uri: string, at: Position, locations: Location[]) => {
    const found = locations.map((location) => new vscode.Location(vscode.Uri.parse(location.uri), rangeOf(location.range)));
    await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), positionOf(at), found);
  });
}

function positionOf({ line, character }: Position): vscode.Position {
  return new vscode.Position(line, character);
}

function rangeOf({ start, end }: Range): vscode.Range {
  return new vscode.Range(positionOf(start), positionOf(end));
}
