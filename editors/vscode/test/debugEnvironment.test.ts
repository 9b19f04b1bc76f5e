import assert from "node:assert/strict";
import { test } from "node:test";

import { envFilesOf, takesVariables, withVariables } from "../src/debugEnvironment";
import { namesIn, variablesOf } from "../src/environment";

const variables = new Map([["WEB_PORT", "8003"], ["API_URL", "http://localhost:8101"]]);
const nothing = new Set<string>();

test("a debugger that starts a program gets the variables", () => {
  const launch = { type: "node", request: "launch", program: "a.js" };
  assert.deepEqual(withVariables(launch, variables, nothing), { ...launch, env: { WEB_PORT: "8003", API_URL: "http://localhost:8101" } });
});

test("variables of the configuration and its files stay", () => {
  const launch = { type: "debugpy", request: "launch", env: { WEB_PORT: "1234" } };
  assert.deepEqual(withVariables(launch, variables, new Set(["API_URL"])), launch);
});

test("debuggers of C get a list", () => {
  const launch = { type: "cppdbg", request: "launch", environment: [{ name: "WEB_PORT", value: "1234" }] };
  assert.deepEqual(withVariables(launch, variables, nothing), {
    ...launch,
    environment: [{ name: "API_URL", value: "http://localhost:8101" }, { name: "WEB_PORT", value: "1234" }],
  });
});

test("a debugger that is not known gets no variables", () => {
  assert.ok(takesVariables({ type: "go", request: "launch" }));
  assert.ok(!takesVariables({ type: "go", request: "attach" }), "the program runs already");
  assert.ok(!takesVariables({ type: "chrome", request: "launch" }));
});

test("a configuration names one file or several", () => {
  const launch = { type: "python", request: "launch" };
  assert.deepEqual(envFilesOf(launch), []);
  assert.deepEqual(envFilesOf({ ...launch, envFile: ".env" }), [".env"]);
  assert.deepEqual(envFilesOf({ ...launch, envFile: [".env", ".ports.env"] }), [".env", ".ports.env"]);
  assert.deepEqual(namesIn("# X=1\nWEB_PORT=8000\n export API_PORT = 8100\n\nnonsense\n"), ["WEB_PORT", "API_PORT"]);
});

test("names that are no port variables are not passed on", () => {
  const port = { service: "web", line: 1, is_registered: true, conflict: null, listeners: [] };
  const ports = [
    { ...port, variable: "WEB_PORT", port: 8003, is_passed_on: true },
    { ...port, variable: "PATH", port: 1, is_passed_on: false },
  ];
  const project = { project: "shop", root: "/shop", ports_env: "/shop/.ports.env", ports, computed: [{ variable: "API_URL", value: "x" }] };
  assert.deepEqual([...variablesOf(project)], [["WEB_PORT", "8003"], ["API_URL", "x"]]);
  assert.deepEqual([...variablesOf(undefined)], []);
});
