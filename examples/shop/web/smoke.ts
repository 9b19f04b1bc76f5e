// Orders one of everything and waits until the worker has packed it: `npm run smoke`.
interface Product {
  id: number;
  name: string;
  price: number;
}

interface Order {
  id: number;
  product: number;
  quantity: number;
  state: "new" | "packed";
}

const options = {
  host: "localhost",
  port: 8080,
  timeoutMs: 10_000,
};

const shop = `http://${options.host}:${options.port}`;

async function get<T>(path: string): Promise<T> {
  const response = await fetch(shop + path);
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const products = await get<Product[]>("/api/products");
for (const product of products) {
  const response = await fetch(`${shop}/api/orders`, {
    method: "POST",
    body: JSON.stringify({ product: product.id, quantity: 1 }),
  });
  if (response.status !== 201) throw new Error(`ordering ${product.name}: ${response.status}`);
}

const deadline = Date.now() + options.timeoutMs;
for (;;) {
  const orders = await get<Order[]>("/api/orders");
  if (orders.length > 0 && orders.every((order) => order.state === "packed")) {
    console.log(`${orders.length} orders packed`);
    break;
  }
  if (Date.now() > deadline) throw new Error("the worker has packed nothing in time; is it running?");
  await new Promise((resolve) => setTimeout(resolve, 200));
}

export {};
