// Gives the project's port variables to programs that a debugger starts. In the integrated terminal they get them from the
// terminal; elsewhere only from here.
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

import * as vscode from "vscode";

import { envFilesOf, type Launch, takesVariables, withVariables } from "./debugEnvironment";
import { namesIn, variablesOf } from "./environment";
import type { Ports } from "./ports";
import { type Server, text } from "./server";

export function registerDebug(server: Server, ports: Ports): vscode.Disposable {
  return vscode.debug.registerDebugConfigurationProvider("*", {
    async resolveDebugConfigurationWithSubstitutedVariables(folder, configuration) {
      const isWanted = vscode.workspace.getConfiguration("port-manager").get("debug.environment", true);
      if (!isWanted || !vscode.workspace.isTrusted || !takesVariables(configuration)) return configuration;
      try {
        return (await withPorts(ports, folder, configuration)) as vscode.DebugConfiguration;
      } catch (error) {
        // The program still starts, with the environment that it has without the extension.
        server.output.warn(`the variables of ${configuration.name}: ${text(error)}`);
        return configuration;
      }
    },
  });
}

async function withPorts(ports: Ports, folder: vscode.WorkspaceFolder | undefined, launch: Launch): Promise<Launch> {
  const root = (folder ?? vscode.workspace.workspaceFolders?.[0])?.uri;
  const base = root?.scheme === "file" ? root.fsPath : undefined;
  const directory = typeof launch.cwd === "string" && isAbsolute(launch.cwd) ? launch.cwd : base;
  if (directory === undefined) return launch;
  const variables = variablesOf(await ports.projectOf(directory));
  const files = envFilesOf(launch).map((file) => (isAbsolute(file) ? file : join(base ?? directory, file)));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return withVariables(launch, variables, new Set(texts.flatMap(namesIn)));
}
