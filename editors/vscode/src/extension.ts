// The extension: starts the server and shows its answers. Only the server knows what a port is and what is wrong with one.
import * as vscode from "vscode";

import { registerCommands } from "./commands";
import { registerDebug } from "./debug";
import { registerFindings } from "./findings";
import { l10n } from "./l10n";
import { Ports } from "./ports";
import { renewSchemas } from "./schemas";
import { Server } from "./server";
import { registerSetup } from "./setup";
import { registerShowReferences } from "./showReferences";
import { registerStatusBar } from "./statusBar";
import { registerComplaints, registerEnvironment } from "./terminals";
import { registerView } from "./view";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  l10n.t = (message, ...args) => vscode.l10n.t(message, ...args);
  const started = new Server(context.extensionPath);
  server = started;
  const ports = new Ports(started);
  context.subscriptions.push(
    ports,
    registerShowReferences(),
    ...registerCommands(context, started, ports),
    ...registerView(ports),
    ...registerStatusBar(ports),
    ...registerFindings(),
    registerSetup(context, ports),
    registerDebug(started, ports),
    ...registerEnvironment(context, ports),
    ...registerComplaints(started, ports),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("port-manager.server.path")) await started.restart();
    }),
  );
  void renewSchemas(context);
  await started.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  server?.output.dispose();
}
