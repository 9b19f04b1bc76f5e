"""The commands, as somebody types them in a terminal of Windows."""

import unittest

from support import OnWindows, drive, windows

SERVER = 'const express = require("express");\r\nconst app = express();\r\napp.listen(8080);\r\n'


class Commands(OnWindows):
    def test_version(self):
        self.assertRegex(self.succeeds("--version").output, r"^port-manager \d+\.\d+\.\d+")

    def test_registry_lies_in_the_users_directory(self):
        root = self.machine.project("shop", {"server.js": SERVER})
        self.machine.environment.pop("PORT_MANAGER_CONFIG_DIR")
        self.succeeds("init", cwd=root)
        found = list(drive().glob("users/*/.config/port-manager/registry.json"))
        self.assertEqual(len(found), 1)
        self.assertIn(windows(root).replace("\\", "\\\\"), found[0].read_text())

    def test_init_assigns_and_status_and_show_tell(self):
        root = self.machine.shop()
        self.succeeds("init", cwd=root)
        port = self.machine.port(root, "WEB_PORT")
        self.assertIn(f"WEB_PORT={port}\n", (root / ".ports.env").read_text())
        self.assertEqual(list(self.machine.registry()["projects"]), [windows(root)])
        status = self.succeeds("status", "--json").json
        self.assertEqual({port["root"] for port in status["ports"]}, {windows(root)})
        self.assertIn("shop", self.succeeds("status").output)
        shown = self.succeeds("show", "--json", cwd=root).json
        self.assertEqual(shown["root"], windows(root))
        self.assertEqual(self.succeeds("get", "WEB_PORT", cwd=root).output.strip(), str(port))

    def test_a_directory_below_belongs_to_the_project_however_it_is_spelled(self):
        root = self.machine.shop()
        self.succeeds("init", cwd=root)
        below = windows(root / "web")
        for spelling in (below, below.replace("\\", "/"), below.lower(), below[0].lower() + below[1:], below + "\\"):
            with self.subTest(spelling):
                shown = self.succeeds("show", "--json", spelling).json
                self.assertEqual(shown["root"], windows(root))
        self.assertEqual(list(self.machine.registry()["projects"]), [windows(root)])

    def test_check_prints_paths_of_windows_and_exits_with_1(self):
        root = self.machine.project("shop", {"web/server.js": SERVER})
        self.assertIn("web\\server.js:3:12", self.ends_with(1, "check", cwd=root).output)
        absolute = windows(root / "web/server.js")
        for argument in ("web\\server.js", "web/server.js", ".\\web\\server.js", absolute):
            with self.subTest(argument):
                self.assertIn(f"{argument}:3:12", self.ends_with(1, "check", argument, cwd=root).output)

    def test_check_exits_with_0_for_nothing_and_2_for_what_is_not_there(self):
        root = self.machine.project("empty", {"server.js": "listen(0);\r\n"})
        self.succeeds("check", cwd=root)
        missing = windows(root / "missing.js")
        self.assertIn("missing.js", self.ends_with(2, "check", missing).errors)

    def test_ignored_files_are_not_checked(self):
        root = self.machine.project("shop", {"out/server.js": SERVER, "web/server.js": SERVER, ".gitignore": "/out\r\n"})
        output = self.ends_with(1, "check", cwd=root).output
        self.assertIn("web\\server.js", output)
        self.assertNotIn("out\\server.js", output)

    def test_a_drive_can_be_checked_from_another(self):
        root = self.machine.project("shop", {"server.js": SERVER})
        # Wine's drive Z is the whole system.
        other = "Z:" + str(root / "server.js").replace("/", "\\")
        self.assertIn("server.js:3:12", self.ends_with(1, "check", other).output)

    def test_get_port_reserves_another_number_each_time(self):
        first, second = (self.succeeds("get-port", "--type", "web").output.strip() for _ in range(2))
        self.assertNotEqual(first, second)
        self.assertEqual(set(self.machine.registry()["reservations"]), {first, second})

    def test_doctor_finds_nothing_wrong(self):
        root = self.machine.shop()
        self.succeeds("adopt", "--yes", cwd=root)
        self.assertNotIn("problem", self.succeeds("doctor", cwd=root).output)

    def test_env_speaks_to_the_shells_of_windows(self):
        root = self.machine.shop()
        self.succeeds("init", cwd=root)
        self.assertIn("WEB_PORT", self.succeeds("env", cwd=root).output)
        line = f"$Env:WEB_PORT = '{self.machine.port(root, 'WEB_PORT')}'"
        self.assertIn(line, self.succeeds("env", "--format", "powershell", cwd=root).output)


