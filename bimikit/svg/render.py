"""Drawings become pictures: resvg, in a process of its own that is kept, watched, and replaced when it breaks."""

from __future__ import annotations

import atexit
import contextlib
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ..errors import BimikitError
from .pictures import REASONS, NotDrawable

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_SIZE = 2048
"""Pixels to a side of a picture, at most."""
_SECONDS = 5.0
_AT_ONCE = 0.5
_NEEDED = ("resvg", "PIL", "tinycss2")
_PASSED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Without these some systems can't start Python at all."""


class _GoneError(Exception):
    """The process ended without an answer."""


class Renderer:
    """Draws SVG. Safe to use from several threads, which take turns, and after a fork.

    Its process starts with the first drawing and is used for all that follow; `close`, or leaving the ``with`` block,
    ends it. A closed renderer that is used again starts another.
    """

    def __init__(self, *, timeout: float = _SECONDS) -> None:
        """Make a renderer.

        Args:
            timeout: Seconds that one request may take, for all its sizes.
        """
        if not timeout > 0 or not math.isfinite(timeout):
            raise ValueError("timeout must be a number of seconds above 0")
        self._timeout = timeout
        self._worker: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        _RENDERERS.add(self)

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self.close()

    def draw(self, text: str, sizes: Sequence[int], fonts: Sequence[bytes] = ()) -> list[Image]:
        """Draw a text in squares of several sizes.

        Args:
            text: What `drawable` made. No other text is safe to draw.
            sizes: Widths, and heights, in pixels.
            fonts: Font files (TTF, OTF, TTC) to draw texts with. Texts in other fonts are not drawn.

        Returns:
            One picture (RGBA) for each size.

        Raises:
            NotDrawable: The renderer refused the text, broke down, or took too long.
            BimikitError: The renderer isn't installed, or can't be started.
            ValueError: A size is outside of 1 to 2048.
        """
        if not all(1 <= size <= LARGEST_SIZE for size in sizes):
            raise ValueError(f"sizes must be from 1 to {LARGEST_SIZE}")
        from PIL import Image as Images

        with self._lock, _files(fonts) as paths:
            pixels = self._request(text.encode(), list(sizes), paths)
        return [Images.frombytes("RGBA", (size, size), piece) for size, piece in zip(sizes, pixels, strict=True)]

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _request(self, text: bytes, sizes: list[int], fonts: list[str]) -> list[bytes]:
        header = {"bytes": len(text), "sizes": sizes, "fonts": fonts, "seconds": math.ceil(self._timeout)}
        kept, began = self._worker, time.monotonic()
        try:
            return self._ask(header, text)
        except _GoneError:
            # a process that was kept may have been ended by somebody else a moment ago: this drawing may be innocent
            if kept is None or time.monotonic() - began > _AT_ONCE:
                raise NotDrawable("crashed") from None
        try:
            return self._ask(header, text)
        except _GoneError:
            raise NotDrawable("crashed") from None

    def _ask(self, header: dict[str, Any], text: bytes) -> list[bytes]:
        worker = self._running()
        late = threading.Event()

        def stop() -> None:
            late.set()
            worker.kill()

        timer = threading.Timer(self._timeout, stop)
        timer.daemon = True
        timer.start()
        try:
            answer = _exchange(worker, header, text)
        except (OSError, EOFError, ValueError):
            answer = None
        except BaseException:  # an interrupt leaves half an answer in the pipe
            self._end()
            raise
        finally:
            timer.cancel()
            timer.join()
        if answer is None or late.is_set():
            self._end()
            if late.is_set():
                raise NotDrawable("too-slow")
            raise _GoneError
        reply, pixels = answer
        if "error" in reply:
            reason = reply["error"] if reply["error"] in REASONS else "crashed"
            if reason != "unreadable":  # it caught its own fall, and may not be sound any more
                self._end()
            raise NotDrawable(reason)
        return pixels

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is None or self._worker.poll() is not None:
            self._end()
            self._worker = _start()
        return self._worker

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        for stream in (worker.stdin, worker.stdout):
            if stream is not None:
                stream.close()
        worker.wait()

    def _forget(self) -> None:
        """Let go of what belongs to the process that this one was forked from."""
        worker, self._worker = self._worker, None
        self._lock = threading.Lock()
        if worker is not None:
            worker.returncode = 0  # it is no child of this process, so it can't be waited for
            for stream in (worker.stdin, worker.stdout):
                if stream is not None:
                    stream.close()


