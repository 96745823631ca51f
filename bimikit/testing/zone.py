"""A DNS server on loopback that plays the whole DNS, as a resolver shows it, and can fail in every way that DNS does.

Messages are read and written by dnslib, which shares no code with the dnspython that bimikit asks with.
"""

from __future__ import annotations

import asyncio
import socket
import textwrap
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import idna
import msgspec

try:
    import dnslib
except ImportError as error:  # an optional dependency
    raise ImportError("bimikit.testing.Zone needs dnslib: pip install bimikit[testing]", name=error.name) from error

from .loopback import Loopback

Failure: TypeAlias = Literal[
    "servfail", "refused", "formerr", "silent", "silent-udp", "garbage", "truncated", "slow", "none"
]
"""How a name can fail.

``servfail``, ``refused`` and ``formerr`` are response codes; ``silent`` never answers, ``silent-udp`` answers over TCP
only; ``garbage`` sends bytes that are no DNS message; ``truncated`` sets TC over UDP and is complete over TCP; ``slow``
takes some seconds; ``none`` answers as it should, under a name that fails with everything below it.
"""

Labels: TypeAlias = tuple[bytes, ...]

_FAILURES: frozenset[str] = frozenset(get_args(Failure))
_RCODES = {"formerr": 1, "servfail": 2, "refused": 5}
_DEAD = frozenset({"servfail", "refused", "formerr", "silent", "garbage"})
_NOERROR, _FORMERR, _SERVFAIL, _NXDOMAIN, _NOTIMP, _REFUSED = range(6)
_CNAME, _SOA, _TXT, _OPT, _ANY = 5, 6, 16, 41, 255
_IN = 1
_STRING = 255  # bytes in one character-string of a TXT record, RFC 1035 section 3.3.14
_PLAIN_UDP = 512  # bytes over UDP where the client doesn't say that it takes more, RFC 1035 section 2.3.4
_EDNS_UDP = 1232  # bytes that we say we take ourselves
_NAME = 253


class Strings(tuple[str | bytes, ...]):
    """The character-strings of one TXT record, where it matters how the text is cut.

    Example:
        >>> Strings("v=DMARC1; p=rej", "ect")
        ('v=DMARC1; p=rej', 'ect')
    """

    __slots__ = ()

    def __new__(cls, *strings: str | bytes) -> Strings:
        """Take the strings in their order."""
        return super().__new__(cls, strings)


Text: TypeAlias = str | bytes | Strings
Data: TypeAlias = Text | tuple[str, str]
"""One record: a TXT record's text, or a type and what a zone file has after it, as in ``("A", "127.0.0.1")``."""


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


class _Record(msgspec.Struct, frozen=True):
    rdata: Any
    ttl: int


