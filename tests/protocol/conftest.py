"""What the tests share: a machine of their own, projects on it, and an editor that speaks to the built binary."""

import os

import pytest
import pytest_asyncio

import table
from editor import Editor, Machine

METHODS_SENT, METHODS_RECEIVED = set(), set()


@pytest.fixture
def machine(tmp_path):
    """A machine with an empty registry."""
    return Machine(tmp_path.resolve())


@pytest.fixture
def shop(machine):
    """A project that is set up, with a server that listens on a number."""
    return machine.project(
        "shop",
        {
            ".ports.env": "WEB_PORT=8000\nAPI_PORT=8100\n",
            ".ports.env.example": "WEB_PORT=8080\nAPI_PORT=5000\n",
            "server.js": "app.listen(8080);\n",
            "client.js": 'fetch("http://localhost:5000/items");\n',
        },
    )


@pytest_asyncio.fixture
async def start(machine, request):
    """Starts a server for a project; what the two said to each other is checked at the end."""
    editors = []

    async def start(project, *arguments, **named):
        editor = Editor(machine, project)
        editors.append(editor)
        await editor.start(*arguments, **named)
        return editor

    yield start
    for editor in editors:
        await editor.stop()
    for editor in editors:
        assert editor.protocol.violations == []
        METHODS_SENT.update(editor.protocol.sent)
        METHODS_RECEIVED.update(editor.received())
        undocumented = editor.received() - set(table.SENT)
        assert not undocumented, f"the server sends what docs/language-server.md does not list: {undocumented}"
    used = set().union(*(editor.protocol.sent for editor in editors))
    for marker in request.node.iter_markers("method"):
        assert set(marker.args) <= used, f"the test is said to be about {marker.args}, and uses {used}"


@pytest_asyncio.fixture
async def editor(start, shop):
    """A modern editor that has the shop open."""
    return await start(shop)


def pytest_runtest_setup(item):
    for marker in item.iter_markers("method"):
        unheard = set(marker.args) - set(table.HANDLED)
        if unheard and not os.environ.get("ALL_METHODS"):
            pytest.skip(f"docs/language-server.md does not list {unheard}")


def pytest_collection_modifyitems(items):
    # What all others have shown is looked at last.
    items.sort(key=lambda item: item.path.name == "test_table.py")
