const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');

createServer((request, response) => {
  response.end(`Ada of ${readFileSync('worktree.txt', 'utf8').trim()}`);
}).listen(3100);
