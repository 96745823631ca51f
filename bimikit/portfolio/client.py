"""Asking very many questions at once over UDP: bounded, polite, each tried several times, none lost.

One question costs some microseconds here, where a task of asyncio and a message of dnspython cost some hundred. Answers
are told by calling back. Source ports and message numbers are random, and only what was asked of whom it was asked is
taken for an answer (RFC 5452).
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from random import Random, SystemRandom
from typing import Any

from ..dns.answers import FAILED, MOST_CNAMES, Answer, Question
from .codec import Unreadable, query, question_part, read

Told = Callable[[Question, Answer], None]

TRIES = (0.8, 1.6, 2.6)
"""Seconds that each try of a question waits for its answer; about a lifetime of dnspython's resolver together."""
JITTER = 0.25
"""Of these seconds, so that what was asked together isn't asked together again."""
SOCKETS = 4
"""Of each server: so many times 65,536 questions can be under way, from as many ports."""
IN_FLIGHT = 400
"""Questions that one server is asked at once, where nobody says otherwise."""
LATE = 0.25
"""Seconds after which a question no longer counts as one of these: whoever is silent holds up nobody else."""
_ROOM = 4 * 1024 * 1024
"""Bytes that the system keeps of answers not read yet."""
_TICK = 0.05
_LATE_TICKS = int(LATE / _TICK)
_HEADER, _LARGEST = 12, 65_535
"""Bytes of a message's head, and of a message."""
_BATCH = 256
"""Answers that are read before anything else has its turn."""
_SECONDS_OF_TCP = 4.0
_TOO_LATE = Answer(FAILED, reason="timeout")
_UNREACHABLE = Answer(FAILED, reason="network")
_CIRCLE = Answer(FAILED, reason="cname")
_UNREADABLE = Answer(FAILED, reason="servfail")


class _Slot:
    """A question under way."""

    __slots__ = ("late", "question", "seen", "server", "told", "tries", "trouble", "wanted", "wire")

    def __init__(self, question: Question, told: Told) -> None:
        self.question = question
        self.told = told
        self.wanted = question.name
        self.wire = b""
        self.tries = 0
        self.late = False
        self.server = 0
        self.seen: list[str] = []
        self.trouble = _TOO_LATE


class _Server:
    """A server that is asked, with its sockets and what it owes."""

    def __init__(self, address: tuple[str, int], most: int) -> None:
        self.address = address
        self.most = most
        self.waiting: deque[_Slot] = deque()
        self.under_way = 0
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.sockets: list[socket.socket] = []
        self.pending: list[dict[int, _Slot]] = []
        for _ in range(SOCKETS):
            made = socket.socket(family, socket.SOCK_DGRAM)
            made.setblocking(False)
            with suppress(OSError):
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
            made.connect(address)
            self.sockets.append(made)
            self.pending.append({})


