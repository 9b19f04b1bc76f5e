import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { port: { type: 'string', default: '3000' } } });
const worktree = readFileSync('../../worktree.txt', 'utf8').trim();

createServer(async (request, response) => {
  const products = await fetch('http://localhost:3001/products');
  response.end(`${worktree} sells ${await products.text()}`);
}).listen(Number(values.port));
