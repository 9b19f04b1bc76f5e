from pathlib import Path
from urllib.request import urlopen

CLOCK = "http://localhost:7000/"


def app(environ, start_response):
    with urlopen(CLOCK) as clock:
        hour = clock.read().decode()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{Path('worktree.txt').read_text().strip()} says {hour}\n".encode()]
