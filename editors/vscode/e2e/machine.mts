// A developer's machine for one test: a home, a registry, projects and processes of its own, gone when the test is.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What `run` has prepared. */
export const prepared = {
  codeServer: required("PORT_MANAGER_E2E_CODE_SERVER"),
  vsix: required("PORT_MANAGER_E2E_VSIX"),
  /** Where the extension is installed, and where the pictures go. */
  work: required("PORT_MANAGER_E2E_WORK"),
  server: required("PORT_MANAGER_E2E_SERVER"),
  /** The program of npm's `@taplo/cli`. */
  taplo: required("PORT_MANAGER_E2E_TAPLO"),
};

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests with \`make test-vscode\``);
  return value;
}

/** How long something may take that normally takes a moment, on a machine that is busy with other things. */
export const PATIENCE = Number(process.env.PORT_MANAGER_E2E_PATIENCE ?? 90_000);

/** Waits until `look` gives something; `what` says in the error what it did not give in time. */
export async function until<Found>(what: string, look: () => Found | undefined | false | Promise<Found | undefined | false>): Promise<Found> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The registry's file, as far as the tests read it. */
export interface Registry {
  projects: Record<string, { name: string; ports: Record<string, { port: number; service: string }> }>;
}

/** Files by their path in the project. */
export type Files = Record<string, string>;

export class Machine {
  readonly directory: string;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  private readonly children = new Set<ChildProcess>();
  private readonly endings: (() => Promise<void>)[] = [];
  private readonly killChildren = () => this.children.forEach(killGroup);

  /** @param name of its directory, where people are going to see that; it must not exist */
  constructor(name?: string) {
    const directory = name === undefined ? mkdtempSync(join(tmpdir(), "port-manager-e2e-")) : join(tmpdir(), name);
    if (name !== undefined) mkdirSync(directory);
    this.directory = realpathSync(directory);
    this.home = join(this.directory, "home");
    mkdirSync(this.home);
    this.environment = {
      HOME: this.home,
      // Neither a port-manager of the developer's nor anything else that the test did not bring.
      PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].filter((directory) => !existsSync(join(directory, "port-manager"))).join(":"),
      PORT_MANAGER_CONFIG_DIR: join(this.directory, "config"),
      LANG: "C.UTF-8",
      SHELL: "/bin/bash",
      TMPDIR: tmpdir(),
    };
    writeFileSync(join(this.home, ".bashrc"), "PS1='$ '\n");
    process.on("exit", this.killChildren);
    // Who is ended from outside leaves nothing behind either.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
  }

  /** A git repository with these files. */
  project(name: string, files: Files): string {
    const root = join(this.directory, "projects", name);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    mkdirSync(root, { recursive: true });
    execFileSync("git", ["init", "--quiet", root], { env: this.environment });
    return root;
  }

  /** Runs the command-line tool, as in another terminal; what it prints. */
  cli(directory: string, ...args: string[]): string {
    return execFileSync(prepared.server, args, { cwd: directory, env: this.environment, encoding: "utf8" });
  }

  get registry(): Registry {
    return JSON.parse(readFileSync(join(this.directory, "config", "registry.json"), "utf8")) as Registry;
  }

  /** The ports that the registry gives to a project, by variable. */
  assignments(root: string): Record<string, number> {
    if (!existsSync(join(this.directory, "config", "registry.json"))) return {};
    const ports = this.registry.projects[root]?.ports ?? {};
    return Object.fromEntries(Object.entries(ports).map(([variable, { port }]) => [variable, port]));
  }

  /** A workspace of several folders. */
  workspace(folders: string[]): string {
    const path = join(this.directory, "projects", "all.code-workspace");
    writeFileSync(path, JSON.stringify({ folders: folders.map((folder) => ({ path: folder })) }));
    return path;
  }

  /** Starts a server in the directory; it listens when this returns. */
  async listen(directory: string, port: number): Promise<ChildProcess> {
    const source = `require("http").createServer((request, response) => response.end("hello")).listen(${port}, "127.0.0.1", () => console.log("up"))`;
    return (await this.script(directory, source)).child;
  }

  /** Starts a process, in a group of its own so that nothing of it outlives the test. */
  spawn(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): ChildProcess {
    const child = spawn(command, args, {
      cwd: options.cwd ?? this.directory,
      env: { ...this.environment, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child.once("exit", () => this.children.delete(child));
    this.children.add(child);
    return child;
  }

  /** Runs JavaScript in a process of its own, until it has printed a line; the process and the line. */
  async script(directory: string, source: string): Promise<{ child: ChildProcess; line: string }> {
    const child = this.spawn(process.execPath, ["-e", source], { cwd: directory });
    return { child, line: await printed(child, /^(.*)\n/) };
  }

  /** The language servers that the editor has started. */
  languageServers(): number[] {
    const mine = `PORT_MANAGER_CONFIG_DIR=${this.environment.PORT_MANAGER_CONFIG_DIR}`;
    return readdirSync("/proc").map(Number).filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, "utf8").endsWith("port-manager\0lsp\0") &&
          readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mine) &&
          readlinkSync(`/proc/${pid}/exe`) !== ""
        );
      } catch {
        // Not a process, or it has ended meanwhile.
        return false;
      }
    });
  }

  /** What has to be done before the machine is gone, the last thing first. */
  beforeItGoes(action: () => Promise<void>): void {
    this.endings.unshift(action);
  }

  async dispose(): Promise<void> {
    for (const ending of this.endings) await ending().catch((error: unknown) => console.error(error));
    const ended = [...this.children].map((child) => new Promise((resolve) => child.once("exit", resolve)));
    this.killChildren();
    await Promise.all(ended);
    process.off("exit", this.killChildren);
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** The first group of what the pattern finds in the output. */
export async function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data: Buffer) => (output += data.toString()));
  return await until(`${child.spawnargs.join(" ").slice(0, 200)} printed ${pattern}`, () => {
    const found = pattern.exec(output)?.[1];
    if (found === undefined && child.exitCode !== null) throw new Error(`${child.spawnfile} ended: ${output}`);
    return found;
  });
}

/** A port that nothing listens on. */
export async function unusedPort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Whether the process runs still. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Writes a program that can be run. */
export function writeProgram(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
}