class Client:
    """Asks name servers, on the event loop in which it is made.

    Args:
        servers: Whom to ask: addresses with ports, in turn.
        in_flight: Questions that each is asked at once; more wait.
        tries: Seconds that each try of a question waits for its answer.
        random: For numbers of messages, choice of sockets and jitter; the system's by default.
        watch: Whether the loop is told to watch the sockets, which Windows' own can't: there a task reads each.
    """

    def __init__(
        self,
        servers: Sequence[tuple[str, int]],
        *,
        in_flight: int = IN_FLIGHT,
        tries: Sequence[float] = TRIES,
        random: Random | None = None,
        watch: bool = True,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._random = random or SystemRandom()
        self._seeded = Random(self._random.getrandbits(64))  # noqa: S311 - numbers are refreshed from the system's
        self._tries = tuple(tries)
        self._servers = [_Server(address, in_flight) for address in servers]
        self._due: dict[int, list[tuple[int, int, int, _Slot]]] = {}
        self._now = 0
        self._next_server = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.asked = 0
        """Messages sent."""
        self._watch = watch
        for place, server in enumerate(self._servers):
            for index, made in enumerate(server.sockets):
                if self._watch and sys.platform != "win32":
                    self._loop.add_reader(made.fileno(), self._readable, place, index)
                else:
                    self._keep(self._read(place, index))
        self._begun = self._loop.time()
        self._timer = self._loop.call_later(_TICK, self._tick)

    def ask(self, question: Question, told: Told) -> None:
        """Ask a question; `told` is called with the answer, once, and later than this returns."""
        slot = _Slot(question, told)
        try:
            slot.wire = question_part(question.name, question.type)
        except ValueError:
            self._loop.call_soon(told, question, _UNREACHABLE)
            return
        slot.server = self._next_server
        self._next_server = (self._next_server + 1) % len(self._servers)
        self._queue(slot)

    def close(self) -> None:
        """Give up what is under way; nothing is told any more."""
        self._closed = True
        self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        for server in self._servers:
            for made in server.sockets:
                if self._watch and sys.platform != "win32":
                    self._loop.remove_reader(made.fileno())
                made.close()

    def _queue(self, slot: _Slot) -> None:
        server = self._servers[slot.server]
        if server.under_way >= server.most:
            server.waiting.append(slot)
        else:
            self._send(server, slot)

    def _send(self, server: _Server, slot: _Slot) -> None:
        number = self._seeded.getrandbits(18)
        index, number = number & (SOCKETS - 1), number >> 2
        pending = server.pending[index]
        while number in pending:
            number = self._seeded.getrandbits(16)
        pending[number] = slot
        server.under_way += 1
        slot.tries += 1
        slot.late = False
        self._due.setdefault(self._now + 1 + _LATE_TICKS, []).append((slot.server, index, number, slot))
        self.asked += 1
        try:
            server.sockets[index].send(query(number, slot.wire))
        except BlockingIOError:
            pass  # the system's own queue is full: as if it were lost on the way
        except OSError:  # refused by whoever is there, or no way there
            slot.trouble = _UNREACHABLE

    def _readable(self, place: int, index: int) -> None:
        server = self._servers[place]
        receive, pending = server.sockets[index].recv, server.pending[index]
        for _ in range(_BATCH):
            try:
                message = receive(_LARGEST)
            except BlockingIOError:
                return
            except OSError:  # nobody listens there: each try waits all the same, since somebody may soon
                continue
            self._take(server, pending, message)

    async def _read(self, place: int, index: int) -> None:
        server = self._servers[place]
        while not self._closed:
            try:
                message = await self._loop.sock_recv(server.sockets[index], _LARGEST)
            except OSError:
                await asyncio.sleep(_TICK)
                continue
            self._take(server, server.pending[index], message)

    def _take(self, server: _Server, pending: dict[int, _Slot], message: bytes) -> None:
        """Take a message, if it is an answer to what was asked."""
        if len(message) < _HEADER:
            return
        number = message[0] << 8 | message[1]
        slot = pending.get(number)
        if slot is None:
            return
        try:
            reply = read(message, slot.wire, slot.question.type)
        except Unreadable:
            if message[_HEADER : _HEADER + len(slot.wire)].lower() == slot.wire.lower():
                slot.trouble = _UNREADABLE
            return
        del pending[number]
        if not slot.late:
            self._free(server)
        if reply.truncated:
            self._keep(self._ask_over_tcp(slot))
        elif reply.answer is not None and reply.answer.failed and slot.server + 1 < len(self._servers):
            slot.server += 1  # another may know
            slot.trouble = reply.answer
            self._again(slot)
        else:
            self._answered(slot, reply.answer, reply.alias)

    def _free(self, server: _Server) -> None:
        server.under_way -= 1
        while server.waiting and server.under_way < server.most:
            self._send(server, server.waiting.popleft())

    def _answered(self, slot: _Slot, answer: Answer | None, alias: str) -> None:
        if answer is None:
            if alias in (slot.question.name, *slot.seen) or len(slot.seen) > MOST_CNAMES:
                answer = _CIRCLE
            else:
                slot.seen.append(alias)
                slot.wanted, slot.tries = alias, 0
                try:
                    slot.wire = question_part(alias, slot.question.type)
                except ValueError:
                    answer = _UNREACHABLE
                else:
                    self._queue(slot)
                    return
        if slot.seen and not answer.canonical and not answer.failed:
            answer = Answer(answer.state, answer.records, answer.reason, slot.wanted)
        slot.told(slot.question, answer)

    def _again(self, slot: _Slot) -> None:
        """Try once more, or tell what went wrong."""
        if slot.tries < len(self._tries):
            self._queue(slot)
        else:
            slot.told(slot.question, slot.trouble)

    def _tick(self) -> None:
        """Take what has waited long enough for lost."""
        target = int((self._loop.time() - self._begun) / _TICK)
        while self._now < target:
            self._now += 1
            for place, index, number, slot in self._due.pop(self._now, ()):
                server = self._servers[place]
                if server.pending[index].get(number) is not slot:
                    continue
                if not slot.late:
                    slot.late = True
                    self._free(server)
                    left = self._tries[slot.tries - 1] * (1 + JITTER * self._seeded.random()) - LATE
                    self._due.setdefault(self._now + max(int(left / _TICK), 1), []).append((place, index, number, slot))
                    continue
                del server.pending[index][number]
                slot.server = (place + 1) % len(self._servers)
                self._again(slot)
        if not self._closed:
            self._timer = self._loop.call_later(_TICK, self._tick)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask_over_tcp(self, slot: _Slot) -> None:
        try:
            reply = await asyncio.wait_for(self._exchange(slot), _SECONDS_OF_TCP)
        except TimeoutError:
            self._answered(slot, _TOO_LATE, "")
        except (OSError, EOFError, Unreadable):
            self._answered(slot, _UNREACHABLE, "")
        else:
            self._answered(slot, reply.answer, reply.alias)

    async def _exchange(self, slot: _Slot) -> Any:
        reader, writer = await asyncio.open_connection(*self._servers[slot.server].address)
        try:
            message = query(self._seeded.getrandbits(16), slot.wire)
            writer.write(len(message).to_bytes(2, "big") + message)
            size = int.from_bytes(await reader.readexactly(2), "big")
            return read(await reader.readexactly(size), slot.wire, slot.question.type, over_tcp=True)
        finally:
            writer.close()
