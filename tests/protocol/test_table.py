"""docs/language-server.md and these tests are about the same methods."""

import pytest

import conftest
import table


def _is_whole(request):
    options = request.config.option
    return not (options.keyword or options.markexpr or any("::" in argument or argument.endswith(".py") for argument in request.config.args))


def test_every_method_has_a_test(request):
    if not _is_whole(request):
        pytest.skip("only some of the tests run")
    covered = {name for item in request.session.items for mark in item.iter_markers("method") for name in mark.args}
    assert set(table.HANDLED) - covered == set()


def test_everything_that_the_server_sends_was_received(request):
    if not _is_whole(request):
        pytest.skip("only some of the tests run")
    assert set(table.SENT) - conftest.METHODS_RECEIVED == set()
