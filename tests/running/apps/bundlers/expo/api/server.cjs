const { createServer } = require('node:http');

createServer((request, response) => response.end('stock')).listen(48123);
