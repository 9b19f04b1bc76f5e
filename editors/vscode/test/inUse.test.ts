import assert from "node:assert/strict";
import { test } from "node:test";

import { portInUse, withVariable } from "../src/inUse";

const said: Record<string, [string, number]> = {
  node: ["Error: listen EADDRINUSE: address already in use :::8080\n    at Server.setupListenHandle [as _listen2]\n  code: 'EADDRINUSE',\n  port: 8080\n", 8080],
  "node with a host": ["Error: listen EADDRINUSE: address already in use 127.0.0.1:3000\n", 3000],
  vite: ["Port 5173 is in use, trying another one...\n", 5173],
  "vite, strict": ["Error: Port 5173 is already in use\n", 5173],
  next: [" ⨯ Failed to start server\nError: listen EADDRINUSE: address already in use :::3000\n", 3000],
  "create-react-app": ["Something is already running on port 3000.\n", 3000],
  flask: ["Address already in use\nPort 5000 is in use by another program. Either identify and stop that program, or start the server with a different port.\n", 5000],
  django: ["Starting development server at http://127.0.0.1:8000/\nQuit the server with CONTROL-C.\nError: That port is already in use.\n", 8000],
  uvicorn: ["ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use\n", 8000],
  go: ["2026/11/25 08:00:00 listen tcp :9090: bind: address already in use\nexit status 1\n", 9090],
  "go with an address": ["listen tcp 127.0.0.1:9090: bind: address already in use\n", 9090],
  rust: ["Error: cannot bind 127.0.0.1:8081\nOs { code: 98, kind: AddrInUse, message: \"Address already in use\" }\n", 8081],
  spring: ["Description:\n\nWeb server failed to start. Port 8080 was already in use.\n", 8080],
  puma: ["Address already in use - bind(2) for \"127.0.0.1\" port 3000 (Errno::EADDRINUSE)\n", 3000],
  rails: ["* Listening on http://127.0.0.1:3001\n/gems/puma/binder.rb: in `initialize': Address already in use - bind(2) for \"127.0.0.1\" port 3001 (Errno::EADDRINUSE)\n", 3001],
  php: ["[Wed Nov 25 08:00:00 2026] Failed to listen on localhost:8000 (reason: Address already in use)\n", 8000],
  dotnet: ["Unhandled exception. System.IO.IOException: Failed to bind to address http://127.0.0.1:5000: address already in use.\n", 5000],
  nginx: ["nginx: [emerg] bind() to 0.0.0.0:8088 failed (98: Address already in use)\n", 8088],
  docker: ["Error response from daemon: driver failed programming external connectivity on endpoint web: Bind for 0.0.0.0:5432 failed: port is already allocated.\n", 5432],
  "docker, newer": ["failed to bind host port for 0.0.0.0:6379:172.18.0.2:6379/tcp: address already in use\n", 6379],
  windows: ["OSError: [WinError 10048] Only one usage of each socket address (protocol/network address/port) is normally permitted: ('0.0.0.0', 8000)\n", 8000],
  "with colours": ["\u001b[31mError: listen EADDRINUSE: address already in use \u001b[1m:::8080\u001b[0m\r\n", 8080],
};

for (const [who, [text, port]] of Object.entries(said)) {
  test(`${who} says which port is in use`, () => assert.equal(portInUse(text), port));
}

test("the latest message counts", () => {
  const twice = "address already in use :::3000\nagain\n".concat("line\n".repeat(30), "address already in use :::3001\n");
  assert.equal(portInUse(twice), 3001);
});

test("other output reports no port", () => {
  for (const text of ["Listening on :8080", "Server running at http://localhost:3000/", "3 tests in use of 8080", ""]) {
    assert.equal(portInUse(text), undefined, text);
  }
  assert.equal(portInUse("address already in use"), undefined, "of which port, nobody says");
});

test("a variable is put before a command in each shell's syntax", () => {
  assert.equal(withVariable("/bin/bash", "PORT", 8001, "npm start"), "PORT=8001 npm start");
  assert.equal(withVariable("C:\\Program Files\\PowerShell\\pwsh.exe", "PORT", 8001, "npm start"), "$env:PORT=8001; npm start");
  assert.equal(withVariable("cmd.exe", "PORT", 8001, "npm start"), 'set "PORT=8001" && npm start');
  assert.equal(withVariable("fish", "PORT", 8001, "npm start"), "env PORT=8001 npm start");
  assert.equal(withVariable("bash", "PORT", 8001, "cd web && npm start"), undefined, "which of the two, nobody knows");
  assert.equal(withVariable("bash", "PORT", 8001, "node -e 'a; b'"), "PORT=8001 node -e 'a; b'");
});
