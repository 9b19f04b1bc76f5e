const fs = require('node:fs');
const http = require('node:http');

const API_URL = 'http://localhost:4000';
const worktree = fs.readFileSync('worktree.txt', 'utf8').trim();

const server = http.createServer(async (request, response) => {
  const answer = await fetch(`${API_URL}/greeting`);
  const { greeting, from } = await answer.json();
  response.setHeader('Content-Type', 'text/html');
  response.end(`<h1>${worktree}: ${greeting} from ${from}</h1>\n`);
});

const port = 3000;
server.listen(port, () => {
  console.log(`Open http://localhost:${port}`);
});
