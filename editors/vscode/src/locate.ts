// Where the server's binary is. Pure but for the question whether a file can be run, so that it is
// tested without an editor.
import * as path from "node:path";

/** What decides where the binary is looked for. */
export interface Surroundings {
  /** The setting `port-manager.server.path`; empty when unset. */
  setting: string;
  /** The directory that the extension is installed in. */
  extension: string;
  /** The environment's `PATH`. */
  path: string;
  /** The user's home directory, for a setting that begins with `~`. */
  home: string;
  platform: NodeJS.Platform;
  /** Whether the file exists and may be executed. */
  isExecutable: (file: string) => boolean;
}

export type Location =
  | { found: true; command: string }
  /** `setting`: the path that the setting names and where nothing can be run. */
  | { found: false; setting?: string };

/** The binary: the setting's, else the one that comes with the extension, else the one on `PATH`. */
export function locate(surroundings: Surroundings): Location {
  const { extension, isExecutable, platform } = surroundings;
  const { join } = platform === "win32" ? path.win32 : path.posix;

  // The user wants the binary that the setting names; another one in its place would hide the mistake.
  if (surroundings.setting !== "") {
    const command = expandHome(surroundings.setting, surroundings.home, join);
    return isExecutable(command) ? { found: true, command } : { found: false, setting: command };
  }

  const name = platform === "win32" ? "port-manager.exe" : "port-manager";
  const command = [extension && join(extension, "server"), ...searchPath(surroundings.path, platform)]
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, name))
    .find(isExecutable);
  return command === undefined ? { found: false } : { found: true, command };
}

function expandHome(setting: string, home: string, join: (...parts: string[]) => string): string {
  return /^~[/\\]/.test(setting) ? join(home, setting.slice(2)) : setting;
}

/**
 * The directories of `PATH`. Relative ones are left out: the server starts in the workspace, and no
 * workspace may bring a binary of its own.
 */
function searchPath(value: string, platform: NodeJS.Platform): string[] {
  const { delimiter, isAbsolute } = platform === "win32" ? path.win32 : path.posix;
  return value
    .split(delimiter)
    .map((directory) => directory.replace(/^"(.*)"$/, "$1"))
    .filter((directory) => isAbsolute(directory));
}
