"""What the name servers for tests share: a port of UDP and TCP on loopback, and resolvers that ask there."""

from __future__ import annotations

import socket

import dns.asyncresolver
import dns.resolver

TYPE_CHECKING = False  # as in bimikit itself
if TYPE_CHECKING:
    from typing import Self


class Loopback:
    """A UDP and a TCP socket on one free port of `address`, and resolvers that ask there."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._port = 0

    @property
    def port(self) -> int:
        """The port, of UDP and TCP.

        Raises:
            RuntimeError: It isn't running.
        """
        if not self._port:
            raise RuntimeError(f"{type(self).__name__} isn't running: use it in a with statement, or call start()")
        return self._port

    def resolver(self, *, lifetime: float = 5.0, timeout: float = 2.0) -> dns.resolver.Resolver:
        """A resolver that asks here, and reads nothing of the system's configuration.

        Args:
            lifetime: Seconds for all the tries of one question.
            timeout: Seconds for one try.
        """
        resolver = dns.resolver.Resolver(configure=False)
        self._configure(resolver, lifetime, timeout)
        return resolver

    def async_resolver(self, *, lifetime: float = 5.0, timeout: float = 2.0) -> dns.asyncresolver.Resolver:
        """The same, awaitable."""
        resolver = dns.asyncresolver.Resolver(configure=False)
        self._configure(resolver, lifetime, timeout)
        return resolver

    def _configure(self, resolver: dns.resolver.BaseResolver, lifetime: float, timeout: float) -> None:
        resolver.port = self.port  # before the addresses, which take it as they are set
        resolver.nameservers = [self.address]
        resolver.lifetime = lifetime
        resolver.timeout = timeout

    def start(self) -> None:
        """Begin to listen, on a new port."""
        raise NotImplementedError

    def stop(self) -> None:
        """Close everything; nothing happens where it isn't running."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _bind(self) -> tuple[socket.socket, socket.socket]:
        """A UDP and a listening TCP socket on the same port."""
        for _ in range(50):
            tcp = socket.create_server((self.address, 0), backlog=1024)
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                udp.bind(tcp.getsockname())
            except OSError:  # the port is free for TCP only
                tcp.close()
                udp.close()
                continue
            self._port = tcp.getsockname()[1]
            return udp, tcp
        raise OSError(f"no port of {self.address} is free for both UDP and TCP")


class SilentServer(Loopback):
    """A name server that never answers: packets arrive and connections are made, and that's all.

    Example:
        >>> with SilentServer() as server:
        ...     server.resolver(lifetime=0.05).resolve("example.com", "TXT")
        Traceback (most recent call last):
        dns.resolver.LifetimeTimeout: ...

    Attributes:
        address: The address it is bound to.
    """

    def __init__(self, *, address: str = "127.0.0.1") -> None:
        super().__init__(address)
        self._sockets: tuple[socket.socket, ...] = ()

    def start(self) -> None:
        """Begin to listen, on a new port.

        Raises:
            RuntimeError: It is running.
        """
        if self._sockets:
            raise RuntimeError("SilentServer is running already")
        self._sockets = self._bind()

    def stop(self) -> None:
        """Close both sockets."""
        for each in self._sockets:
            each.close()
        self._sockets = ()
        self._port = 0
