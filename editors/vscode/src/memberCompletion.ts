// Completion after a dot, as in `process.env.`. VS Code's own TypeScript extension offers members with the dot in their range,
// and VS Code ranks these above all items that begin after the dot, whatever their sort texts say. So ours begin at the dot
// too.
import * as vscode from "vscode";

/** The items with the dot in front of them in their range, where there is one. */
export function fromTheDot(items: vscode.CompletionItem[], document: vscode.TextDocument): vscode.CompletionItem[] {
  for (const item of items) {
    const { range, label, insertText } = item;
    if (range === undefined || typeof insertText !== "string") continue;
    const { line, character } = range instanceof vscode.Range ? range.start : range.inserting.start;
    if (document.lineAt(line).text[character - 1] !== ".") continue;
    item.filterText = `.${item.filterText ?? (typeof label === "string" ? label : label.label)}`;
    item.insertText = `.${insertText}`;
    item.range =
      range instanceof vscode.Range ? withDot(range) : { inserting: withDot(range.inserting), replacing: withDot(range.replacing) };
  }
  return items;
}

function withDot({ start, end }: vscode.Range): vscode.Range {
  return new vscode.Range(start.translate(0, -1), end);
}
