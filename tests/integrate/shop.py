"""The project of a case: a git repository that has a number of its own for WEB_PORT."""

import contextlib
import os
import subprocess

from workbench import Workbench, free_port

# A server that says which number it has.
SERVER = "console.log(`number ${process.env.WEB_PORT || {default}}`)\n"


class Shop(Workbench):
    def __init__(self, binary, directory):
        super().__init__(binary, directory)
        # The number that the code has, and that of this machine.
        self.default, self.assigned = free_port(), free_port()
        # Where the programs of a case lie.
        self.path = []
        self.bin = directory / "bin"
        self.bin.mkdir()
        (self.bin / "port-manager").symlink_to(binary)
        self.has_port_manager = True
        self.write(".gitignore", ".ports.env\n.env\nnode_modules\n")
        self.write(".ports.env.example", "WEB_PORT={default}\n")
        self.write("server.js", SERVER)
        self.output(["git", "init", "--quiet"])
        self.output(["port-manager", "init", "--quiet"])
        self.output(["port-manager", "set", f"WEB_PORT={self.assigned}", "--quiet"])

    def write(self, path, text):
        """Writes a file; `{default}` in it is the number that the code has."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("{default}", str(self.default)))
        if text.startswith("#!"):
            file.chmod(0o755)

    def uses(self, program):
        """Puts the directory of a program, or of npm's packages, in front of PATH."""
        directory = os.path.dirname(program)
        self.path.insert(0, directory)
        return directory

    def environment(self, variables):
        environment = super().environment(variables)
        own = [str(self.bin)] if self.has_port_manager else []
        git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        for who in ("AUTHOR", "COMMITTER"):
            git |= {f"GIT_{who}_NAME": "dev", f"GIT_{who}_EMAIL": "dev"}
        return environment | git | {"PATH": os.pathsep.join([*self.path, *own, environment["PATH"]]), **variables}

    def integrate(self, target):
        """Integrates, and looks that a second run finds nothing to do."""
        self.output(["port-manager", "integrate", target, "--yes"])
        self.output(["port-manager", "integrate", target, "--check"])

    @contextlib.contextmanager
    def as_teammate(self):
        """As for somebody who has neither `.ports.env` nor port-manager."""
        file, aside = self.root / ".ports.env", self.root.parent / "aside"
        file.rename(aside)
        self.has_port_manager = False
        yield
        self.has_port_manager = True
        aside.rename(file)

    # What is proven.

    def prints(self, command, number, **variables):
        printed = self.output(command, **variables)
        assert f"number {number}" in printed, f"{command} does not print {number}: {printed[-700:]}"

    def proven(self, target, command, has_number):
        """The number before the integration, after it, and for a teammate. `has_number` looks whether a command has one."""
        has_number(command, self.default)
        self.integrate(target)
        has_number(command, self.assigned)
        with self.as_teammate():
            has_number(command, self.default)
        self.shows(f"`{command}` has its number, and the default without .ports.env")

    def proven_printing(self, target, command):
        self.proven(target, command, self.prints)

    def proven_listening(self, target, command):
        self.proven(target, command, self.listens)

    def ends_with(self, command, code):
        done = subprocess.run(
            command, shell=True, cwd=self.root, env=self.environment({}), capture_output=True, text=True, timeout=90
        )
        assert done.returncode == code, f"{command} ends with {done.returncode}: {done.stdout[-400:]}{done.stderr[-400:]}"
