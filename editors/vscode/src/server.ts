// Finds, starts and stops the server. It is restarted after a crash; where that does not help, a message says what to do.
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";

import * as vscode from "vscode";
import {
  type ApplyWorkspaceEditResult,
  CloseAction,
  ErrorAction,
  type HandlerResult,
  LanguageClient,
  type LanguageClientOptions,
  State,
  type StaticFeature,
  type WorkspaceEdit,
} from "vscode-languageclient/node";

import { Offers } from "./applyFix";
import { l10n } from "./l10n";
import { type Location, locate } from "./locate";
import { fromTheDot } from "./memberCompletion";
import { confirmed, labelOf, sizeOf, unconfirmed } from "./preview";
import type { Changed } from "./protocol";
import { Restarts } from "./restarts";
import { SHOW_REFERENCES } from "./showReferences";

/** Also the section of the settings: `port-manager.trace.server` belongs to the client library. */
const ID = "port-manager";
const NAME = "Port Manager";

/** The commands that an untrusted workspace may run: none writes or stops a process. */
const READ_ONLY = new Set(["port-manager.show", "port-manager.status", "port-manager.project"]);

/** The commands of ours that a link in a hover may run. */
const LINKED = ["portManager.free"];

/** The commands of ours that the server may name in a hover or a code lens. */
const OFFERED = [...LINKED, "portManager.open", SHOW_REFERENCES];

