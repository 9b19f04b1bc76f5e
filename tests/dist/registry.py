"""A registry for npm that has only what it is given or sent, so that a package is installed by its name before it is published."""

import base64
import hashlib
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Registry:
    """Serves packed packages on a port of loopback that the system chooses."""

    def __init__(self, tarballs=()):
        self.packages = {}
        self.asked = []
        # The files that `npm publish` has sent, in their order.
        self.published = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                registry.answer(self)

            def do_PUT(self):
                registry.take(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        for tarball in tarballs:
            self.add(tarball)

    def add(self, tarball):
        with tarfile.open(tarball) as tar:
            manifest = json.load(tar.extractfile("package/package.json"))
        content = tarball.read_bytes()
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
        manifest["dist"] = {"tarball": f"{self.address}/{tarball.name}", "integrity": integrity}
        version = manifest["version"]
        about = {"name": manifest["name"], "dist-tags": {"latest": version}, "versions": {version: manifest}}
        self.packages[f"/{manifest['name']}"] = json.dumps(about).encode()
        self.packages[f"/{tarball.name}"] = content

    def take(self, request):
        about = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        for name, attachment in about.pop("_attachments").items():
            self.packages[f"/{name}"] = base64.b64decode(attachment["data"])
            self.published.append(f"/{name}")
        self.packages[request.path] = json.dumps(about).encode()
        request.send_response(201)
        request.end_headers()
        request.wfile.write(b"{}")

    def answer(self, request):
        self.asked.append(request.path)
        content = self.packages.get(request.path)
        request.send_response(404 if content is None else 200)
        request.end_headers()
        request.wfile.write(content or b"{}")

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
