const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");

createServer((request, response) => {
  response.end(`twelve by the clock of ${readFileSync("worktree.txt", "utf8").trim()}`);
}).listen(7000);
