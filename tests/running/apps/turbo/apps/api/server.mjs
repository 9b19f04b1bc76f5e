import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const worktree = readFileSync('../../worktree.txt', 'utf8').trim();

createServer((request, response) => {
  response.end(`the tea of ${worktree}`);
}).listen(3001);
