"""What a client sends that is no message is answered with an error, so that no request stays without an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from .extras import extra

with extra("mcp"):
    from anyio import BrokenResourceError, ClosedResourceError, EndOfStream
    from mcp.shared.message import SessionMessage
    from mcp.types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError
    from pydantic import ValidationError

if TYPE_CHECKING:
    from types import TracebackType

    from mcp.shared._stream_protocols import ReadStream, WriteStream

_NO_JSON = "The line is no JSON, or has an escape such as \\ud800 that is half a character. Send one message a line."
_NO_MESSAGE = "This is no message of JSON-RPC 2.0. It takes jsonrpc, id, method and params."


def writable(text: str) -> str:
    """A text with nothing that UTF-8 lacks, as names of files may have: one such character would end the server."""
    return text.encode("utf-8", "backslashreplace").decode()


def writable_json(value: Any) -> Any:
    """The same of what JSON can hold."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


class Answered:
    """A stream of messages: what the library hands on as an exception, and would drop, is answered here.

    Args:
        messages: What the client sends.
        answers: Where the errors go.

    Source: JSON-RPC 2.0, section 5.1.
    """

    def __init__(self, messages: ReadStream[SessionMessage | Exception], answers: WriteStream[SessionMessage]) -> None:
        self._messages = messages
        self._answers = answers

    @property
    def last_context(self) -> Any:
        """What the library notes of the last message's sender."""
        return getattr(self._messages, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        """The next message."""
        while True:
            item = await self._messages.receive()
            if not isinstance(item, ValidationError):
                return item
            error = answer_to(item)
            if error is not None:
                with suppress(BrokenResourceError, ClosedResourceError):
                    await self._answers.send(SessionMessage(error))

    async def aclose(self) -> None:
        """Close it."""
        await self._messages.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def answer_to(problem: ValidationError) -> JSONRPCError | None:
    """The error for what is no message, with the id of the request where one is found; None for a blank line."""
    errors = problem.errors(include_url=False)
    unread = [str(error["input"]) for error in errors if error["type"] == "json_invalid"]
    if unread and not unread[0].strip():
        return None
    found = [_lenient(line) for line in unread] or [error["input"] for error in errors]
    code, message = (PARSE_ERROR, _NO_JSON) if unread else (INVALID_REQUEST, _NO_MESSAGE)
    return JSONRPCError(jsonrpc="2.0", id=next(_ids(found), None), error=ErrorData(code=code, message=message))


def _lenient(line: str) -> Any:
    """A line as Python reads JSON, which takes half a character."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _ids(found: list[Any]) -> Iterator[int | str]:
    for one in found:
        known = one.get("id") if isinstance(one, dict) else None
        if type(known) is int or (isinstance(known, str) and known == writable(known)):
            yield known