class Fixes(OnWindows):
    def test_fix_keeps_line_ends_of_windows(self):
        root = self.machine.project("shop", {"server.js": SERVER, "package.json": '{\r\n  "name": "shop"\r\n}\r\n'})
        self.succeeds("init", cwd=root)
        self.machine.run("check", "--fix", cwd=root)
        self.assertEqual(
            (root / "server.js").read_bytes().decode(), SERVER.replace("8080", "process.env.WEB_PORT || 8080")
        )
        self.succeeds("check", cwd=root)

    def test_ports_env_with_line_ends_of_windows_keeps_them(self):
        root = self.machine.project("shop", {"server.js": SERVER, ".ports.env": "# mine\r\nWEB_PORT=8080\r\n"})
        self.succeeds("init", cwd=root)
        self.succeeds("set", "API_PORT=8150", cwd=root)
        text = (root / ".ports.env").read_bytes().decode()
        self.assertIn("WEB_PORT=8080\r\n", text)
        self.assertRegex(text, r"API_PORT=8150\r\n")
        self.assertNotRegex(text, r"[^\r]\n")

    def test_adopt_of_the_example(self):
        root = self.machine.shop()
        before = self.ends_with(1, "check", cwd=root).output
        self.assertIn("web\\server.js:", before)
        self.succeeds("adopt", "--yes", cwd=root)
        after = self.machine.run("check", cwd=root)
        self.assertNotIn("web\\server.js:", after.output)
        self.assertIn("process.env.WEB_PORT", (root / "web/server.js").read_text())
        self.assertTrue((root / ".ports.env.example").exists())
        # Nothing of ours is left in the tree.
        self.assertEqual([path for path in root.rglob("*.port-manager.tmp")], [])


class Run(OnWindows):
    def setUp(self):
        super().setUp()
        self.root = self.machine.project("shop", {"server.js": SERVER})
        self.succeeds("init", cwd=self.root)
        self.port = self.machine.port(self.root, "WEB_PORT")

    def script(self, name, text):
        (self.root / name).write_bytes(text.replace("\n", "\r\n").encode())

    def test_the_command_has_the_ports(self):
        done = self.succeeds("run", "cmd", "/c", "echo %WEB_PORT%", cwd=self.root)
        self.assertEqual(done.output.strip(), str(self.port))

    def test_the_exit_code_is_passed_on(self):
        for code in (0, 1, 7, 255):
            with self.subTest(code):
                self.ends_with(code, "run", "--", "cmd", "/c", f"exit {code}", cwd=self.root)

    def test_an_exit_code_above_255_is_passed_on_whole(self):
        # A process of Unix has only eight bits for it, so that a script has to tell.
        program = windows(drive() / "programs/port-manager.exe")
        self.script("outer.bat", f"@echo off\n{program} run cmd /c exit 3000\necho code %ERRORLEVEL%\n")
        done = self.machine.run("/c", "outer.bat", program="../windows/system32/cmd.exe", cwd=self.root)
        self.assertIn("code 3000", done.output, done)

    def test_a_script_is_found_without_its_ending(self):
        (self.root / "tools").mkdir()
        # As npm: a script for sh, and one for cmd, of the same name.
        self.script("tools/npm", "#!/bin/sh\nexit 9\n")
        self.script("tools/npm.cmd", "@echo off\necho %1 at %WEB_PORT%\n")
        path = {"WINEPATH": windows(self.root / "tools")}
        done = self.succeeds("run", "npm", "start", cwd=self.root, environment=path)
        self.assertEqual(done.output.strip(), f"start at {self.port}")

    def test_a_program_that_is_not_there_is_an_error(self):
        self.assertIn("no-such-program", self.ends_with(2, "run", "no-such-program", cwd=self.root).errors)


if __name__ == "__main__":
    unittest.main()
