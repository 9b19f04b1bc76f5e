const { readFileSync } = require('fs');
const http = require('http');

const PORT = process.env.PORT || 3000;
const ORDERS_URL = process.env.ORDERS_URL || 'http://localhost:3001';
const worktree = readFileSync('../../worktree.txt', 'utf8').trim();

http.createServer(async (req, res) => {
  const orders = await fetch(`${ORDERS_URL}/orders`);
  res.end(`${worktree} shows ${await orders.text()}`);
}).listen(PORT);
