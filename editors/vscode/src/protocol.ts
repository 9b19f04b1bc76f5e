// What the server's commands take and return, as far as it is shown here. The server's
// `operations/` defines the shapes; they only ever grow (docs/json.md, docs/language-server.md).

export interface Listener {
  pid: number | null;
  program: string | null;
  /** The registered project in whose tree it was started. */
  project: string | null;
  user: string | null;
  /** Whether it was started outside of the project that owns the port; null where that is unknown. */
  is_foreign: boolean | null;
}

export interface PortStatus {
  port: number;
  project: string;
  /** The bare name, where only that is known. */
  root: string;
  variable: string;
  service: string;
  listeners: Listener[];
}

export interface Reservation {
  port: number;
  service: string;
  expires_at: string;
  listeners: Listener[];
}

/** A port that nobody registered, and on which something listens. */
export interface OtherPort {
  port: number;
  listeners: Listener[];
}

/** `port-manager.status {all}` */
export interface Status {
  ports: PortStatus[];
  reservations: Reservation[];
  /** Null unless they were asked for. */
  others: OtherPort[] | null;
}

export interface Owner {
  project: string | null;
  variable: string | null;
}

export interface ProjectPort {
  variable: string;
  port: number;
  service: string;
  /** The line of `.ports.env`, from 1; null where only the registry has it. */
  line: number | null;
  is_registered: boolean;
  /** Whether commands and terminals get it. */
  is_passed_on: boolean;
  /** The other project whose port it is. */
  conflict: Owner | null;
  listeners: Listener[];
}

/** `port-manager.project {path}` */
export interface Project {
  project: string;
  root: string;
  /** The path of `.ports.env`; null where the project is not set up. */
  ports_env: string | null;
  ports: ProjectPort[];
  /** What `[env]` of `port-manager.toml` computes from them. */
  computed: { variable: string; value: string }[];
}

export interface InitializedPort {
  variable: string;
  port: number;
  service: string;
}

/** `port-manager.init {path}` */
export interface Initialized {
  project: string;
  root: string;
  ports: InitializedPort[];
  /** The files that were written; none where the project was set up already. */
  written: string[];
}

export type Outcome =
  | "stopped"
  | "killed"
  | "gone"
  | "listening"
  | "running"
  | "replaced"
  | "protected"
  | "spared"
  | "not-permitted"
  | "cannot-ask";

export interface Process {
  pid: number;
  program: string;
  command: string[];
  directory: string | null;
  user: string | null;
  started_at: string | null;
  /** The other TCP ports on which it listens. */
  other_ports: number[];
  /** Whether it is suspended, as by Ctrl+Z. */
  is_suspended: boolean;
  /** What became of it; null where nothing was tried. */
  outcome: Outcome | null;
}

/** What may start a server again when it has ended, and is not stopped with it. */
export interface Restarter {
  pid: number;
  program: string;
  /** The service manager that it is. */
  manager: string | null;
  /** The command that keeps it from starting the server again, word by word. */
  remedy: string[] | null;
  /** Whether it still runs after all; null where nothing was tried. */
  is_running: boolean | null;
}

export interface Holder extends Process {
  /** The registered project in whose tree it was started. */
  project: string | null;
  /** Why it is never stopped, if so. */
  protection: string | null;
  /** Whether this user may stop it. */
  is_permitted: boolean;
}

/** For whom a port is held, where the processes only stand in. */
export interface Principal {
  kind: "container" | "unit";
  name: string | null;
  /** The command that lets go of the port, word by word. */
  remedy: string[] | null;
  is_stopped: boolean | null;
  complaint: string | null;
}

/** `port-manager.free {port, dry_run, expected, force, containers}` */
export interface FreeReport {
  port: number;
  is_free: boolean;
  was_free: boolean;
  /** Whether a process holds the port that cannot be stopped, so that none is. */
  is_kept: boolean;
  /** Users of processes that listen there and are hidden from us. */
  hidden_users: string[];
  holders: Holder[];
  /** What would start them again, and is stopped with them. */
  supervisors: Process[];
  restarters: Restarter[];
  principal: Principal | null;
  /** Processes that took the port meanwhile. */
  successors: Holder[];
}

export interface CleanedProject {
  project: string;
  root: string;
  ports: number[];
}

/** `port-manager.clean {dry_run}` */
export interface Cleaned {
  projects: CleanedProject[];
  reservations: { port: number }[];
  kept: CleanedProject[];
}

/** `port-manager.get-port {service, preferred}` */
export interface ReservedPort {
  port: number;
  service: string;
  expires_at: string;
}

/** `port-manager.config` */
export interface Config {
  path: string;
  types: { service: string; first: number; last: number }[];
}

/** `port-manager.fix-all {path}` */
export interface Fixed {
  fixes: number;
  files: number;
  /** The ports that were left alone, with the files in which a place has to be edited by hand first. */
  incomplete: { variable: string; by_hand: string[] }[];
}

/** `port-manager.adopt {root, chosen}` */
export interface Adopted {
  project: string;
  /** The places that are fixed, by variable. */
  fixed: { variable: string; places: number }[];
  /** The places that a person has to edit. */
  by_hand: unknown[];
  /** The files that are changed; none where there is nothing to do. */
  changes: unknown[];
}

/** The notification `port-manager/changed`. */
export interface Changed {
  assignments: boolean;
  listeners: boolean;
}
