// Free Port: which one, who it is, the truth about the result.
import * as vscode from "vscode";

import { describePlan, freeResult, groups, parsePort } from "./describe";
import { l10n } from "./l10n";
import type { FreeReport, Holder, Outcome, Status } from "./protocol";
import type { Server } from "./server";

/** @param known the port, where it is known already */
export async function free(server: Server, known: number | undefined): Promise<void> {
  const port = known ?? (await pickPort(server));
  if (port === undefined) return;

  const found = await server.execute<FreeReport>("port-manager.free", { port, dry_run: true });
  const containers = found.principal?.kind === "container" && found.principal.remedy !== null;
  const isStoppable = containers || (!found.is_kept && found.holders.some((holder) => holder.protection === null));
  if (found.is_free || !isStoppable) {
    const shown = found.holders.map((holder) => ({ ...holder, outcome: outcomeOf(holder) }));
    tell(freeResult({ ...found, holders: shown }));
    return;
  }
  const stop = l10n.t("Stop");
  const remedy = containers ? [l10n.t("This command will run: {0}", found.principal?.remedy?.join(" ") ?? "")] : [];
  const detail = [describePlan(found), ...remedy].join("\n\n");
  const question = l10n.t("Stop what listens on port {0}?", port);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, stop)) !== stop) return;

  // A process that has started to listen since then was not shown, so it is left alone.
  const expected = found.holders.map(({ pid, started_at }) => ({ pid, started_at }));
  const request = { port, expected, containers };
  const result = freeResult(await server.execute<FreeReport>("port-manager.free", request));
  if (!result.canForce) {
    tell(result);
    return;
  }
  const kill = l10n.t("Kill");
  if ((await vscode.window.showWarningMessage(result.text, kill)) !== kill) return;
  tell(freeResult(await server.execute<FreeReport>("port-manager.free", { ...request, force: true })));
}

/** What becomes of a process where none is stopped. */
function outcomeOf({ protection, is_permitted }: Holder): Outcome {
  if (protection !== null) return "protected";
  return is_permitted ? "spared" : "not-permitted";
}

function tell({ text, isFree }: { text: string; isFree: boolean }): void {
  void (isFree ? vscode.window.showInformationMessage : vscode.window.showWarningMessage)(text);
}

/** A port on which something listens, or any number that is typed. */
async function pickPort(server: Server): Promise<number | undefined> {
  const running = portItems(await server.execute<Status>("port-manager.status", { all: true }), true);
  const picker = vscode.window.createQuickPick<PortItem>();
  picker.title = l10n.t("Free a port");
  picker.placeholder = l10n.t("Type a port number, or choose a port that is in use");
  picker.matchOnDescription = true;
  picker.items = running;
  // The number that was typed stands first. Until the picker shows it, the line that is active was chosen by nobody:
  // it is one of those that the text happens to match, and Enter must not take it.
  let typed: PortItem | undefined;
  let isShown = false;
  picker.onDidChangeValue((value) => {
    isShown = false;
    typed = typedItem(value, running);
    picker.items = typed === undefined ? running : [typed, ...running.filter((item) => item.port !== typed?.port)];
  });
  picker.onDidChangeActive(([active]) => {
    if (active === typed) isShown = true;
  });
  try {
    return await new Promise((resolve) => {
      picker.onDidAccept(() => resolve(typed !== undefined && !isShown ? typed.port : picker.selectedItems[0]?.port));
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

/** The line for a number that is typed whole; undefined where none is. */
function typedItem(value: string, running: readonly PortItem[]): PortItem | undefined {
  const port = parsePort(value);
  if (port === undefined) return undefined;
  const listed = running.find((item) => item.port === port);
  return listed ?? { label: String(port), description: l10n.t("free this port"), port };
}

export type PortItem = vscode.QuickPickItem & { port?: number };

/** The ports as a picker's items, by project, the workspace's first. */
export function portItems(status: Status, onlyRunning = false): PortItem[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  return groups(status, folders).flatMap(({ title, lines }) => {
    const wanted = lines.filter((line) => line.isRunning || !onlyRunning);
    const entries = wanted.map(({ label, description, port, isRunning }) => ({
      label: `$(${isRunning ? "circle-filled" : "circle-outline"}) ${label}`,
      description,
      port,
    }));
    return entries.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...entries];
  });
}
