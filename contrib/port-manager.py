#!/usr/bin/env python3
"""Stand-in for the script port-manager.py: the same six commands, answered by the program `port-manager`.

Put this file where the script was, and Makefiles and notes that call it go on working. It prints what the script
printed; the registry, `.ports.env` and the choice of numbers are the program's. It needs Python 3.8 and nothing else.

Where the two differ, the program decides: `init` looks at the project's files for its ports, `free` asks a process to
end before it kills it and refuses those that must not be stopped, and `clean` removes projects whose directory is gone
(the script removed every port on which nothing listened at that moment).

The program is looked for in PORT_MANAGER_BIN, in PATH, and in ~/.local/bin and ~/.cargo/bin.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

TYPES = ("web", "api", "db", "cache", "queue", "monitoring", "temporal", "misc")
FREED, FINDINGS, FAILED = 0, 1, 2


class Failed(Exception):
    """The program could not do it, and has said why on stderr."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def program():
    """Return the path of `port-manager`."""
    named = os.environ.get("PORT_MANAGER_BIN")
    if named:
        return named
    homes = [Path.home() / ".local" / "bin", Path.home() / ".cargo" / "bin"]
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), *map(str, homes)])
    found = shutil.which("port-manager", path=places)
    if found is None:
        print("error: the program port-manager is not installed", file=sys.stderr)
        print("help: install it, or name it with PORT_MANAGER_BIN.", file=sys.stderr)
        raise Failed(FAILED)
    return found


def ask(*arguments, accept=(FREED,)):
    """Run the program with `--json` and return (exit code, what it printed as data).

    Messages for people go to stderr as they are. An exit code that is not in `accept` raises Failed.
    """
    try:
        done = subprocess.run([program(), *arguments, "--json"], stdout=subprocess.PIPE, check=False)
    except OSError as error:
        print(f"error: port-manager could not be started: {error}", file=sys.stderr)
        raise Failed(FAILED) from error
    if done.returncode not in accept:
        raise Failed(done.returncode)
    text = done.stdout.decode("utf-8", "replace")
    return done.returncode, json.loads(text) if text.strip() else None


def service(variable):
    """Return the script's name for a variable: `web` for `WEB_PORT`."""
    return (variable[: -len("_PORT")] if variable.endswith("_PORT") else variable).lower()


def init(path="."):
    """Give the project in `path` its ports and return them by the names that the script used."""
    print(f"🚀 Initializing ports for: {Path(path).resolve().name}", flush=True)
    _, done = ask("init", path)
    ports = {service(port["variable"]): port["port"] for port in done["ports"]}
    print("✅ Created .ports.env")
    print("\nAssigned ports:")
    for name, port in ports.items():
        print(f"  {name}: {port}")
    return ports


def status():
    """Print every registered port."""
    _, found = ask("status", accept=(FREED, FINDINGS))
    print("🔍 Port Status\n")
    print("Project          Service    Port    Status")
    print("-" * 45)
    for port in sorted((found or {}).get("ports", []), key=lambda port: port["port"]):
        state = "🟢 Active" if port["listeners"] else "⚪ Registered"
        print(f"{port['project']:<15} {service(port['variable']):<10} {port['port']:<7} {state}")


def free(port):
    """Stop what listens on a port."""
    code, _ = ask("free", str(port), "--yes", "--force", accept=(FREED, FINDINGS))
    if code == FREED:
        print(f"✅ Port {port} is now free")
        return
    print(f"❌ Could not free port {port}")
    raise Failed(code)


def show(project=None):
    """Print the ports of one project."""
    wanted = [] if project is None else [project]
    code, found = ask("show", *wanted, accept=(FREED, FINDINGS))
    if code != FREED or found is None:
        print(f"❌ No ports registered for {project or Path.cwd().name}")
        return
    print(f"\n📦 Ports for {found['project']}:\n")
    for port in found["ports"]:
        print(f"  {service(port['variable'])}: {port['port']}")


def get_port(kind="misc", preferred=None):
    """Print a port that is free, and hold it for a few minutes."""
    known = kind if kind in TYPES else "misc"
    wanted = [] if preferred is None else ["--preferred", str(preferred)]
    _, found = ask("get-port", "--type", known, *wanted)
    print(found["port"])


def clean():
    """Remove the projects whose directory is gone."""
    _, found = ask("clean")
    count = sum(len(project["ports"]) for project in found["projects"]) + len(found["reservations"])
    print(f"✅ Cleaned {count} dead port registrations")


def check_ports_for_project():
    """Return the ports of the current directory's project, which is set up first where it is not."""
    code, found = ask("show", accept=(FREED, FINDINGS))
    if code == FREED and found is not None:
        return {service(port["variable"]): port["port"] for port in found["ports"]}
    return init()


def arguments():
    parser = argparse.ArgumentParser(prog="port-manager.py", description="Universal Port Manager")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("status", help="Show all registered ports")
    commands.add_parser("init", help="Initialize ports for a project").add_argument("path", nargs="?", default=".")
    commands.add_parser("free", help="Free a port by stopping the process").add_argument("port", type=int)
    commands.add_parser("show", help="Show ports for a project").add_argument("project", nargs="?")
    get = commands.add_parser("get-port", help="Get next available port")
    get.add_argument("--type", "-t", default="misc", help="Service type")
    get.add_argument("--preferred", "-p", type=int, help="Preferred port")
    commands.add_parser("clean", help="Clean up unused port registrations")
    return parser.parse_args()


def main():
    # The console of Windows has an encoding without these signs; a missing sign is better than a traceback.
    sys.stdout.reconfigure(errors="replace")
    given = arguments()
    act = {
        "status": status,
        "init": lambda: init(given.path),
        "free": lambda: free(given.port),
        "show": lambda: show(given.project),
        "get-port": lambda: get_port(given.type, given.preferred),
        "clean": clean,
    }[given.command]
    try:
        act()
    except Failed as failed:
        return failed.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
