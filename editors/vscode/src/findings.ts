// The number of findings, in the status bar: notes are hints, which the list of problems does not show.
import * as vscode from "vscode";

import { l10n } from "./l10n";

/** The source of the server's diagnostics. */
const SOURCE = "port-manager";

/** The delay of the count in milliseconds, so that a burst of changes is counted once. */
const DELAY = 150;

interface Finding {
  uri: vscode.Uri;
  diagnostic: vscode.Diagnostic;
}

/** All findings of the server, warnings first. */
function findings(): Finding[] {
  const all = vscode.languages.getDiagnostics().flatMap(([uri, diagnostics]) =>
    diagnostics.filter(({ source }) => source === SOURCE).map((diagnostic) => ({ uri, diagnostic })),
  );
  return all.sort(
    (a, b) =>
      a.diagnostic.severity - b.diagnostic.severity ||
      a.uri.fsPath.localeCompare(b.uri.fsPath) ||
      a.diagnostic.range.start.line - b.diagnostic.range.start.line,
  );
}

/** Shows the count and keeps it current. */
export function registerFindings(): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem("portManager.findings", vscode.StatusBarAlignment.Left, -1);
  item.name = l10n.t("Port Manager: Findings");
  item.command = "portManager.findings";
  const update = () => {
    const isWanted = vscode.workspace.getConfiguration("port-manager").get("statusBar.enabled", true);
    const all = isWanted ? findings() : [];
    const warnings = all.filter(({ diagnostic }) => diagnostic.severity <= vscode.DiagnosticSeverity.Warning).length;
    const notes = all.length - warnings;
    if (all.length === 0) {
      item.hide();
      return;
    }
    const parts = [...(warnings > 0 ? [`$(warning) ${warnings}`] : []), ...(notes > 0 ? [`$(lightbulb) ${notes}`] : [])];
    const label = [...counted(warnings, "warning"), ...counted(notes, "note")].join(", ");
    item.text = `$(plug) ${parts.join(" ")}`;
    item.tooltip = `${l10n.t("Port Manager: {0}", label)}\n${l10n.t("Click to list them")}`;
    item.accessibilityInformation = { label: l10n.t("Port Manager: {0}", label) };
    item.show();
  };
  let pending: NodeJS.Timeout | undefined;
  const later = () => {
    pending ??= setTimeout(() => {
      pending = undefined;
      update();
    }, DELAY);
  };
  return [
    item,
    { dispose: () => clearTimeout(pending) },
    vscode.languages.onDidChangeDiagnostics(later),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("port-manager.statusBar.enabled")) update();
    }),
  ];
}

function counted(count: number, kind: "warning" | "note"): string[] {
  if (count === 0) return [];
  if (kind === "warning") return [count === 1 ? l10n.t("1 warning") : l10n.t("{0} warnings", count)];
  return [count === 1 ? l10n.t("1 note") : l10n.t("{0} notes", count)];
}

/** Lists the findings; the one that is picked is shown in its file. */
export async function showFindings(): Promise<void> {
  const items = findings().map((finding) => {
    const { uri, diagnostic } = finding;
    const icon = diagnostic.severity <= vscode.DiagnosticSeverity.Warning ? "$(warning)" : "$(lightbulb)";
    const place = `${vscode.workspace.asRelativePath(uri)}:${diagnostic.range.start.line + 1}`;
    return { label: `${icon} ${place}`, detail: diagnostic.message, finding };
  });
  if (items.length === 0) {
    void vscode.window.showInformationMessage(l10n.t("There are no findings."));
    return;
  }
  const title = l10n.t("Findings of Port Manager");
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDetail: true });
  if (picked === undefined) return;
  const { uri, diagnostic } = picked.finding;
  await vscode.window.showTextDocument(uri, { selection: diagnostic.range });
}
