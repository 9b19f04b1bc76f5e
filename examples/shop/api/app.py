"""The shop's API: products, orders, and whether the services behind it answer.

Standard library only: `python3 api/app.py`. Orders live in memory until the process ends.
"""

import json
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PORT = 5000
DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://shop:shop@localhost:5432/shop")
REDIS_HOST = os.environ.get("REDIS_HOST", "localhost")
REDIS_PORT = 6379
QUEUE_URL = os.environ.get("QUEUE_URL", "amqp://guest:guest@localhost:5672/")

PRODUCTS = [
    {"id": 1, "name": "Coffee", "price": 790},
    {"id": 2, "name": "Tea", "price": 450},
    {"id": 3, "name": "Cup", "price": 1200},
]

orders = []
lock = threading.Lock()


def answers(host, port):
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def health():
    database, queue = urlsplit(DATABASE_URL), urlsplit(QUEUE_URL)
    return {
        "status": "ok",
        "db": answers(database.hostname, database.port),
        "cache": answers(REDIS_HOST, REDIS_PORT),
        "queue": answers(queue.hostname, queue.port),
    }


def place(order):
    """A new order, or None where there is no such product."""
    if not any(product["id"] == order.get("product") for product in PRODUCTS):
        return None
    with lock:
        placed = {
            "id": len(orders) + 1,
            "product": order["product"],
            "quantity": order.get("quantity", 1),
            "state": "new",
        }
        orders.append(placed)
        return placed


def pack():
    """Marks the oldest new order as packed; None where nothing is left to do."""
    with lock:
        for order in orders:
            if order["state"] == "new":
                order["state"] = "packed"
                return order
        return None


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/products":
            self.reply(200, PRODUCTS)
        elif self.path == "/orders":
            self.reply(200, orders)
        elif self.path == "/health":
            self.reply(200, health())
        else:
            self.reply(404, {"error": "not found"})

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        if self.path == "/orders":
            try:
                placed = place(json.loads(body))
            except (ValueError, AttributeError):
                self.reply(400, {"error": "an order is a JSON object"})
                return
            self.reply(201, placed) if placed else self.reply(422, {"error": "no such product"})
        elif self.path == "/orders/pack":
            packed = pack()
            self.reply(200, packed) if packed else self.reply(204, None)
        else:
            self.reply(404, {"error": "not found"})

    def reply(self, status, value):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("0.0.0.0", PORT), Handler)
    print(f"api: http://localhost:{PORT}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
