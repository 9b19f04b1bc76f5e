"""`free`, with a program that really listens."""

import socket

from support import OnWindows


def unused_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Free(OnWindows):
    def setUp(self):
        super().setUp()
        self.port = unused_port()
        self.server = self.machine.start(self.port, program="server.exe")
        self.addCleanup(self.end)
        # Its number, as Windows counts.
        self.pid = int(self.server.stdout.readline())

    def end(self):
        if self.server.poll() is None:
            self.server.kill()
        self.server.communicate()

    def test_a_dry_run_shows_who_listens_and_stops_nobody(self):
        done = self.ends_with(1, "free", self.port, "--dry-run")
        self.assertIn(f"server.exe ({self.pid})", done.output)
        self.assertIn("programs\\server.exe", done.output)
        self.assertIsNone(self.server.poll())

    def test_nobody_is_stopped_unless_somebody_says_so(self):
        self.assertIn("--yes", self.ends_with(2, "free", self.port).errors)
        self.assertIsNone(self.server.poll())

    def test_a_process_cannot_be_asked_to_end_and_is_not_killed_without_force(self):
        done = self.ends_with(1, "free", self.port, "--yes")
        self.assertIn("--force", done.errors)
        self.assertIsNone(self.server.poll())

    def test_the_listener_is_killed_by_force_and_another_lives_on(self):
        other_port = unused_port()
        other = self.machine.start(other_port, program="server.exe")
        self.addCleanup(lambda: (other.kill(), other.communicate()))
        other.stdout.readline()
        done = self.succeeds("free", self.port, "--yes", "--force", "--json").json
        self.assertEqual([holder["pid"] for holder in done["holders"]], [self.pid])
        self.assertEqual(done["holders"][0]["outcome"], "killed")
        self.assertTrue(done["is_free"])
        self.server.wait(timeout=30)
        self.assertIsNone(other.poll())
        self.succeeds("free", self.port)

    def test_a_port_that_is_held_by_nobody_visible_is_not_called_free(self):
        """A process outside of Wine stands for one that we may not see."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            done = self.machine.run("get-port", "--type", "misc", "--preferred", port)
            self.assertNotEqual(done.output.strip(), str(port), done)


class Status(OnWindows):
    def test_status_names_who_listens(self):
        root = self.machine.project("shop", {"server.js": f"require('express')().listen({unused_port()});\r\n"})
        self.succeeds("init", cwd=root)
        server = self.machine.start(self.machine.port(root, "WEB_PORT"), program="server.exe", cwd=root)
        self.addCleanup(lambda: (server.kill(), server.communicate()))
        pid = int(server.stdout.readline())
        self.assertRegex(self.succeeds("status", cwd=root).output, rf"WEB_PORT .*server\.exe \({pid}\)")
