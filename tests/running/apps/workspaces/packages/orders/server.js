const { readFileSync } = require('fs');
const http = require('http');

const PORT = process.env.PORT || 3001;
const worktree = readFileSync('../../worktree.txt', 'utf8').trim();

http.createServer((req, res) => {
  res.end(`the orders of ${worktree}`);
}).listen(PORT);
