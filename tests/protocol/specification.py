"""A client that notes every message and accepts nothing that the specification does not have."""

import asyncio
import copy
from typing import Optional, Sequence, Union

from lsprotocol import types as lsp
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, LanguageClientProtocol

# How long anything may take, in seconds. Nothing takes nearly as long on a machine that is not overloaded.
DEADLINE = 60


def surplus(message, known, path=""):
    """The places of a message that are not part of its type: a property that it does not have, or null where a value
    belongs."""
    if isinstance(message, dict) and isinstance(known, dict):
        for name, value in message.items():
            if name not in known:
                yield f"{path}.{name} = {value!r}"
            else:
                yield from surplus(value, known[name], f"{path}.{name}")
    elif isinstance(message, list) and isinstance(known, list):
        for index, (value, of_type) in enumerate(zip(message, known)):
            yield from surplus(value, of_type, f"{path}[{index}]")


class StrictProtocol(LanguageClientProtocol):
    """Notes what is sent and what comes, and what of that breaks the specification."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.sent = []
        self.received = []
        self.violations = []

    def structure_message(self, data):
        """Called with each object in each message of the server; the last is the message itself."""
        if "jsonrpc" not in data:
            return data
        # What gives it its type changes it.
        raw = copy.deepcopy(data)
        method = data.get("method")
        if method:
            self.received.append(raw)
        is_typed = self.get_message_type(method) if method else data.get("id") in self._result_types
        try:
            message = super().structure_message(data)
        except Exception as error:
            self.violations.append(f"{error.__cause__ or error!r} in {data}")
            raise
        if is_typed and "error" not in data:
            known = self._converter.unstructure(message)
            self.violations += [f"{method or 'a result'} has {place}" for place in surplus(raw, known)]
        return message

    def send_request(self, method, params=None, callback=None, msg_id=None):
        self.sent.append(method)
        return super().send_request(method, params, callback, msg_id)

    async def send_request_async(self, method, params=None, msg_id=None):
        return await asyncio.wait_for(super().send_request_async(method, params, msg_id), DEADLINE)

    def notify(self, method, params=None):
        self.sent.append(method)
        super().notify(method, params)


class StrictClient(LanguageClient):
    """What pytest-lsp's client can, with [`StrictProtocol`]."""

    def __init__(self):
        super().__init__(protocol_cls=StrictProtocol, converter_factory=converter)


def converter():
    """The usual one, which takes a code action with a command for a bare command."""
    known = default_converter()

    def action(value, _):
        is_command = isinstance(value.get("command"), str)
        return known.structure(value, lsp.Command if is_command else lsp.CodeAction)

    actions = Optional[Sequence[Union[lsp.Command, lsp.CodeAction]]]
    known.register_structure_hook(Union[lsp.Command, lsp.CodeAction], action)
    known.register_structure_hook(actions, lambda values, _: values and [action(value, _) for value in values])
    return known
