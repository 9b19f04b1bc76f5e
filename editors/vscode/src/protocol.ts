// What the server's commands take and return, as far as it is shown here. The server's
// `operations/` defines the shapes; they only ever grow.

export interface Listener {
  pid: number | null;
  program: string | null;
}

export interface PortStatus {
  port: number;
  project: string;
  /** Null where only the project's name is known. */
  root: string | null;
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

/** `port-manager.status {}` */
export interface Status {
  ports: PortStatus[];
  reservations: Reservation[];
}

export interface ProjectPort {
  variable: string;
  port: number;
  service: string;
}

/** `port-manager.show {path}` */
export interface ShownProject {
  project: string;
  root: string;
  ports: ProjectPort[];
}

/** `port-manager.init {path}` */
export interface Initialized {
  project: string;
  root: string;
  ports: ProjectPort[];
  /** The files that were written; none where the project was set up already. */
  written: string[];
}

export type Outcome =
  | "stopped"
  | "killed"
  | "gone"
  | "listening"
  | "protected"
  | "not-permitted"
  | "cannot-ask";

export interface Holder {
  pid: number;
  program: string;
  directory: string | null;
  user: string | null;
  /** The registered project in whose tree it was started. */
  project: string | null;
  /** Why it is never stopped, if so. */
  protection: string | null;
  /** What became of it; null where nothing was tried. */
  outcome: Outcome | null;
}

/** `port-manager.free {port, force, dry_run}` */
export interface FreeReport {
  port: number;
  is_free: boolean;
  was_free: boolean;
  /** Users of processes that listen there and are hidden from us. */
  hidden_users: string[];
  holders: Holder[];
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
