"""A quote, for whoever asks."""
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Quotes(BaseHTTPRequestHandler):
    def do_GET(self):
        quote = {'text': 'Tea first.', 'worktree': Path('worktree.txt').read_text().strip()}
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        self.wfile.write(json.dumps(quote).encode())


if __name__ == '__main__':
    HTTPServer(('', 5500), Quotes).serve_forever()
