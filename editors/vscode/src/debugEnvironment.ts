// How the configurations of debuggers name environment variables. Pure, so that it is tested without an editor.

/** A configuration of `launch.json`, as far as it matters here. */
export interface Launch {
  type: string;
  request: string;
  [member: string]: unknown;
}

/** Debuggers with `env`, an object of names and values. Each is a type of `launch.json`. */
const WITH_MAP = new Set([
  "bun",
  "coreclr",
  "dart",
  "debugpy",
  "extensionHost",
  "go",
  "java",
  "lldb",
  "lldb-dap",
  "mix_task",
  "node",
  "node-terminal",
  "php",
  "pwa-extensionHost",
  "pwa-node",
  "python",
  "rdbg",
  "ruby_lsp",
]);

/** Debuggers with `environment`, a list of `{name, value}`. */
const WITH_LIST = new Set(["cppdbg", "cppvsdbg"]);

/** Whether the debugger starts a program and it is known how to give that program variables. */
export function takesVariables({ type, request }: Launch): boolean {
  return request === "launch" && (WITH_MAP.has(type) || WITH_LIST.has(type));
}

/** The files that the configuration loads variables from. */
export function envFilesOf({ envFile }: Launch): string[] {
  return [envFile].flat().filter((file): file is string => typeof file === "string" && file !== "");
}

/** The configuration with the variables that neither it nor one of its files (`loaded`) sets. */
export function withVariables(
  launch: Launch,
  variables: ReadonlyMap<string, string>,
  loaded: ReadonlySet<string>,
): Launch {
  const missing = [...variables].filter(([name]) => !loaded.has(name));
  if (WITH_LIST.has(launch.type)) {
    const before = (Array.isArray(launch.environment) ? launch.environment : []) as { name?: unknown }[];
    const set = new Set(before.map(({ name }) => name));
    const added = missing.filter(([name]) => !set.has(name)).map(([name, value]) => ({ name, value }));
    return added.length === 0 ? launch : { ...launch, environment: [...added, ...before] };
  }
  const before = (typeof launch.env === "object" && launch.env !== null ? launch.env : {}) as Record<string, unknown>;
  const added = missing.filter(([name]) => !(name in before));
  return added.length === 0 ? launch : { ...launch, env: { ...Object.fromEntries(added), ...before } };
}
