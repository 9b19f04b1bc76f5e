// The extension: starts the server and puts its commands into the palette. What a port is, and what
// is wrong with one, only the server knows.
import * as vscode from "vscode";

import { registerCommands } from "./commands";
import { Server } from "./server";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const started = new Server(context.extensionPath);
  server = started;
  context.subscriptions.push(
    ...registerCommands(started),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("port-manager.server.path")) await started.restart();
    }),
  );
  await started.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  server?.output.dispose();
}
