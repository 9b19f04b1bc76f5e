// The server's answers in words. Pure, so that it is tested without an editor.
import { l10n } from "./l10n";
import type {
  Adopted,
  Cleaned,
  Fixed,
  FreeReport,
  Holder,
  Initialized,
  Listener,
  PortStatus,
  Process,
  ProjectPort,
  Reservation,
  Restarter,
  Status,
} from "./protocol";

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

/** Whether a project's root is around or in one of the folders. */
export function isAround(root: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isWithin(folder, root) || isWithin(root, folder));
}

/** Every port by project, the projects around `folders` first; then reservations, then unregistered ports. */
export function groups(status: Status, folders: readonly string[]): Group[] {
  const found = new Map<string, Group>();
  for (const port of status.ports) {
    const { project, root } = port;
    const title = root === project ? project : `${project} (${root})`;
    const group = found.get(root) ?? { title, isCurrent: isAround(root, folders), lines: [] };
    group.lines.push(portLine(port));
    found.set(root, group);
  }
  const projects = [...found.values()];
  const rest: Group[] = [
    { title: l10n.t("reserved"), isCurrent: false, lines: status.reservations.map(reservationLine) },
    { title: l10n.t("not registered"), isCurrent: false, lines: (status.others ?? []).map(otherLine) },
  ];
  return [
    ...projects.filter((group) => group.isCurrent),
    ...projects.filter((group) => !group.isCurrent),
    ...rest.filter((group) => group.lines.length > 0),
  ];
}

function portLine({ port, variable, service, listeners }: PortStatus): Group["lines"][number] {
  const isRunning = listeners.length > 0;
  const idle = l10n.t("{0}, nothing listens", service);
  return {
    label: `${port}  ${variable}`,
    description: isRunning ? describeListeners(listeners) : idle,
    port,
    isRunning,
  };
}

function reservationLine({ port, service, expires_at, listeners }: Reservation): Group["lines"][number] {
  const until = l10n.t("{0}, until {1}", service, new Date(expires_at).toLocaleTimeString());
  return {
    label: String(port),
    description: [until, ...listeners.map(describeListener)].join(", "),
    port,
    isRunning: listeners.length > 0,
  };
}

function otherLine({ port, listeners }: Status["ports"][number] | { port: number; listeners: Listener[] }) {
  return { label: String(port), description: describeListeners(listeners), port, isRunning: true };
}

/** Who listens, and from which project where that is not the port's own. */
export function describeListeners(listeners: readonly Listener[]): string {
  return [...new Set(listeners.map(describeListener))].join(", ");
}

function describeListener({ pid, program, project, is_foreign }: Listener): string {
  const name = program ?? l10n.t("a process");
  const who = pid === null ? l10n.t("{0} of another user", name) : `${name} (pid ${pid})`;
  return project === null || is_foreign === false ? who : l10n.t("{0} from {1}", who, project);
}

/** A port's state, in a word that needs no colour. */
export type State = "conflict" | "running" | "foreign" | "idle";

export function stateOf({ conflict, listeners }: Pick<ProjectPort, "conflict" | "listeners">): State {
  if (conflict !== null) return "conflict";
  if (listeners.length === 0) return "idle";
  return listeners.some((listener) => listener.is_foreign === true) ? "foreign" : "running";
}

/** The state in words. */
export function describeState(port: Pick<ProjectPort, "conflict" | "listeners">): string {
  switch (stateOf(port)) {
    case "conflict":
      return l10n.t("belongs to {0}", port.conflict?.project ?? "?");
    case "idle":
      return l10n.t("nothing listens");
    default:
      return describeListeners(port.listeners);
  }
}

/** A short name for narrow places: `WEB` for `WEB_PORT`, `PORT` for `PORT`. */
export function shortName(variable: string): string {
  return variable.replace(/_PORT(\d*)$/, "$1") || variable;
}

/** The process's name, with the details that distinguish it. */
export function describeHolder(holder: Holder): string {
  const place = holder.project ?? holder.directory;
  const details = [`pid ${holder.pid}`, ...(holder.user === null ? [] : [l10n.t("user {0}", holder.user)])];
  const who = `${holder.program} (${details.join(", ")})`;
  return place === null ? who : l10n.t("{0} in {1}", who, place);
}

/** The processes that would be stopped, as lines, for the user to decide about. */
export function describePlan(report: FreeReport): string {
  const command = ({ command }: Process) => {
    const line = command.join(" ");
    return line.length > 200 ? `${line.slice(0, 200)}…` : line;
  };
  const started = ({ started_at }: Process) =>
    started_at === null ? [] : [l10n.t("started {0}", new Date(started_at).toLocaleString())];
  const state = ({ is_suspended, other_ports }: Process) => [
    ...(is_suspended ? [l10n.t("suspended")] : []),
    ...(other_ports.length === 0 ? [] : [l10n.t("also listens on {0}", other_ports.join(", "))]),
  ];
  const holders = report.holders.map((holder) =>
    [describeHolder(holder), command(holder), ...started(holder), ...state(holder)].filter((line) => line !== "").join("\n"),
  );
  const isHolder = ({ pid }: Restarter) => report.holders.some((holder) => holder.pid === pid);
  const restarters = report.restarters.filter((restarter) => !isHolder(restarter)).map(describeRestarter);
  const supervisors = report.supervisors.map(({ program, pid }) =>
    l10n.t("{0} (pid {1}), which would start it again", program, pid),
  );
  const together = supervisors.length === 0 ? [] : [l10n.t("Also stops: {0}", supervisors.join(", "))];
  return [...holders, ...together, ...restarters].join("\n\n");
}

