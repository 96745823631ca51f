"""A DNS server on loopback that plays the whole DNS, as a resolver shows it, and can fail in every way that DNS does.

Messages are read and written by dnslib, which shares no code with the dnspython that bimikit asks with.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

try:
    import dnslib
except ImportError as error:  # an optional dependency
    raise ImportError("bimikit.testing.Zone needs dnslib: pip install bimikit[testing]", name=error.name) from error

from .loopback import Loopback
from .zone_book import (
    ANY,
    CNAME,
    FAILURES,
    FORMERR,
    NOERROR,
    NOTIMP,
    NXDOMAIN,
    OPT,
    REFUSED,
    SERVFAIL,
    TXT,
    Book,
    Data,
    Failure,
    Fault,
    Labels,
    Record,
    Strings,
    Text,
    labels_of,
    lower,
    parsed,
    strings_of,
    type_of,
)

__all__ = ["Failure", "Query", "Strings", "Zone"]

_RCODES = {"formerr": FORMERR, "servfail": SERVFAIL, "refused": REFUSED}
_IN = 1
_PLAIN_UDP = 512  # bytes over UDP where the client doesn't say that it takes more, RFC 1035 section 2.3.4
_EDNS_UDP = 1232  # bytes that we say we take ourselves


class Query(NamedTuple):
    """A question that arrived.

    Attributes:
        name: The name, in lower case, without the last dot.
        rdtype: The type, such as ``"TXT"``.
        protocol: ``"udp"`` or ``"tcp"``.
        at: `time.monotonic()` at its arrival, in seconds.
    """

    name: str
    rdtype: str
    protocol: str
    at: float


class Zone(Loopback):
    r"""A DNS server on loopback, for tests.

    It answers for every name, as a recursive resolver does: aliases are followed, what isn't there is NXDOMAIN, a name
    with other types or with names below it is an empty NOERROR, and ``*`` covers what doesn't exist (RFC 4592). It can
    be changed while it runs.

    Args:
        records: DNS name to its record, or to a list of them. A text is a TXT record, in several character-strings
            where it has over 255 bytes; `Strings` cuts it as you wish; ``("CNAME", "other.example")`` is a record
            of another type.
        text: Records as a zone file has them.
        faults: DNS name to how it fails; `fail` can do more.
        delay: Seconds before each answer; questions wait side by side.
        ttl: Seconds that `records` may be remembered.
        address: The address to be bound to.

    Raises:
        ValueError: A name, record or fault can't be read.

    Attributes:
        address: The address it is bound to.
        delay: Seconds before each answer.

    Example:
        >>> with Zone({"_dmarc.example.com": "v=DMARC1; p=reject"}) as zone:
        ...     print(zone.resolver().resolve("_dmarc.example.com", "TXT")[0])
        "v=DMARC1; p=reject"
    """

    def __init__(
        self,
        records: Mapping[str, Data | Sequence[Data]] | None = None,
        *,
        text: str = "",
        faults: Mapping[str, Failure] | None = None,
        delay: float = 0,
        ttl: int = 300,
        address: str = "127.0.0.1",
    ) -> None:
        super().__init__(address)
        self.delay = delay
        self._ttl = ttl
        self._lock = threading.Lock()
        self._book = Book()  # read and written with the lock held
        self._queries: list[Query] = []
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        if text:
            self.add_text(text)
        for name, data in (records or {}).items():
            for one in data if isinstance(data, list) else [data]:
                if isinstance(one, tuple) and not isinstance(one, Strings):
                    self.add(name, *one)
                else:
                    self.add(name, "TXT", one)  # type: ignore[arg-type]  # a list is taken apart above
        for name, how in (faults or {}).items():
            self.fail(name, how)

    # what it knows

    def add(self, name: str, rdtype: str, *data: Text, ttl: int | None = None) -> None:
        """Add records to a name.

        Args:
            name: The DNS name; U-labels are taken too.
            rdtype: The type, such as ``"TXT"`` or ``"CAA"``.
            *data: One record each: a TXT record's text, or what a zone file has after the type.
            ttl: Seconds that they may be remembered.

        Raises:
            ValueError: The name, type or data can't be read; or an alias would not be alone at its name.
        """
        rdtype = rdtype.upper()
        ttl = self._ttl if ttl is None else ttl
        for one in data:
            if rdtype == "TXT":
                self._insert(labels_of(name), TXT, Record(dnslib.TXT(strings_of(one)), ttl))
            elif isinstance(one, str):
                (record,) = parsed(f"record. {ttl} IN {rdtype} {one}")
                self._insert(labels_of(name), record.rtype, Record(record.rdata, ttl))
            else:
                raise ValueError(f"the data of {rdtype} is what a zone file has after the type, in one str: {one!r}")

    def add_text(self, text: str) -> None:
        """Add the records of a zone file, which may be indented as a whole; its names are below ``$ORIGIN``.

        Raises:
            ValueError: It can't be read; or an alias would not be alone at its name.
        """
        for record in parsed(text):
            self._insert(lower(record.rname.label), record.rtype, Record(record.rdata, record.ttl))

    def remove(self, name: str, rdtype: str | None = None) -> None:
        """Take a name's records away; those of one type only, if it is given. What isn't there is no error."""
        labels = labels_of(name)
        rtype = None if rdtype is None else type_of(rdtype)
        with self._lock:
            self._book.remove(labels, rtype)

    def fail(
        self,
        name: str,
        how: Failure,
        *,
        rdtype: str | None = None,
        below: bool = False,
        seconds: float = 0,
    ) -> None:
        """Let a name fail, until told otherwise. The nearest name that was told of decides, then a type before any.

        An alias to a name that gives no answer is SERVFAIL, as a resolver would say.

        Args:
            name: The DNS name.
            how: How it fails; ``"none"`` lets it answer again.
            rdtype: The type that fails; all by default.
            below: Whether everything below the name fails as well.
            seconds: Seconds that ``"slow"`` takes.

        Raises:
            ValueError: There is no such failure or type, or ``"slow"`` has no seconds.
        """
        if how not in FAILURES:
            raise ValueError(f"no such failure: {how!r}; there are {', '.join(sorted(FAILURES))}")
        if (how == "slow") != (seconds > 0):
            raise ValueError('"slow", and nothing else, needs seconds')
        labels, rtype = labels_of(name), None if rdtype is None else type_of(rdtype)
        with self._lock:
            self._book.fail(labels, rtype, Fault(how, below, seconds))

    def _insert(self, labels: Labels, rtype: int, record: Record) -> None:
        with self._lock:
            self._book.insert(labels, rtype, record)

    # what it was asked

    @property
    def queries(self) -> list[Query]:
        """The questions that arrived, in their order; a copy."""
        with self._lock:
            return list(self._queries)

    def clear(self) -> None:
        """Forget the questions."""
        with self._lock:
            self._queries.clear()

    # running

    def start(self) -> None:
        """Begin to listen, on a new port, in a thread of its own.

        Raises:
            RuntimeError: It is running.
        """
        if self._thread is not None:
            raise RuntimeError("Zone is running already")
        udp, tcp = self._bind()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(udp, tcp, ready)), name="bimikit.testing.Zone", daemon=True
        )
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Stop at once: questions that wait are never answered."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = self._loop = self._stopping = None
        self._port = 0

    async def _serve(self, udp: socket.socket, tcp: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            connections.add(task)
            try:
                await self._converse(reader, writer)
            except (OSError, EOFError, asyncio.CancelledError):
                pass  # the client is gone, or we are
            finally:
                connections.discard(task)
                writer.transport.abort()

        transport, _ = await self._loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=udp)
        server = await asyncio.start_server(connected, sock=tcp)
        ready.set()
        await self._stopping.wait()
        server.close()
        transport.abort()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections)
        await asyncio.sleep(0)  # lets the loop close what was aborted

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            size = int.from_bytes(await reader.readexactly(2), "big")
            reply, wait = self._reply(await reader.readexactly(size), "tcp")
            if reply is None:
                await reader.read()  # until the client gives up
                return
            await asyncio.sleep(wait)
            writer.write(len(reply).to_bytes(2, "big") + reply)
            await writer.drain()

    def _reply(self, message: bytes, protocol: str) -> tuple[bytes | None, float]:
        """What to send, None for nothing, and after how many seconds."""
        arrived = time.monotonic()
        try:
            request = dnslib.DNSRecord.parse(message)
        except dnslib.DNSError:
            # the header alone, which is all that a server knows of it
            return (message[:2] + b"\x81\x81" + bytes(8) if len(message) >= 12 else None), self.delay
        if request.header.qr or len(request.questions) != 1:
            return (None if request.header.qr else _packed(request, FORMERR, protocol)), self.delay
        question = request.q
        name = lower(question.qname.label)
        with self._lock:
            rdtype = dnslib.QTYPE.forward.get(question.qtype, f"TYPE{question.qtype}")
            self._queries.append(Query(str(question.qname).lower().rstrip("."), rdtype, protocol, arrived))
            fault = self._book.fault(name, question.qtype)
            wait = self.delay + fault.seconds
            if fault.how == "silent" or (fault.how == "silent-udp" and protocol == "udp"):
                return None, wait
            if fault.how == "garbage":
                return message[:2] + b"\xff" * 30, wait  # its id is right, so that no client takes it for another's
            if fault.how in _RCODES:
                return _packed(request, _RCODES[fault.how], protocol), wait
            if request.header.opcode:
                return _packed(request, NOTIMP, protocol), wait
            if question.qclass != _IN:
                return _packed(request, REFUSED, protocol), wait
            rcode, answer = self._book.resolve(question, name)
            negative = rcode == NXDOMAIN or (rcode == NOERROR and not any(rr.rtype != CNAME for rr in answer))
            if negative and question.qtype in (CNAME, ANY) and answer:
                negative = False  # the alias itself was asked for
            authority = [self._book.soa(name)] if negative else []
        return _packed(request, rcode, protocol, answer, authority, cut=fault.how == "truncated"), wait


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self.zone = zone

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        reply, wait = self.zone._reply(data, "udp")  # noqa: SLF001  # one thing in two classes
        if reply is None:
            return
        if wait:
            asyncio.get_running_loop().call_later(wait, self.transport.sendto, reply, addr)
        else:
            self.transport.sendto(reply, addr)


def _packed(
    request: Any,
    rcode: int,
    protocol: str,
    answer: Sequence[Any] = (),
    authority: Sequence[Any] = (),
    *,
    cut: bool = False,
) -> bytes:
    """A reply's bytes; over UDP no more than the client takes, or nothing but the question if it is to be `cut`."""
    asked = next((rr for rr in request.ar if rr.rtype == OPT), None)
    limit = 65535 if protocol == "tcp" else max(_PLAIN_UDP, asked.rclass if asked is not None else 0)
    for short in (False, True):
        reply = request.reply(aa=0)
        reply.header.rcode = rcode
        if short:
            reply.header.tc = 1
        elif protocol == "udp" and cut:
            continue
        else:
            reply.add_answer(*answer)
            reply.add_auth(*authority)
        if asked is not None:
            reply.add_ar(dnslib.EDNS0(udp_len=_EDNS_UDP))
        packed: bytes = reply.pack()
        if len(packed) <= limit:
            break
    return packed