export class Server {
  readonly output = vscode.window.createOutputChannel(NAME, { log: true });
  private readonly restarts = new Restarts();
  private readonly offers = new Offers();
  private readonly starts = new vscode.EventEmitter<void>();
  /** Fires when the server has started, for the first time or again. */
  readonly onDidStart = this.starts.event;
  private readonly changes = new vscode.EventEmitter<Changed>();
  /** The registry, a `.ports.env`, or who listens has changed. */
  readonly onDidChange = this.changes.event;
  private readonly edits = new vscode.EventEmitter<boolean>();
  /** The question before the next edit. */
  private preview: string | undefined;
  private isWatching = false;
  private readonly created = performance.now();
  /** Logs once how long the first findings took. */
  private readonly firstFindings = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
    if (!uris.some((uri) => vscode.languages.getDiagnostics(uri).some(({ source }) => source === ID))) return;
    this.firstFindings.dispose();
    this.output.info(`first findings ${Math.round(performance.now() - this.created)} ms after activation`);
  });
  private client: LanguageClient | undefined;
  /** Starts and stops run one after another. */
  private queue: Promise<void> = Promise.resolve();

  /** @param directory where the extension is installed */
  constructor(private readonly directory: string) {}

  /** Starts the server, or shows the user why it cannot. */
  start(): Promise<void> {
    return this.enqueue(() => this.startNow());
  }

  /** Ends the server, if it runs, and starts it again. */
  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.stopNow();
      this.restarts.reset();
      await this.startNow();
    });
  }

  /** Ends the server as the protocol wants it. */
  stop(): Promise<void> {
    this.firstFindings.dispose();
    this.offers.dispose();
    return this.enqueue(() => this.stopNow());
  }

  get isRunning(): boolean {
    return this.client?.state === State.Running;
  }

  /** Has the server watch for listeners while a view shows them. */
  watchListeners(enabled: boolean): void {
    if (enabled === this.isWatching) return;
    this.isWatching = enabled;
    this.tellWhetherWatching();
  }

  private tellWhetherWatching(): void {
    if (!this.isRunning) return;
    void this.client?.sendNotification("port-manager/watchListeners", { enabled: this.isWatching });
  }

  /** Runs one of the server's commands. Rejects with the server's own message. */
  async execute<Result>(command: string, argument: object): Promise<Result> {
    if (!vscode.workspace.isTrusted && !READ_ONLY.has(command)) throw new Error(untrusted());
    // A command may be chosen while the server is coming up.
    await this.queue;
    if (this.client?.state !== State.Running) {
      throw new Error(l10n.t("the server is not running. Start it with Port Manager: Restart Server."));
    }
    return await this.client.sendRequest<Result>("workspace/executeCommand", {
      command,
      arguments: [argument],
    });
  }

  /**
   * Waits for the next edit that the server asks for; `made` is whether it was applied.
   *
   * @param preview the question before the edit, where the server does not ask one itself
   */
  expectEdit(preview?: string): vscode.Disposable & { made: Promise<boolean> } {
    this.preview = preview;
    let listener: vscode.Disposable | undefined;
    const made = new Promise<boolean>((resolve) => (listener = this.edits.event(resolve)));
    const dispose = () => {
      listener?.dispose();
      this.preview = undefined;
    };
    return { made, dispose };
  }

  private enqueue(action: () => Promise<void>): Promise<void> {
    const done = this.queue.then(action);
    this.queue = done.catch((error: unknown) => this.output.error(text(error)));
    return this.queue;
  }

  private async startNow(): Promise<void> {
    const command = await this.tryToStart();
    if (command === undefined) return;
    void this.complain(
      `Port Manager: ${l10n.t("{0} does not work as a language server; the output may say why.", command)}`,
      "broken",
    );
  }

  /** The command that was started and does not work, if so. */
  private async tryToStart(): Promise<string | undefined> {
    if (this.client !== undefined) return undefined;
    const location = locate({
      setting: vscode.workspace.getConfiguration(ID).get("server.path", "").trim(),
      extension: this.directory,
      path: process.env.PATH ?? "",
      home: homedir(),
      platform: process.platform,
      isExecutable,
    });
    if (!location.found) {
      void this.complainOfMissing(location);
      return undefined;
    }
    const { command } = location;
    this.output.info(`starting ${command}`);
    let cameUp = false;
    const client = new QuietClient(
      ID,
      NAME,
      { command, args: ["lsp"] },
      this.clientOptions(() => {
        // Before it has started `start` rejects, and after `stop` the end is expected.
        if (cameUp && this.client === client) void this.recover(command);
      }),
    );
    client.registerFeature(announcement);
    client.onNotification("port-manager/changed", (changed: Changed) => this.changes.fire(changed));
    this.client = client;
    try {
      await client.start();
      cameUp = true;
      if (this.isWatching) this.tellWhetherWatching();
      this.starts.fire();
      return undefined;
    } catch (error) {
      this.output.error(text(error));
      await this.stopNow();
      return command;
    }
  }

  /** Restarts a server that has crashed, unless it keeps crashing. */
  private recover(command: string): Promise<void> {
    return this.enqueue(async () => {
      await this.stopNow();
      // One that dies while it starts has crashed once more.
      while (this.restarts.allows(Date.now())) {
        this.output.warn("the server ended unexpectedly; starting it again");
        if ((await this.tryToStart()) === undefined) return;
      }
      void this.complain(
        `Port Manager: ${l10n.t("{0} crashed {1} times within three minutes and is not started again.", command, this.restarts.limit + 1)}`,
        "broken",
      );
    });
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (error) {
      // It has crashed or does not answer, so there is nothing left to stop.
      this.output.warn(`stopping the server: ${text(error)}`);
    }
  }

  private clientOptions(closed: () => void): LanguageClientOptions {
    return {
      // The server knows which files it understands, so that a new language needs no change here.
      documentSelector: [{ scheme: "file" }],
      outputChannel: this.output,
      // Whatever else a hover may hold: it runs these, and no other command.
      markdown: { isTrusted: { enabledCommands: LINKED } },
      errorHandler: {
        error: (error) => {
          this.output.error(`the connection to the server: ${error.message}`);
          return { action: ErrorAction.Continue, handled: true };
        },
        closed: () => {
          // Only then does the client itself know that it has nothing left to stop.
          setImmediate(closed);
          return { action: CloseAction.DoNotRestart, handled: true, message: "the connection has ended" };
        },
      },
      // `start` rejects too; without this the library would show a message of its own.
      initializationFailedHandler: () => false,
      middleware: {
        // An edit whose command is refused would leave code that reads a variable nobody has set.
        provideCodeActions: async (document, range, context, token, next) => {
          const actions = await next(document, range, context, token);
          const allowed = vscode.workspace.isTrusted ? actions : actions?.filter(isHarmless);
          return allowed?.map((action) => this.offers.offer(action, document));
        },
        provideCompletionItem: async (document, position, context, token, next) => {
          const items = await next(document, position, context, token);
          return Array.isArray(items) ? fromTheDot(items, document) : items;
        },
        // A new name goes into the registry too.
        provideRenameEdits: (document, position, name, token, next) =>
          vscode.workspace.isTrusted ? next(document, position, name, token) : undefined,
        workspace: {
          handleApplyEdit: async (params, next) => {
            const make = (edit: WorkspaceEdit) => next({ ...params, edit }, new vscode.CancellationTokenSource().token);
            const question = this.questionAbout(params.edit);
            const result = await (question === undefined ? make(params.edit) : makeIfWanted(params.edit, question, make));
            this.edits.fire(isMade(result));
            return result;
          },
        },
        // Quick fixes run the server's commands by this way.
        executeCommand: async (name, args, next) => {
          if (!vscode.workspace.isTrusted && !READ_ONLY.has(name)) {
            void vscode.window.showWarningMessage(`Port Manager: ${untrusted()}`);
            return undefined;
          }
          try {
            return await next(name, args);
          } catch (error) {
            void vscode.window.showErrorMessage(`Port Manager: ${text(error)}`);
            return undefined;
          }
        },
      },
    };
  }

  /** The question before the edit; undefined where it needs none. */
  private questionAbout(edit: WorkspaceEdit): string | undefined {
    const label = labelOf(edit);
    const question = label === undefined ? this.preview : l10n.t("{0}?", label);
    this.preview = undefined;
    return question;
  }

  private complainOfMissing(location: Location & { found: false }): Promise<void> {
    const what =
      location.setting === undefined
        ? l10n.t("the server was found neither in the extension nor on PATH. Install port-manager, or set its path.")
        : l10n.t("there is no program at {0}, which the setting port-manager.server.path names.", location.setting);
    return this.complain(`Port Manager: ${what}`, "missing");
  }

  /** Shows one message with buttons for what can be done. */
  private async complain(message: string, problem: "missing" | "broken"): Promise<void> {
    this.output.error(message);
    const [path, again, show] = [l10n.t("Set Path"), l10n.t("Try Again"), l10n.t("Show Output")];
    const choices = problem === "missing" ? [path, again] : [show, again, path];
    const choice = await vscode.window.showErrorMessage(message, ...choices);
    if (choice === path) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "port-manager.server.path");
    } else if (choice === again) {
      await this.restart();
    } else if (choice === show) {
      this.output.show();
    }
  }
}

