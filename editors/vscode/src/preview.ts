// Edits that the user decides about first: applied at once, or shown in the refactor preview, where each change has to be
// ticked. Pure, so that it is tested without an editor.
import type { AnnotatedTextEdit, ChangeAnnotation, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver-protocol";

const ID = "port-manager";

/** The server's label of an edit that has to be confirmed; undefined where the edit needs no confirmation. */
export function labelOf({ changeAnnotations }: WorkspaceEdit): string | undefined {
  return Object.values(changeAnnotations ?? {}).find(({ needsConfirmation }) => needsConfirmation)?.label;
}

/** The number of changes of an edit, and of the files with changes. */
export function sizeOf(edit: WorkspaceEdit): { changes: number; files: number } {
  const documents = documentsOf(edit);
  const changes = documents.reduce((sum, change) => sum + ("edits" in change ? change.edits.length : 1), 0);
  const files = new Set(documents.map((change) => ("textDocument" in change ? change.textDocument.uri : "uri" in change ? change.uri : change.newUri)));
  return { changes, files: files.size };
}

/** The edit with a confirmation of every change, under `label`. An edit with annotations of the server stays as it is. */
export function confirmed(edit: WorkspaceEdit, label: string): WorkspaceEdit {
  if (edit.changeAnnotations !== undefined) return edit;
  const annotated = (change: TextDocumentEdit["edits"][number]): TextDocumentEdit["edits"][number] =>
    "newText" in change ? ({ ...change, annotationId: ID } satisfies AnnotatedTextEdit) : change;
  const documentChanges = documentsOf(edit).map((change) =>
    "edits" in change ? { ...change, edits: change.edits.map(annotated) } : change,
  );
  return { documentChanges, changeAnnotations: { [ID]: { label, needsConfirmation: true } } };
}

/** The edit without confirmations. */
export function unconfirmed(edit: WorkspaceEdit): WorkspaceEdit {
  if (edit.changeAnnotations === undefined) return edit;
  const entries = Object.entries(edit.changeAnnotations);
  const settled = entries.map(([id, annotation]): [string, ChangeAnnotation] => [id, { ...annotation, needsConfirmation: false }]);
  return { ...edit, changeAnnotations: Object.fromEntries(settled) };
}

/** Only changes of this form can be annotated. */
function documentsOf(edit: WorkspaceEdit): NonNullable<WorkspaceEdit["documentChanges"]> {
  const changes = Object.entries(edit.changes ?? {}).map(
    ([uri, edits]: [string, TextEdit[]]): TextDocumentEdit => ({ textDocument: { uri, version: null }, edits }),
  );
  return edit.documentChanges ?? changes;
}
