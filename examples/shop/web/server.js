// The storefront: a page that lists what the API sells and takes orders.
// Only Node's own modules, so `node web/server.js` runs without an install.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

const API_URL = process.env.API_URL || "http://localhost:5000";

const page = await readFile(new URL("./public/index.html", import.meta.url), "utf8");

async function api(path, options) {
  const response = await fetch(API_URL + path, options);
  return { status: response.status, body: await response.text() };
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const routes = {
  "GET /": async () => ({ status: 200, type: "text/html; charset=utf-8", body: page }),
  "GET /health": async () => ({ status: 200, body: JSON.stringify({ status: "ok" }) }),
  "GET /api/products": () => api("/products"),
  "GET /api/orders": () => api("/orders"),
  "POST /api/orders": async (request) =>
    api("/orders", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: await readBody(request),
    }),
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  if (!route) {
    response.writeHead(404).end("not found\n");
    return;
  }
  try {
    const { status, type = "application/json", body } = await route(request);
    response.writeHead(status, { "content-type": type }).end(body);
  } catch (error) {
    response.writeHead(502, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: `the API does not answer: ${error.message}` }));
  }
});

server.listen(8080, () => {
  console.log(`shop: http://localhost:${server.address().port}`);
});
