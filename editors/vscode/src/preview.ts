// Has VS Code show an edit before it makes it (the refactor preview). Pure, so that it is tested without an editor.
import type { AnnotatedTextEdit, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver-protocol";

const ID = "port-manager";

/** The edit with every change of a text to be confirmed, under `label`. What the server annotated itself stays as it is. */
export function confirmed(edit: WorkspaceEdit, label: string): WorkspaceEdit {
  if (edit.changeAnnotations !== undefined) return edit;
  const annotated = (change: TextDocumentEdit["edits"][number]): TextDocumentEdit["edits"][number] =>
    "newText" in change ? ({ ...change, annotationId: ID } satisfies AnnotatedTextEdit) : change;
  const changes = Object.entries(edit.changes ?? {}).map(
    ([uri, edits]: [string, TextEdit[]]): TextDocumentEdit => ({ textDocument: { uri, version: null }, edits: edits.map(annotated) }),
  );
  const documentChanges = (edit.documentChanges ?? changes).map((change) =>
    "edits" in change ? { ...change, edits: change.edits.map(annotated) } : change,
  );
  return { documentChanges, changeAnnotations: { [ID]: { label, needsConfirmation: true } } };
}
