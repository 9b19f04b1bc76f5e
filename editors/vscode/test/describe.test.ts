import assert from "node:assert/strict";
import { test } from "node:test";

import {
  describeAdopted,
  describeCleaning,
  describeFixed,
  describeHolder,
  describeInitialized,
  describePlan,
  describeState,
  freeResult,
  groups,
  isWithin,
  parsePort,
  shortName,
  stateOf,
} from "../src/describe";
import type { FreeReport, Holder, Listener, Outcome, PortStatus } from "../src/protocol";

function holder(outcome: Outcome | null, changes: Partial<Holder> = {}): Holder {
  return {
    pid: 42,
    program: "node",
    directory: "/home/dev/shop",
    user: "dev",
    project: null,
    protection: null,
    command: ["node", "server.js"],
    started_at: null,
    other_ports: [],
    is_suspended: false,
    is_permitted: true,
    outcome,
    ...changes,
  };
}

function report(holders: Holder[], changes: Partial<FreeReport> = {}): FreeReport {
  const nobody = { hidden_users: [], successors: [], supervisors: [], restarters: [], principal: null };
  return { port: 8080, is_free: false, was_free: false, is_kept: false, holders, ...nobody, ...changes };
}

function listener(program: string, changes: Partial<Listener> = {}): Listener {
  return { pid: 42, program, project: null, user: "dev", is_foreign: null, ...changes };
}

function port(project: string, root: string, number: number, program?: string): PortStatus {
  const listeners = program === undefined ? [] : [listener(program)];
  return { port: number, project, root, variable: "WEB_PORT", service: "web", listeners };
}

test("a port is read as people type it", () => {
  assert.deepEqual([" 8080", ":8080", "1", "65535"].map(parsePort), [8080, 8080, 1, 65535]);
  for (const text of ["", "0", "65536", "80a", "-1", "8080.5", "123456"]) {
    assert.equal(parsePort(text), undefined, text);
  }
});

test("a directory is within its root, not within a similar name", () => {
  assert.ok(isWithin("/home/dev/shop", "/home/dev/shop"));
  assert.ok(isWithin("/home/dev/shop/web", "/home/dev/shop/"));
  assert.ok(isWithin("C:\\shop\\web", "C:\\shop"));
  assert.ok(!isWithin("/home/dev/shop2", "/home/dev/shop"));
});

test("the open folder's project comes first, reservations last", () => {
  const status = {
    ports: [port("blog", "/home/dev/blog", 8001), port("shop", "/home/dev/shop", 8000, "node"), port("old", "old", 8002)],
    reservations: [{ port: 8101, service: "api", expires_at: "2026-11-23T09:05:00Z", listeners: [] }],
    others: [{ port: 5173, listeners: [listener("vite", { pid: 7, project: "blog" })] }],
  };
  const found = groups(status, ["/home/dev/shop/web"]);
  assert.deepEqual(
    found.map(({ title, lines }) => [title, lines.map((line) => line.label)]),
    [
      ["shop (/home/dev/shop)", ["8000  WEB_PORT"]],
      ["blog (/home/dev/blog)", ["8001  WEB_PORT"]],
      ["old", ["8002  WEB_PORT"]],
      ["reserved", ["8101"]],
      ["not registered", ["5173"]],
    ],
  );
  assert.equal(found[0]?.lines[0]?.description, "node (pid 42)");
  assert.equal(found[1]?.lines[0]?.description, "web, nothing listens");
  assert.equal(found[4]?.lines[0]?.description, "vite (pid 7) from blog");
});

test("a process is named by its project, else by its directory", () => {
  assert.equal(describeHolder(holder(null)), "node (pid 42, user dev) in /home/dev/shop");
  assert.equal(describeHolder(holder(null, { project: "shop", user: null })), "node (pid 42) in shop");
});

test("the outcome of freeing a port is described as it is", () => {
  const cases: [FreeReport, string, boolean][] = [
    [report([], { is_free: true, was_free: true }), "Nothing listens on port 8080.", false],
    [report([holder("stopped")], { is_free: true }), "Port 8080 is free: node (pid 42) stopped.", false],
    [report([holder("killed")], { is_free: true }), "Port 8080 is free: node (pid 42) killed.", false],
    [report([]), "Port 8080 is held by a process that is not visible to you.", false],
    [report([], { hidden_users: ["root"] }), "Port 8080 is held by a process of root that is not visible to you.", false],
    [report([holder("listening")]), "Port 8080 is not free: node (pid 42) was asked to stop but still listens.", true],
    [
      report([holder("protected", { protection: "editor" })]),
      "Port 8080 is not free: node (pid 42) is never stopped (editor).",
      false,
    ],
    [
      report([holder("protected")], {
        principal: { kind: "container", name: "db", remedy: ["docker", "stop", "db"], is_stopped: null, complaint: null },
      }),
      "Port 8080 is held by container db. To release it, run: docker stop db",
      false,
    ],
    [
      report([holder("stopped")], {
        is_free: true,
        restarters: [{ pid: 9, program: "node", manager: "pm2", remedy: ["pm2", "stop", "web"], is_running: true }],
      }),
      "Nothing listens on port 8080 now. pm2 (pid 9) may start it again. To stop it, run: pm2 stop web",
      false,
    ],
    [
      report([holder("stopped")], {
        is_free: true,
        restarters: [{ pid: 9, program: "sh", manager: null, remedy: ["kill", "9"], is_running: false }],
      }),
      "Port 8080 is free: node (pid 42) stopped.",
      false,
    ],
    [report([holder("not-permitted")]), "Port 8080 is not free: node (pid 42) is another user's.", false],
    [
      report([holder("stopped")], { successors: [holder(null, { pid: 43, user: null })] }),
      "Port 8080 is not free: node (pid 43) in /home/dev/shop listens on it now.",
      false,
    ],
  ];
  for (const [given, text, canForce] of cases) {
    assert.deepEqual(freeResult(given), { text, isFree: given.is_free, canForce });
  }
});

