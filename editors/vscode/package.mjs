// Packs the extension with a server in it: one file for each machine that it is for.
// usage: node package.mjs --binary FILE [--target TARGET] [--out FILE]   for one machine; for this one if none is named
//        node package.mjs --binaries DIR                                 for each TARGET/port-manager below DIR
// With --pre-release they are for the marketplace's channel of pre-releases.
//
// REPOSITORY is the address of the public repository, such as https://github.com/OWNER/port-manager. It belongs into the
// manifest, and what README.md links to is looked for there. Without it the extension can be installed from its file, not
// published.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    binary: { type: "string" },
    binaries: { type: "string" },
    target: { type: "string", default: `${process.platform}-${process.arch}` },
    out: { type: "string" },
    "pre-release": { type: "boolean", default: false },
  },
});

/** The machines that VS Code knows, as Rust names them. For `web` there is no file: a browser can start no process. */
const RUST = {
  "alpine-arm64": "aarch64-unknown-linux-musl",
  "alpine-x64": "x86_64-unknown-linux-musl",
  "darwin-arm64": "aarch64-apple-darwin",
  "darwin-x64": "x86_64-apple-darwin",
  "linux-arm64": "aarch64-unknown-linux-gnu",
  "linux-armhf": "armv7-unknown-linux-gnueabihf",
  "linux-x64": "x86_64-unknown-linux-gnu",
  "win32-arm64": "aarch64-pc-windows-msvc",
  "win32-x64": "x86_64-pc-windows-msvc",
};
const TARGETS = Object.keys(RUST);

const extension = import.meta.dirname;
const packaging = join(extension, "..", "..", "packaging");
const repository = process.env.REPOSITORY ?? "";
const { version } = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));

// The file has the modes of what is written here: they are not to depend on who packs.
process.umask(0o022);

if (options.binaries !== undefined) {
  const targets = readdirSync(options.binaries).filter((name) => TARGETS.includes(name));
  if (targets.length === 0) fail(`no directory below ${options.binaries} is named for a machine: ${TARGETS.join(", ")}`);
  for (const target of targets) pack(target, join(options.binaries, target, binaryName(target)));
} else if (options.binary !== undefined) {
  pack(options.target, options.binary, options.out);
} else {
  fail("--binary or --binaries names the server");
}

function binaryName(target) {
  return target.startsWith("win32") ? "port-manager.exe" : "port-manager";
}

/** Packs in a copy: the manifest in it gets its repository, and the work tree stays as it is. */
function pack(target, binary, out = join(extension, `port-manager-${target}-${version}.vsix`)) {
  if (!TARGETS.includes(target)) fail(`there is no machine ${target}; there are ${TARGETS.join(", ")}`);
  if (!existsSync(binary)) fail(`there is no ${binary}`);
  const stage = mkdtempSync(join(tmpdir(), "port-manager-vsix-"));
  try {
    const left = new Set(["node_modules", "server"]);
    cpSync(extension, stage, { recursive: true, filter: (path) => !left.has(basename(path)) && !path.endsWith(".vsix") });
    mkdirSync(join(stage, "server"));
    const server = join(stage, "server", binaryName(target));
    cpSync(binary, server);
    chmodSync(server, 0o755);
    writeLicences(RUST[target], join(stage, "server"));
    if (repository !== "") name(join(stage, "package.json"));
    const vsce = join(extension, "node_modules", "@vscode", "vsce", "vsce");
    // Without a repository vsce refuses a manifest that has none, and links that lead into one.
    const unpublished = repository === "" ? ["--allow-missing-repository", "--no-rewrite-relative-links"] : [];
    const channel = options["pre-release"] ? ["--pre-release"] : [];
    const args = [vsce, "package", "--no-dependencies", "--target", target, "--out", resolve(out), ...channel, ...unpublished];
    const { status } = spawnSync(process.execPath, args, { cwd: stage, stdio: "inherit" });
    if (status !== 0) fail(`vsce packed nothing for ${target}`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The licences of the crates in the server. */
function writeLicences(rust, directory) {
  const env = { ...process.env, PYTHONPATH: packaging };
  const { status } = spawnSync("python3", ["-m", "pack", "licences", "--target", rust, "--out", directory], { env, stdio: "inherit" });
  if (status !== 0) fail(`there are no licences for ${rust}`);
}

function name(path) {
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  manifest.repository = { type: "git", url: `${repository}.git`, directory: "editors/vscode" };
  manifest.bugs = { url: `${repository}/issues` };
  manifest.homepage = `${repository}#readme`;
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

function fail(message) {
  console.error(`package: ${message}`);
  process.exit(2);
}
