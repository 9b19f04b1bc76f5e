import assert from "node:assert/strict";
import { test } from "node:test";

import { Restarts } from "../src/restarts";

test("a server that keeps crashing is not restarted", () => {
  const restarts = new Restarts(2, 1000);
  assert.deepEqual([0, 10, 20].map((now) => restarts.allows(now)), [true, true, false]);
});

test("old crashes do not count", () => {
  const restarts = new Restarts(2, 1000);
  assert.deepEqual([0, 10, 1500, 1600].map((now) => restarts.allows(now)), [true, true, true, true]);
});

test("a restart by the user forgets earlier crashes", () => {
  const restarts = new Restarts(1, 1000);
  restarts.allows(0);
  restarts.reset();
  assert.equal(restarts.allows(1), true);
});
