// Has Even Better TOML complete and check port-manager.toml and config.toml. An extension can declare schemas for it
// (`tomlValidation`), but only by addresses that are absolute, which the place of an installed extension is not known to be.
// So a command names them in its settings, where people ask for that. They lie in the extension's storage, whose path no
// update changes.
import * as vscode from "vscode";

import { SCHEMAS, withOurs } from "./associations";
import { l10n } from "./l10n";

const TOML = "tamasfe.even-better-toml";

/** Names the schemas in the user's settings. */
export async function associateSchemas(context: vscode.ExtensionContext): Promise<void> {
  if (vscode.extensions.getExtension(TOML) === undefined) {
    const show = l10n.t("Show Extension");
    const choice = await vscode.window.showInformationMessage(l10n.t("This needs the extension Even Better TOML."), show);
    if (choice === show) await vscode.commands.executeCommand("extension.open", TOML);
    return;
  }
  await copySchemas(context);
  const settings = vscode.workspace.getConfiguration("evenBetterToml");
  const before = settings.inspect<Record<string, string>>("schema.associations")?.globalValue ?? {};
  const after = withOurs(before, (file) => vscode.Uri.joinPath(context.globalStorageUri, file).toString());
  await settings.update("schema.associations", after, vscode.ConfigurationTarget.Global);
  void vscode.window.showInformationMessage(
    l10n.t("Even Better TOML now completes and checks port-manager.toml and config.toml."),
  );
}

/** Puts this version's schemas in the place of those that were copied before, if any were. */
export async function renewSchemas(context: vscode.ExtensionContext): Promise<void> {
  const [first] = SCHEMAS;
  try {
    await vscode.workspace.fs.stat(vscode.Uri.joinPath(context.globalStorageUri, first.file));
  } catch {
    return;
  }
  await copySchemas(context);
}

async function copySchemas(context: vscode.ExtensionContext): Promise<void> {
  await vscode.workspace.fs.createDirectory(context.globalStorageUri);
  for (const { file } of SCHEMAS) {
    const from = vscode.Uri.joinPath(context.extensionUri, "schemas", file);
    await vscode.workspace.fs.copy(from, vscode.Uri.joinPath(context.globalStorageUri, file), { overwrite: true });
  }
}
