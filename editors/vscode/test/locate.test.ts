import assert from "node:assert/strict";
import { test } from "node:test";

import { locate, type Surroundings } from "../src/locate";

/** A machine on which exactly these files can be run. */
function machine(files: string[], changes: Partial<Surroundings> = {}): Surroundings {
  return {
    setting: "",
    extension: "/ext",
    path: "/usr/bin:/opt/bin",
    home: "/home/dev",
    platform: "linux",
    isExecutable: (file) => files.includes(file),
    ...changes,
  };
}

const everywhere = ["/my/server", "/ext/server/port-manager", "/usr/bin/port-manager", "/opt/bin/port-manager"];

test("the setting comes first, then the bundled binary, then PATH", () => {
  assert.deepEqual(locate(machine(everywhere, { setting: "/my/server" })), { found: true, command: "/my/server" });
  assert.deepEqual(locate(machine(everywhere)), { found: true, command: "/ext/server/port-manager" });
  assert.deepEqual(locate(machine(everywhere.slice(2))), { found: true, command: "/usr/bin/port-manager" });
  assert.deepEqual(locate(machine(everywhere.slice(3))), { found: true, command: "/opt/bin/port-manager" });
});

test("a setting without a program is reported, not replaced", () => {
  assert.deepEqual(locate(machine(everywhere, { setting: "/gone" })), { found: false, setting: "/gone" });
});

test("a setting may begin with the home directory", () => {
  const found = locate(machine(["/home/dev/bin/pm"], { setting: "~/bin/pm" }));
  assert.deepEqual(found, { found: true, command: "/home/dev/bin/pm" });
});

test("relative entries of PATH are ignored", () => {
  const files = ["port-manager", "./port-manager", "node_modules/.bin/port-manager", "/port-manager"];
  assert.deepEqual(locate(machine(files, { path: ":.:node_modules/.bin" })), { found: false });
});

test("on Windows, PATH has semicolons, quotes and .exe files", () => {
  const windows = { platform: "win32", extension: "C:\\ext", path: 'C:\\a;"C:\\b c"' } as const;
  assert.deepEqual(locate(machine(["C:\\b c\\port-manager.exe"], windows)), {
    found: true,
    command: "C:\\b c\\port-manager.exe",
  });
  assert.deepEqual(locate(machine(["C:\\ext\\server\\port-manager.exe"], windows)), {
    found: true,
    command: "C:\\ext\\server\\port-manager.exe",
  });
});