_RENDERERS: weakref.WeakSet[Renderer] = weakref.WeakSet()


@lru_cache(1)
def shared_renderer() -> Renderer:
    """The renderer that everything in this process shares; it is closed at exit."""
    renderer = Renderer()
    atexit.register(renderer.close)
    return renderer


def _forget_all() -> None:
    for renderer in list(_RENDERERS):
        renderer._forget()  # noqa: SLF001


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def require() -> None:
    """Make sure that what drawing needs is installed.

    Raises:
        BimikitError: It isn't.
    """
    _places()


@lru_cache(1)
def _places() -> tuple[str, ...]:
    """The folders that what drawing needs is imported from."""
    from importlib.util import find_spec

    found = {name: find_spec(name) for name in _NEEDED}
    missing = [name for name, spec in found.items() if spec is None or spec.origin is None]
    if missing:
        raise BimikitError(f"drawing needs {', '.join(missing)}; install it with: pip install 'bimikit[preview]'")
    origins = [spec.origin for spec in found.values() if spec is not None and spec.origin is not None]
    return tuple(dict.fromkeys(str(Path(origin).absolute().parent.parent) for origin in origins))


def _start() -> subprocess.Popen[bytes]:
    program = Path(__file__).with_name("render_worker.py")
    places = _places()
    try:
        return subprocess.Popen(  # noqa: S603 - our own program, run by this very Python
            [sys.executable, "-I", str(program), *places],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            bufsize=0,  # a fork must not inherit half a message, nor the lock of a buffer
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as problem:
        raise BimikitError(f"the renderer can't be started: {problem.strerror}") from None


def _exchange(
    worker: subprocess.Popen[bytes], header: dict[str, Any], text: bytes
) -> tuple[dict[str, Any], list[bytes]]:
    """Send a request and take in the answer.

    Raises:
        OSError: The process is gone.
        EOFError: It went while it answered.
        ValueError: What it answered is no answer to this.
    """
    assert worker.stdin is not None  # noqa: S101 - both are pipes
    announced = json.dumps(header).encode()
    rest = memoryview(struct.pack(">I", len(announced)) + announced + text)
    while rest:
        rest = rest[worker.stdin.write(rest) :]
    (length,) = struct.unpack(">I", _exactly(worker, 4))
    if length > 65536:
        raise ValueError("no answer")
    reply = json.loads(_exactly(worker, length))
    if not isinstance(reply, dict):
        raise ValueError("no answer")
    if "error" in reply:
        return reply, []
    if reply.get("pictures") != [[size, size] for size in header["sizes"]]:
        raise ValueError("pictures that nobody asked for")
    return reply, [_exactly(worker, 4 * size * size) for size in header["sizes"]]


def _exactly(worker: subprocess.Popen[bytes], count: int) -> bytes:
    assert worker.stdout is not None  # noqa: S101
    data = bytearray()
    while len(data) < count:
        piece = worker.stdout.read(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


@contextlib.contextmanager
def _files(fonts: Sequence[bytes]) -> Iterator[list[str]]:
    """Fonts as files, which the renderer takes them from, for as long as they are needed."""
    if not fonts:
        yield []
        return
    # on Windows a file that the renderer has yet to let go of can't be removed
    with tempfile.TemporaryDirectory(prefix="bimikit-", ignore_cleanup_errors=True) as folder:
        paths = [Path(folder, f"{number}.ttf") for number in range(len(fonts))]
        for path, font in zip(paths, fonts, strict=True):
            path.write_bytes(font)
        yield [str(path) for path in paths]
