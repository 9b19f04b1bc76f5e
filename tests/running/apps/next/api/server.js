const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');

const worktree = readFileSync('worktree.txt', 'utf8').trim();

createServer((request, response) => {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.end(`tea of ${worktree}`);
}).listen(4000, () => console.log('The stock is at http://localhost:4000'));
