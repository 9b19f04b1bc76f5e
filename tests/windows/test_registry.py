"""The registry, when many change it at once, and when one of them is killed."""

import json
import random
import time

from support import OnWindows, finish, windows


class Registry(OnWindows):
    def left(self):
        """What lies beside the registry that does not belong there."""
        names = {path.name for path in self.machine.config.iterdir()}
        return names - {"registry.json", "registry.json.bak", "registry.lock"}

    def test_sixteen_processes_lose_no_change(self):
        roots = [
            self.machine.project(f"shop-{number}", {"server.js": f"require('express')().listen({8200 + number});\r\n"})
            for number in range(16)
        ]
        processes = [self.machine.start("init", cwd=root) for root in roots]
        for process in processes:
            done = finish(process)
            self.assertEqual(done.code, 0, done)
        projects = self.machine.registry()["projects"]
        self.assertEqual(sorted(projects), sorted(windows(root) for root in roots))
        ports = [port["port"] for project in projects.values() for port in project["ports"].values()]
        self.assertEqual(len(ports), 16)
        self.assertEqual(len(set(ports)), 16)
        self.assertEqual(self.left(), set())

    def test_sixteen_processes_each_reserve_another_port_while_others_read(self):
        writers = [self.machine.start("get-port", "--type", "web") for _ in range(16)]
        readers = [self.machine.start("status", "--json") for _ in range(8)]
        numbers = [finish(process) for process in writers]
        self.assertEqual([done.code for done in numbers], [0] * 16, numbers)
        self.assertEqual(len({done.output for done in numbers}), 16)
        for reader in readers:
            done = finish(reader)
            # Whether anything is reserved yet is a matter of time.
            self.assertIn(done.code, (0, 1), done)
            json.loads(done.output)
        self.assertEqual(len(self.machine.registry()["reservations"]), 16)

    def test_a_killed_process_leaves_a_whole_registry_that_others_can_change(self):
        self.succeeds("get-port", "--type", "web")
        began = time.monotonic()
        self.succeeds("get-port", "--type", "web")
        length = time.monotonic() - began
        chance = random.Random(16)
        for _ in range(24):
            process = self.machine.start("get-port", "--type", "api")
            # Anywhere between its start and its end. Nothing is waited for here: this is when the process dies.
            time.sleep(chance.uniform(0.3, 1) * length)
            process.kill()
            process.communicate()
            self.machine.registry()
        before = self.machine.registry()["reservations"]
        port = self.succeeds("get-port", "--type", "web").output.strip()
        self.assertEqual(set(self.machine.registry()["reservations"]) - set(before), {port})
        self.assertEqual(self.left(), set())
        self.succeeds("doctor")

    def test_the_lock_can_be_had_after_its_holder_has_ended(self):
        self.succeeds("get-port", "--type", "web")
        # Left by a process that died: the lock is the system's, not the file.
        self.assertTrue((self.machine.config / "registry.lock").exists())
        self.succeeds("get-port", "--type", "web")