/** A client that logs its own error messages: they do not say what to do. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** Announces what this client can do beyond the protocol (docs/language-server.md). */
const announcement: StaticFeature = {
  fillClientCapabilities(capabilities) {
    const known = (capabilities.experimental ?? {}) as object;
    capabilities.experimental = { ...known, portManager: { changed: true, interface: true, commands: OFFERED } };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

type Made = HandlerResult<ApplyWorkspaceEditResult, void>;

function isMade(result: Awaited<Made>): boolean {
  return !(result instanceof Error) && "applied" in result && result.applied;
}

/** The answer when the user declines an edit: without a reason, the server reports nothing. */
const DECLINED: ApplyWorkspaceEditResult = { applied: false, failureReason: "" };

/** Applies the edit as the user decides: at once, or after a review of its changes. */
async function makeIfWanted(edit: WorkspaceEdit, question: string, make: (edit: WorkspaceEdit) => Made): Promise<Awaited<Made>> {
  const { changes, files } = sizeOf(edit);
  const [apply, review] = [l10n.t("Apply"), l10n.t("Review Changes")];
  const detail = l10n.t("Changes: {0}, in files: {1}. You can undo them.", changes, files);
  const choice = await vscode.window.showInformationMessage(question, { modal: true, detail }, apply, review);
  if (choice === apply) return await make(unconfirmed(edit));
  if (choice !== review) return DECLINED;
  const result = await make(confirmed(edit, question));
  return isMade(result) ? result : DECLINED;
}

function untrusted(): string {
  return l10n.t("nothing is written and no process is stopped in a workspace that you do not trust.");
}

/** Whether the action edits the document and nothing else. */
function isHarmless(action: vscode.CodeAction | vscode.Command): boolean {
  const command = typeof action.command === "object" ? action.command.command : action.command;
  return command === undefined || READ_ONLY.has(command);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The message of an error. */
export function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
