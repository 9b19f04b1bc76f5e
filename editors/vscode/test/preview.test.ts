import assert from "node:assert/strict";
import { test } from "node:test";

import { confirmed, labelOf, sizeOf, unconfirmed } from "../src/preview";

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };
const edits = [{ range, newText: "WEB_PORT" }];
const annotations = { "port-manager": { label: "Use the variables", needsConfirmation: true } };

test("every change of a text needs confirmation", () => {
  const textDocument = { uri: "file:///a.js", version: 3 };
  const created = { kind: "create" as const, uri: "file:///b.js" };
  assert.deepEqual(confirmed({ documentChanges: [created, { textDocument, edits }] }, "Use the variables"), {
    documentChanges: [created, { textDocument, edits: [{ ...edits[0], annotationId: "port-manager" }] }],
    changeAnnotations: annotations,
  });
});

test("an edit without versions can be annotated", () => {
  assert.deepEqual(confirmed({ changes: { "file:///a.js": edits } }, "Use the variables"), {
    documentChanges: [{ textDocument: { uri: "file:///a.js", version: null }, edits: [{ ...edits[0], annotationId: "port-manager" }] }],
    changeAnnotations: annotations,
  });
});

test("annotations of the server stay", () => {
  const edit = { documentChanges: [], changeAnnotations: { own: { label: "Adopt", needsConfirmation: true } } };
  assert.equal(confirmed(edit, "Use the variables"), edit);
});

test("an edit without review needs no confirmation", () => {
  const edit = { documentChanges: [], changeAnnotations: { own: { label: "Adopt", needsConfirmation: true } } };
  assert.deepEqual(unconfirmed(edit).changeAnnotations, { own: { label: "Adopt", needsConfirmation: false } });
  const plain = { changes: { "file:///a.js": edits } };
  assert.equal(unconfirmed(plain), plain);
});

test("the question has the server's label and the edit's size", () => {
  assert.equal(labelOf({ changes: {} }), undefined);
  assert.equal(labelOf({ documentChanges: [], changeAnnotations: { own: { label: "Adopt shop", needsConfirmation: true } } }), "Adopt shop");
  assert.deepEqual(sizeOf({ changes: { "file:///a.js": [...edits, ...edits], "file:///b.js": edits } }), { changes: 3, files: 2 });
});
