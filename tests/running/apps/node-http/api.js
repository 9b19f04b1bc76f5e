const fs = require('node:fs');
const http = require('node:http');

const worktree = fs.readFileSync('worktree.txt', 'utf8').trim();

const server = http.createServer((request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ greeting: 'hello', from: worktree }));
});

server.listen(4000, () => {
  console.log('Greetings at http://localhost:4000');
});
