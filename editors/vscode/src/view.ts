// The view *Port Manager* in the explorer: this workspace's variables with who listens, other projects below. Its name is
// not *Ports*, which is what VS Code calls its own panel of forwarded ports.
import * as vscode from "vscode";

import { describeListeners, describeState, isAround, type State, stateOf } from "./describe";
import { l10n } from "./l10n";
import type { Ports } from "./ports";
import type { Listener, Owner, PortStatus } from "./protocol";

/** A line of the view. */
export type Node = PortNode | ProjectNode | RestNode;

/** A port of the view. */
export interface PortNode {
  kind: "port";
  port: number;
  variable: string | null;
  service: string | null;
  listeners: Listener[];
  conflict: Owner | null;
  /** The file that defines it. */
  file: string | null;
  line: number | null;
}

interface ProjectNode {
  kind: "project";
  name: string;
  root: string;
  isCurrent: boolean;
  ports: PortNode[];
}

/** A group below the workspace's own projects. */
interface RestNode {
  kind: "rest";
  title: string;
  nodes: Node[];
}

/** A shape and a colour for each state; the words beside it say the same. */
const ICONS: Record<State, [string, string | undefined]> = {
  running: ["circle-filled", "testing.iconPassed"],
  foreign: ["circle-filled", "list.warningForeground"],
  conflict: ["warning", "list.warningForeground"],
  idle: ["circle-outline", undefined],
};

/** Fills the view and keeps it current. */
export function registerView(ports: Ports): vscode.Disposable[] {
  const provider = new Provider(ports);
  const view = vscode.window.createTreeView<Node>("portManager.ports", { treeDataProvider: provider });
  const settle = () => {
    const isSetUp = ports.projects.some((project) => project.ports.length > 0);
    // Decides which welcome is shown, and so whether a folder without ports is offered some.
    void vscode.commands.executeCommand("setContext", "portManager.isKnown", ports.isKnown);
    void vscode.commands.executeCommand("setContext", "portManager.isSetUp", isSetUp);
    const conflicts = ports.projects.flatMap((project) => project.ports).filter((port) => port.conflict !== null).length;
    view.badge = conflicts === 0 ? undefined : { value: conflicts, tooltip: l10n.t("{0} ports belong to other projects", conflicts) };
  };
  ports.show(view, view.visible);
  return [
    view,
    provider,
    view.onDidChangeVisibility(({ visible }) => {
      ports.show(view, visible);
      if (visible) void ports.refresh();
    }),
    ports.onDidChange(settle),
  ];
}

class Provider implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly ports: Ports) {
    this.subscription = ports.onDidChange(() => this.changes.fire());
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) return this.roots();
    switch (node.kind) {
      case "project":
        return node.ports;
      case "rest":
        return node.nodes;
      case "port":
        return [];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "port":
        return portItem(node);
      case "project":
        return projectItem(node);
      case "rest": {
        const item = new vscode.TreeItem(node.title, vscode.TreeItemCollapsibleState.Collapsed);
        item.id = `rest ${node.title}`;
        item.accessibilityInformation = { label: `${node.title}, ${counted(node.nodes)}` };
        return item;
      }
    }
  }

  /** With one project of its own, the workspace needs no line for it. */
  private roots(): Node[] {
    const { projects, status } = this.ports;
    const own = projects.filter((project) => project.ports.length > 0);
    const ownNodes = own.map((project): ProjectNode => ({
      kind: "project",
      name: project.project,
      root: project.root,
      isCurrent: true,
      ports: project.ports.map((port) => ({ kind: "port", file: project.ports_env, ...port })),
    }));
    const roots = new Set(projects.map((project) => project.root));
    const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
    const others = new Map<string, ProjectNode>();
    for (const port of status.ports.filter(({ root }) => !roots.has(root))) {
      const isCurrent = isAround(port.root, folders);
      const project = others.get(port.root) ?? { kind: "project", name: port.project, root: port.root, isCurrent, ports: [] };
      project.ports.push(registered(port));
      others.set(port.root, project);
    }
    const inside = [...others.values()].filter((project) => project.isCurrent);
    const outside = [...others.values()].filter((project) => !project.isCurrent);
    const listening = (status.others ?? []).map((other): PortNode => ({
      kind: "port",
      port: other.port,
      variable: null,
      service: null,
      listeners: other.listeners,
      conflict: null,
      file: null,
      line: null,
    }));
    const first = ownNodes.length + inside.length === 1 && ownNodes[0] !== undefined ? ownNodes[0].ports : [...ownNodes, ...inside];
    if (first.length === 0) return [];
    const rest: RestNode[] = [
      { kind: "rest", title: l10n.t("Other projects"), nodes: outside },
      { kind: "rest", title: l10n.t("Not registered"), nodes: listening },
    ];
    return [...first, ...rest.filter((node) => node.nodes.length > 0)];
  }
}

function registered({ port, variable, service, listeners, root }: PortStatus): PortNode {
  // A project that has no path has no file either.
  const file = /[/\\]/.test(root) ? vscode.Uri.joinPath(vscode.Uri.file(root), ".ports.env").fsPath : null;
  return { kind: "port", port, variable, service, listeners, conflict: null, file, line: null };
}

function projectItem({ name, root, isCurrent, ports }: ProjectNode): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(name, isCurrent ? Expanded : Collapsed);
  item.id = `project ${root}`;
  item.description = root;
  item.tooltip = root;
  item.iconPath = new vscode.ThemeIcon("folder");
  const place = root === name ? [] : [root];
  item.accessibilityInformation = { label: [l10n.t("Project {0}", name), counted(ports), ...place].join(", ") };
  return item;
}

/** How many lines there are below, in words. */
function counted(nodes: readonly Node[]): string {
  if (nodes.every(({ kind }) => kind === "port")) return nodes.length === 1 ? l10n.t("1 port") : l10n.t("{0} ports", nodes.length);
  return nodes.length === 1 ? l10n.t("1 project") : l10n.t("{0} projects", nodes.length);
}

function portItem(node: PortNode): vscode.TreeItem {
  const name = node.variable ?? String(node.port);
  const item = new vscode.TreeItem(node.variable === null ? name : `${name}  ${node.port}`);
  const state = describeState(node);
  const [shape, colour] = ICONS[stateOf(node)];
  item.description = node.variable === null ? describeListeners(node.listeners) : state;
  item.iconPath = new vscode.ThemeIcon(shape, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  item.tooltip = [node.variable === null ? name : `${name}=${node.port}`, node.service ?? "", state].filter((part) => part !== "").join("\n");
  const number = node.variable === null ? l10n.t("Port {0}", node.port) : `${name}, ${node.port}`;
  item.accessibilityInformation = { label: [number, node.service ?? "", state].filter((part) => part !== "").join(", ") };
  // What the menus ask for: `port running defined`.
  item.contextValue = [
    "port",
    node.listeners.length > 0 ? "running" : "idle",
    ...(node.file === null ? [] : ["defined"]),
  ].join(" ");
  if (node.file !== null) {
    item.command = { command: "portManager.goToLine", title: l10n.t("Go to Line in .ports.env"), arguments: [node] };
  }
  return item;
}
