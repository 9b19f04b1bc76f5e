// The panel *Ports* of VS Code, which remote windows have. An extension can label its lines only by an API that is not open
// to all (`registerPortAttributesProvider`), so the labels are written to the user's settings, and only where people ask for
// that: a number belongs to one project on this machine, so one label fits it everywhere.
import * as vscode from "vscode";

import { type Attributes, labelled } from "./labels";
import { l10n } from "./l10n";
import type { Status } from "./protocol";
import type { Server } from "./server";

/** Labels the registered ports with their variables. */
export async function labelPorts(server: Server): Promise<void> {
  const { ports } = await server.execute<Status>("port-manager.status", {});
  const settings = vscode.workspace.getConfiguration("remote");
  const before = settings.inspect<Attributes>("portsAttributes")?.globalValue ?? {};
  await settings.update("portsAttributes", labelled(before, ports), vscode.ConfigurationTarget.Global);
  const show = l10n.t("Show Panel");
  const message = l10n.t("{0} ports are labelled in your settings. Run the command again when ports have changed.", ports.length);
  if ((await vscode.window.showInformationMessage(message, show)) === show) {
    await vscode.commands.executeCommand("~remote.forwardedPorts.focus");
  }
}
