import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const worktree = readFileSync('worktree.txt', 'utf8').trim();

const guests = {
  '/api/guests': `Ada and Grace visit ${worktree}`,
  '/api/today': `Grace visits ${worktree}`,
};

createServer((request, response) => {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.end(guests[request.url] ?? worktree);
}).listen(5000, () => console.log('The API is at http://localhost:5000'));