class _Fault(msgspec.Struct, frozen=True):
    how: str
    below: bool = False
    seconds: float = 0


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
        self._records: dict[Labels, dict[int, list[_Record]]] = {}
        self._nodes: set[Labels] = {()}  # every name that exists, those with nothing but names below them included
        self._faults: dict[tuple[Labels, int | None], _Fault] = {}
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
                self._insert(_labels(name), _TXT, _Record(dnslib.TXT(_strings(one)), ttl))
            elif isinstance(one, str):
                (record,) = _parsed(f"record. {ttl} IN {rdtype} {one}")
                self._insert(_labels(name), record.rtype, _Record(record.rdata, ttl))
            else:
                raise ValueError(f"the data of {rdtype} is what a zone file has after the type, in one str: {one!r}")

    def add_text(self, text: str) -> None:
        """Add the records of a zone file, which may be indented as a whole; its names are below ``$ORIGIN``.

        Raises:
            ValueError: It can't be read; or an alias would not be alone at its name.
        """
        for record in _parsed(text):
            self._insert(_lower(record.rname.label), record.rtype, _Record(record.rdata, record.ttl))

    def remove(self, name: str, rdtype: str | None = None) -> None:
        """Take a name's records away; those of one type only, if it is given. What isn't there is no error."""
        labels = _labels(name)
        with self._lock:
            types = self._records.get(labels, {})
            for each in list(types) if rdtype is None else [_type(rdtype)]:
                types.pop(each, None)
            if not types:
                self._records.pop(labels, None)
            self._nodes = {()}.union(*(_and_above(each) for each in self._records))

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
        if how not in _FAILURES:
            raise ValueError(f"no such failure: {how!r}; there are {', '.join(sorted(_FAILURES))}")
        if (how == "slow") != (seconds > 0):
            raise ValueError('"slow", and nothing else, needs seconds')
        key = (_labels(name), None if rdtype is None else _type(rdtype))
        with self._lock:
            self._faults[key] = _Fault(how, below, seconds)

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
            return (None if request.header.qr else _packed(request, _FORMERR, protocol)), self.delay
        question = request.q
        name = _lower(question.qname.label)
        with self._lock:
            rdtype = dnslib.QTYPE.forward.get(question.qtype, f"TYPE{question.qtype}")
            self._queries.append(Query(str(question.qname).lower().rstrip("."), rdtype, protocol, arrived))
            fault = self._fault(name, question.qtype)
            wait = self.delay + fault.seconds
            if fault.how == "silent" or (fault.how == "silent-udp" and protocol == "udp"):
                return None, wait
            if fault.how == "garbage":
                return message[:2] + b"\xff" * 30, wait  # its id is right, so that no client takes it for another's
            if fault.how in _RCODES:
                return _packed(request, _RCODES[fault.how], protocol), wait
            if request.header.opcode:
                return _packed(request, _NOTIMP, protocol), wait
            if question.qclass != _IN:
                return _packed(request, _REFUSED, protocol), wait
            rcode, answer = self._resolve(question, name)
            negative = rcode == _NXDOMAIN or (rcode == _NOERROR and not any(rr.rtype != _CNAME for rr in answer))
            if negative and question.qtype in (_CNAME, _ANY) and answer:
                negative = False  # the alias itself was asked for
            authority = [self._soa(name)] if negative else []
        return _packed(request, rcode, protocol, answer, authority, cut=fault.how == "truncated"), wait

    # looking up; all with the lock held

    def _resolve(self, question: Any, name: Labels) -> tuple[int, list[Any]]:
        """The response code, and the answer with the aliases that led to it."""
        answer: list[Any] = []
        owner, seen = question.qname, {name}
        while True:
            types = self._at(name)
            if types is None:
                return _NXDOMAIN, answer
            wanted = list(types) if question.qtype == _ANY else [question.qtype]
            found = [_rr(owner, rtype, record) for rtype in wanted for record in types.get(rtype, ())]
            if found or _CNAME not in types:
                return _NOERROR, answer + found
            alias = types[_CNAME][0]
            answer.append(_rr(owner, _CNAME, alias))
            owner = alias.rdata.label
            name = _lower(owner.label)
            if name in seen or self._fault(name, question.qtype).how in _DEAD:
                return _SERVFAIL, answer
            seen.add(name)

    def _at(self, name: Labels) -> dict[int, list[_Record]] | None:
        """A name's records by type, a wildcard's if it doesn't exist, None if that doesn't either."""
        if name not in self._nodes:
            encloser = next(above for above in _and_above(name) if above in self._nodes)
            name = (b"*", *encloser)  # of the closest name that exists, and of no other: RFC 4592 section 3.3.1
        return self._records.get(name, {}) if name in self._nodes else None

    def _soa(self, name: Labels) -> Any:
        """The SOA record of the nearest zone that has one; the root's, made up, if none has."""
        for above in _and_above(name):
            for record in self._records.get(above, {}).get(_SOA, ()):
                return _rr(dnslib.DNSLabel(above), _SOA, record)
        made_up = dnslib.SOA("ns.invalid", "hostmaster.invalid", (1, 3600, 600, 86400, 60))
        return _rr(dnslib.DNSLabel(()), _SOA, _Record(made_up, 60))

    def _fault(self, name: Labels, rtype: int) -> _Fault:
        for above in _and_above(name):
            for each in (rtype, None):
                fault = self._faults.get((above, each))
                if fault is not None and (fault.below or above == name):
                    return fault
        return _Fault("none")

    def _insert(self, labels: Labels, rtype: int, record: _Record) -> None:
        with self._lock:
            types = self._records.get(labels, {})
            if _CNAME in types or (types and rtype == _CNAME):
                raise ValueError(f"an alias (CNAME) is alone at its name: {b'.'.join(labels).decode()}")
            self._records.setdefault(labels, {}).setdefault(rtype, []).append(record)
            self._nodes.update(_and_above(labels))


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


def _labels(name: str) -> Labels:
    """The labels of a name, in lower case.

    Raises:
        ValueError: It is no DNS name.
    """
    text = name[:-1] if name.endswith(".") else name
    try:
        labels = [
            label.encode() if label.isascii() else idna.encode(label, uts46=True)
            for label in (text.split(".") if text else [])
        ]
    except idna.IDNAError as error:
        raise ValueError(f"no DNS name: {name!r}: {error}") from error
    if not all(0 < len(label) < 64 for label in labels) or len(b".".join(labels)) > _NAME:
        raise ValueError(f"no DNS name: {name!r}")
    return _lower(labels)


def _lower(labels: Sequence[bytes]) -> Labels:
    return tuple(label.lower() for label in labels)


def _and_above(name: Labels) -> Iterator[Labels]:
    """A name and the names above it, the root last."""
    return (name[start:] for start in range(len(name) + 1))


def _type(rdtype: str) -> int:
    number = dnslib.QTYPE.reverse.get(rdtype.upper())
    if number is None:
        raise ValueError(f"no such type of record: {rdtype!r}")
    return int(number)


def _strings(text: Text) -> list[bytes]:
    """A TXT record's character-strings.

    Raises:
        ValueError: One that was cut by the caller has over 255 bytes.
    """
    if isinstance(text, Strings):
        strings = [each.encode() if isinstance(each, str) else each for each in text]
        if not strings or max(map(len, strings)) > _STRING:
            raise ValueError(f"a TXT record has one or more strings of at most {_STRING} bytes: {text!r}")
        return strings
    if not isinstance(text, str | bytes):
        raise ValueError(f"a TXT record's text is a str, bytes or Strings: {text!r}")
    data = text.encode() if isinstance(text, str) else text
    return [data[start : start + _STRING] for start in range(0, max(len(data), 1), _STRING)]


def _parsed(text: str) -> list[Any]:
    """The records of a zone file.

    Raises:
        ValueError: It can't be read.
    """
    # dnslib stumbles over lines with spaces or an indented comment alone; and tests indent their texts
    lines = [line for line in textwrap.dedent(text).splitlines() if line.strip() and not line.lstrip().startswith(";")]
    try:
        return list(dnslib.RR.fromZone("\n".join(lines)))
    except Exception as error:  # dnslib lets out whatever it stumbles over
        raise ValueError(f"no zone file: {text.strip()[:200]!r}: {error}") from error


def _rr(owner: Any, rtype: int, record: _Record) -> Any:
    return dnslib.RR(owner, rtype, ttl=record.ttl, rdata=record.rdata)


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
    asked = next((rr for rr in request.ar if rr.rtype == _OPT), None)
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
