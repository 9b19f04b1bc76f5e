import assert from "node:assert/strict";
import { test } from "node:test";

import { portAt } from "../src/editorPort";

test("the port is the number at the cursor", () => {
  const line = 'proxy("localhost:8080", 3000)';
  assert.equal(portAt(line, line.indexOf("8080") + 2), 8080);
  assert.equal(portAt(line, line.indexOf("3000")), 3000);
  assert.equal(portAt(line, 0), undefined, "which of the two is meant, nobody knows");
});

test("the only number of a line is the port", () => {
  assert.equal(portAt("WEB_PORT=8000", 0), 8000);
  assert.equal(portAt("app.listen(8080)", 3), 8080);
  assert.equal(portAt("version 1.2.3", 0), undefined);
  assert.equal(portAt("x = 123456", 5), undefined);
});