test("the result of init lists the ports", () => {
  const done = { project: "shop", root: "/shop", ports: [{ variable: "WEB_PORT", port: 8000, service: "web" }] };
  assert.equal(describeInitialized({ ...done, written: ["/shop/.ports.env"] }), "shop: WEB_PORT=8000.");
  assert.equal(describeInitialized({ ...done, written: [] }), "shop already has its ports: WEB_PORT=8000.");
});

test("the plan of clean names only what is removed", () => {
  const gone = { project: "shop", root: "/gone/shop", ports: [8000, 8100] };
  const kept = { project: "disk", root: "/media/disk", ports: [8001] };
  assert.deepEqual(describeCleaning({ projects: [gone], reservations: [{ port: 8101 }], kept: [kept] }), [
    "shop (/gone/shop): 8000, 8100",
    "the expired reservation of port 8101",
  ]);
  assert.deepEqual(describeCleaning({ projects: [], reservations: [], kept: [kept] }), []);
});

test("the plan names each process, its command and what restarts it", () => {
  const supervisor = { ...holder(null), pid: 41, program: "nodemon" };
  assert.equal(
    describePlan(report([holder(null)], { supervisors: [supervisor] })),
    "node (pid 42, user dev) in /home/dev/shop\nnode server.js\n\nAlso stops: nodemon (pid 41), which would start it again",
  );
});

test("the plan names a process's other ports and its state", () => {
  const suspended = holder(null, { is_suspended: true, other_ports: [9229, 24678] });
  const pm2 = { pid: 9, program: "node", manager: "pm2", remedy: null, is_running: null };
  assert.equal(
    describePlan(report([suspended], { restarters: [pm2] })),
    "node (pid 42, user dev) in /home/dev/shop\nnode server.js\nsuspended\nalso listens on 9229, 24678\n\n" +
      "pm2 (pid 9) may start it again.",
  );
});

test("each state of a port has a description", () => {
  const own = { conflict: null, listeners: [listener("node", { is_foreign: false, project: "shop" })] };
  const foreign = { conflict: null, listeners: [listener("node", { is_foreign: true, project: "blog" })] };
  const conflict = { conflict: { project: "blog", variable: "WEB_PORT" }, listeners: [] };
  const idle = { conflict: null, listeners: [] };
  assert.deepEqual([own, foreign, conflict, idle].map(stateOf), ["running", "foreign", "conflict", "idle"]);
  assert.deepEqual([own, foreign, conflict, idle].map(describeState), [
    "node (pid 42)",
    "node (pid 42) from blog",
    "belongs to blog",
    "nothing listens",
  ]);
});

test("a short name drops the ending of a variable", () => {
  assert.deepEqual(["WEB_PORT", "QUEUE_PORT2", "PORT", "PORT_WEB"].map(shortName), ["WEB", "QUEUE2", "PORT", "PORT_WEB"]);
});

test("the result of adopting a project counts its places", () => {
  const adopted = { project: "shop", fixed: [{ variable: "WEB_PORT", places: 2 }, { variable: "API_PORT", places: 1 }], by_hand: [], changes: [{}] };
  assert.equal(describeAdopted(adopted), "shop is adopted. Places that now read a variable: 3.");
  assert.match(describeAdopted({ ...adopted, by_hand: [{}] }), /Places left to edit by hand: 1\.$/);
  assert.match(describeAdopted({ ...adopted, changes: [] }), /^shop is already adopted/);
});

test("the result of fix-all counts its fixes", () => {
  assert.match(describeFixed({ fixes: 0, files: 0, incomplete: [] }), /^Nothing was fixed/);
  assert.equal(describeFixed({ fixes: 1, files: 1, incomplete: [] }), "1 hardcoded port is replaced by its variable.");
  const incomplete = [{ variable: "API_PORT", by_hand: ["/home/dev/shop/client.json", "C:\\shop\\old.json"] }];
  const left = "API_PORT was not changed: its place in client.json, old.json has to be edited by hand first.";
  assert.equal(describeFixed({ fixes: 0, files: 0, incomplete }), left);
  assert.equal(
    describeFixed({ fixes: 3, files: 2, incomplete }),
    `3 hardcoded ports in 2 files are replaced by their variables. ${left}`,
  );
});
