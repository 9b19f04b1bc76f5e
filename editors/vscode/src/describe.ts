// The server's answers in words. Pure, so that it is tested without an editor.
import type { Cleaned, FreeReport, Holder, Initialized, Listener, PortStatus, Reservation, Status } from "./protocol";

/** A line of a picker. */
export interface Line {
  label: string;
  description: string;
}

/** A heading with its lines. */
export interface Group {
  title: string;
  /** Whether it is the project at hand. */
  isCurrent: boolean;
  lines: (Line & { port: number; isRunning: boolean })[];
}

/** A port number typed by a person; undefined for anything else. */
export function parsePort(input: string): number | undefined {
  const digits = /^\s*:?(\d{1,5})\s*$/.exec(input)?.[1];
  const port = digits === undefined ? 0 : Number(digits);
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** Whether a directory is the root or lies below it. */
export function isWithin(directory: string, root: string): boolean {
  const base = root.replace(/[/\\]+$/, "");
  return directory === base || directory.startsWith(`${base}/`) || directory.startsWith(`${base}\\`);
}

/** Every registered port by project, the projects around `folders` first; reservations last. */
export function groups(status: Status, folders: readonly string[]): Group[] {
  const found = new Map<string, Group>();
  for (const port of status.ports) {
    const { project, root } = port;
    const key = root ?? project;
    const isCurrent = root !== null && folders.some((folder) => isWithin(folder, root) || isWithin(root, folder));
    const group = found.get(key) ?? { title: root === null ? project : `${project} (${root})`, isCurrent, lines: [] };
    group.lines.push(portLine(port));
    found.set(key, group);
  }
  const projects = [...found.values()];
  const reserved: Group = { title: "reserved", isCurrent: false, lines: status.reservations.map(reservationLine) };
  return [
    ...projects.filter((group) => group.isCurrent),
    ...projects.filter((group) => !group.isCurrent),
    ...(reserved.lines.length > 0 ? [reserved] : []),
  ];
}

function portLine({ port, variable, service, listeners }: PortStatus): Group["lines"][number] {
  const isRunning = listeners.length > 0;
  return {
    label: `${variable} ${port}`,
    description: isRunning ? listeners.map(describeListener).join(", ") : `${service}, nothing listens`,
    port,
    isRunning,
  };
}

function reservationLine({ port, service, expires_at, listeners }: Reservation): Group["lines"][number] {
  const isRunning = listeners.length > 0;
  const until = `${service}, until ${new Date(expires_at).toLocaleTimeString()}`;
  return {
    label: String(port),
    description: [until, ...listeners.map(describeListener)].join(", "),
    port,
    isRunning,
  };
}

function describeListener({ pid, program }: Listener): string {
  if (pid === null) return `${program ?? "a process"} of another user`;
  return `${program ?? "a process"} (pid ${pid})`;
}

/** A process, named so that somebody can decide about it. */
export function describeHolder(holder: Holder): string {
  const place = holder.project ?? holder.directory;
  const details = [`pid ${holder.pid}`, ...(holder.user === null ? [] : [`user ${holder.user}`])];
  return `${holder.program} (${details.join(", ")})${place === null ? "" : ` in ${place}`}`;
}

/** What became of a port. */
export interface FreeResult {
  text: string;
  isFree: boolean;
  /** Whether killing may help where asking did not. */
  canForce: boolean;
}

export function freeResult(report: FreeReport): FreeResult {
  const { port, holders, successors } = report;
  const isFree = report.is_free;
  const canForce = !isFree && holders.some(({ outcome }) => outcome === "listening" || outcome === "cannot-ask");
  if (report.was_free) return { text: `Nothing listens on port ${port}.`, isFree, canForce };
  if (isFree) {
    const names = holders.map((holder) => `${holder.program} (pid ${holder.pid})`).join(", ");
    const verb = holders.some(({ outcome }) => outcome === "killed") ? "killed" : "stopped";
    return { text: `Port ${port} is free: ${names || "its process"} ${verb}.`, isFree, canForce };
  }
  if (holders.length === 0) {
    const users = report.hidden_users.length === 0 ? "" : ` of ${report.hidden_users.join(", ")}`;
    return { text: `Port ${port} is held by a process${users} that is not visible to you.`, isFree, canForce };
  }
  const reasons = holders.flatMap((holder) => {
    const name = `${holder.program} (pid ${holder.pid})`;
    switch (holder.outcome) {
      case "listening":
        return [`${name} was asked to end and listens still`];
      case "protected":
        return [`${name} is never stopped, because the editor depends on it`];
      case "not-permitted":
        return [`${name} is another user's`];
      case "cannot-ask":
        return [`${name} can only be killed on this system`];
      default:
        return [];
    }
  });
  const heirs = successors.map((holder) => `${describeHolder(holder)} took it over`);
  return { text: `Port ${port} is not free: ${[...reasons, ...heirs].join("; ")}.`, isFree, canForce };
}

/** What `init` did. */
export function describeInitialized({ project, ports, written }: Initialized): string {
  const list = ports.map(({ variable, port }) => `${variable}=${port}`).join(", ");
  return written.length === 0 ? `${project} has its ports already: ${list}.` : `${project}: ${list}.`;
}

/** What `clean` would remove, as lines; empty where there is nothing to do. */
export function describeCleaning({ projects, reservations }: Cleaned): string[] {
  const gone = projects.map(({ project, root, ports }) => `${project} (${root}): ${ports.join(", ")}`);
  const expired = reservations.map(({ port }) => `expired reservation of ${port}`);
  return [...gone, ...expired];
}
