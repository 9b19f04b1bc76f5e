"""A page with a note on it."""
import argparse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8080)
parser.add_argument("--notes", default="http://localhost:9000/")
options = parser.parse_args()


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        with urlopen(options.notes) as notes:
            note = notes.read().decode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{Path('worktree.txt').read_text().strip()} notes: {note}".encode())


ThreadingHTTPServer(("", options.port), Page).serve_forever()
