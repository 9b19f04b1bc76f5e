// The ports that views show: requested from the server once, and again when it reports a change.
import * as vscode from "vscode";

import type { Project, Status } from "./protocol";
import type { Server } from "./server";

/** The ports as the server last reported them. */
export class Ports implements vscode.Disposable {
  /** Every registered port, and every other one on which something listens. */
  status: Status = { ports: [], reservations: [], others: [] };
  /** The projects of the workspace's folders, in their order, each once. */
  projects: Project[] = [];
  /** Whether the server has answered yet. */
  isKnown = false;

  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private readonly disposables: vscode.Disposable[] = [this.changes];
  /** Whether a refresh is under way, and whether another must follow it. */
  private looking = false;
  private isStale = false;
  /** The views that show listeners. While none does, the server does not look for them. */
  private readonly watchers = new Set<unknown>();

  constructor(private readonly server: Server) {
    this.disposables.push(
      server.onDidStart(() => {
        this.watch();
        void this.refresh();
      }),
      server.onDidChange(() => void this.refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.refresh()),
      vscode.window.onDidChangeWindowState((state) => {
        this.watch();
        // The server does not report what happens while the window has no focus.
        if (state.focused) void this.refresh();
      }),
    );
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Notes whether a view shows listeners. */
  show(watcher: unknown, isShowing: boolean): void {
    if (isShowing) this.watchers.add(watcher);
    else this.watchers.delete(watcher);
    this.watch();
  }

  /** Asks the server again. Several calls at once make one request. */
  async refresh(): Promise<void> {
    this.isStale = true;
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.isStale && this.server.isRunning) {
        this.isStale = false;
        await this.look();
      }
    } catch (error) {
      // Commands report their own errors; a view that cannot be refreshed stays as it was.
      this.server.output.warn(`looking at the ports: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.looking = false;
    }
    this.changes.fire();
  }

  /** The project of a file or directory. */
  async projectOf(path: string): Promise<Project> {
    return await this.server.execute<Project>("port-manager.project", { path });
  }

  private async look(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const files = folders.filter((folder) => folder.uri.scheme === "file");
    const [status, ...projects] = await Promise.all([
      this.server.execute<Status>("port-manager.status", { all: true }),
      ...files.map((folder) => this.projectOf(folder.uri.fsPath)),
    ]);
    this.status = status;
    this.projects = [...new Map(projects.map((project) => [project.root, project])).values()];
    this.isKnown = true;
  }

  private watch(): void {
    this.server.watchListeners(this.watchers.size > 0 && vscode.window.state.focused);
  }
}
