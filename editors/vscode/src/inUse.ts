// Finds "address already in use" in the output of programs. Pure, so that it is tested without an editor.

/** Control sequences of terminals: colours, titles, cursor positions (ECMA-48 and xterm's). */
// biome-ignore lint: control characters are what this is about
const CONTROLS = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Messages that an address is in use. */
const IN_USE = [
  /EADDRINUSE/,
  /address (?:is )?already in use/i,
  /address in use/i,
  /port \d{1,5} (?:is|was) (?:already )?(?:in use|being used|allocated|occupied|taken)/i,
  /port is already (?:allocated|in use)/i,
  /(?:port|server) .{0,40}already (?:in use|running|being used)/i,
  /something is already running on port/i,
  /that port is already in use/i,
  /only one usage of each socket address/i,
  /os error (?:98|48|10048)/i,
];

/** Places of the port number, the most reliable first. */
const PORTS = [
  /\bport[:\s=#]+(\d{1,5})\b/i,
  /'port', (\d{1,5})/,
  /(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]*\]|localhost|\*|::1?):(\d{1,5})\b/i,
  /\('[^']*', (\d{1,5})\)/,
  /(?:^|[\s:(])::+(\d{1,5})\b/,
  /(?:^|\s):(\d{1,5})\b/,
];

/**
 * The port that a program reports as in use; undefined where it reports none. The text is the output of a terminal, with its
 * control sequences.
 */
export function portInUse(output: string): number | undefined {
  const lines = output.replace(CONTROLS, "").split(/\r?\n/);
  // The latest message counts.
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? "";
    if (!IN_USE.some((pattern) => pattern.test(line))) continue;
    // Some programs name the port in a line before or after.
    const around = [line, ...lines.slice(at + 1, at + 12), ...lines.slice(Math.max(0, at - 6), at).reverse()];
    for (const text of around) {
      for (const pattern of PORTS) {
        const port = Number(pattern.exec(text)?.[1] ?? 0);
        if (port >= 1 && port <= 65535) return port;
      }
    }
  }
  return undefined;
}

/**
 * The command line with a variable in front, as the shell of that name wants it; undefined for one of several commands,
 * of which nobody knows which reads it.
 */
export function withVariable(shell: string, variable: string, port: number, commandLine: string): string | undefined {
  if (/&&|\|\||[;|\n]/.test(commandLine.replace(/'[^']*'|"[^"]*"/g, ""))) return undefined;
  const name = shell.toLowerCase().replace(/^.*[/\\]/, "").replace(/\.exe$/, "");
  if (name === "pwsh" || name === "powershell") return `$env:${variable}=${port}; ${commandLine}`;
  if (name === "cmd") return `set "${variable}=${port}" && ${commandLine}`;
  if (name === "fish" || name === "nu") return `env ${variable}=${port} ${commandLine}`;
  return `${variable}=${port} ${commandLine}`;
}