/** What may restart a server, and how to prevent that. */
function describeRestarter({ manager, program, pid, remedy }: Restarter): string {
  const may = l10n.t("{0} (pid {1}) may start it again.", manager ?? program, pid);
  return remedy === null ? may : `${may} ${l10n.t("To stop it, run: {0}", remedy.join(" "))}`;
}

/** The outcome of freeing a port. */
export interface FreeResult {
  text: string;
  isFree: boolean;
  /** Whether a kill may help where a request to stop did not. */
  canForce: boolean;
}

export function freeResult(report: FreeReport): FreeResult {
  const { port, holders, successors, principal } = report;
  const isFree = report.is_free;
  const canForce = !isFree && holders.some(({ outcome }) => outcome === "listening" || outcome === "cannot-ask");
  const result = (text: string): FreeResult => ({ text, isFree, canForce });
  if (report.was_free) return result(l10n.t("Nothing listens on port {0}.", port));
  const running = report.restarters.filter((restarter) => restarter.is_running === true);
  const restarter = running.find(({ manager }) => manager !== null) ?? running[0];
  if (isFree && restarter !== undefined) {
    return result(`${l10n.t("Nothing listens on port {0} now.", port)} ${describeRestarter(restarter)}`);
  }
  if (isFree) {
    const names = holders.map((holder) => `${holder.program} (pid ${holder.pid})`).join(", ");
    const who = names || l10n.t("its process");
    return result(
      holders.some(({ outcome }) => outcome === "killed")
        ? l10n.t("Port {0} is free: {1} killed.", port, who)
        : l10n.t("Port {0} is free: {1} stopped.", port, who),
    );
  }
  if (principal !== null && principal.is_stopped !== true) {
    const name = principal.name ?? "?";
    const who = principal.kind === "container" ? l10n.t("container {0}", name) : l10n.t("unit {0}", name);
    const how = principal.remedy === null ? "" : ` ${l10n.t("To release it, run: {0}", principal.remedy.join(" "))}`;
    const why = principal.complaint === null ? "" : ` ${principal.complaint}`;
    return result(`${l10n.t("Port {0} is held by {1}.", port, who)}${why}${how}`);
  }
  if (holders.length === 0) {
    return result(
      report.hidden_users.length === 0
        ? l10n.t("Port {0} is held by a process that is not visible to you.", port)
        : l10n.t("Port {0} is held by a process of {1} that is not visible to you.", port, report.hidden_users.join(", ")),
    );
  }
  const reasons = [
    ...holders.flatMap(reason),
    ...successors.map((holder) => l10n.t("{0} listens on it now", describeHolder(holder))),
  ];
  const advice = restarter === undefined || successors.length === 0 ? "" : ` ${describeRestarter(restarter)}`;
  if (reasons.length === 0) return result(l10n.t("Port {0} is not free.", port));
  return result(`${l10n.t("Port {0} is not free: {1}.", port, reasons.join("; "))}${advice}`);
}

function reason(holder: Holder): string[] {
  const name = `${holder.program} (pid ${holder.pid})`;
  switch (holder.outcome) {
    case "listening":
      return [l10n.t("{0} was asked to stop but still listens", name)];
    case "protected":
      return [l10n.t("{0} is never stopped ({1})", name, holder.protection ?? "?")];
    case "spared":
      return [l10n.t("{0} was not stopped, because another process, which cannot be stopped, holds the port too", name)];
    case "replaced":
      return [l10n.t("{0} runs another program now", name)];
    case "not-permitted":
      return [l10n.t("{0} is another user's", name)];
    case "cannot-ask":
      return [l10n.t("{0} can only be killed on this system", name)];
    default:
      return [];
  }
}

/** What `init` did. */
export function describeInitialized({ project, ports, written }: Initialized): string {
  const list = ports.map(({ variable, port }) => `${variable}=${port}`).join(", ");
  return written.length === 0 ? l10n.t("{0} already has its ports: {1}.", project, list) : `${project}: ${list}.`;
}

/** What `clean` would remove, as lines; empty where there is nothing to do. */
export function describeCleaning({ projects, reservations }: Cleaned): string[] {
  const gone = projects.map(({ project, root, ports }) => `${project} (${root}): ${ports.join(", ")}`);
  const expired = reservations.map(({ port }) => l10n.t("the expired reservation of port {0}", port));
  return [...gone, ...expired];
}

/** What fix-all was asked to do. */
export function describeFixed({ fixes, files, incomplete }: Fixed): string {
  const left = incomplete.map(({ variable, by_hand }) =>
    l10n.t("{0} was not changed: its place in {1} has to be edited by hand first.", variable, by_hand.map(fileName).join(", ")),
  );
  const done = [];
  if (fixes === 1) done.push(l10n.t("1 hardcoded port is replaced by its variable."));
  if (fixes > 1) done.push(l10n.t("{0} hardcoded ports in {1} files are replaced by their variables.", fixes, files));
  if (fixes === 0 && left.length === 0) {
    done.push(l10n.t("Nothing was fixed: no hardcoded port has a variable yet. Adopt Project gives them variables."));
  }
  return [...done, ...left].join(" ");
}

/** What adopting a project did. */
export function describeAdopted({ project, fixed, by_hand, changes }: Adopted): string {
  if (changes.length === 0) return l10n.t("{0} is already adopted; there is nothing to change.", project);
  const places = fixed.reduce((sum, port) => sum + port.places, 0);
  const left = by_hand.length === 0 ? "" : ` ${l10n.t("Places left to edit by hand: {0}.", by_hand.length)}`;
  return `${l10n.t("{0} is adopted. Places that now read a variable: {1}.", project, places)}${left}`;
}

function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}
