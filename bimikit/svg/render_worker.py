"""The process that draws, and does nothing else.

A renderer is a large program that reads hostile text, so it runs apart: with a bounded memory, without an environment,
unable to write a file, and unable to open one but for the fonts it is given. What it breaks is itself alone. This file
is run by its path; it imports nothing of bimikit.

A request is a length (four bytes), a JSON object of that length, and the text it announces::

    {"bytes": 1234, "sizes": [32, 256], "seconds": 10, "fonts": []}

The answer is a length and a JSON object, and behind it the pixels (RGBA) of each picture::

    {"pictures": [[32, 32], [256, 256]]}   or   {"error": "unreadable"}
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import struct
import sys
import threading
from io import BytesIO
from typing import Any, BinaryIO

MEMORY = 1024 * 1024 * 1024
STACK = 256 * 1024 * 1024
"""resvg calls itself for every level of nesting. Its own bound of 1,024 levels takes less than 64 MiB."""
OPEN_FILES = 32


def bound(name: str, most: int, later: int | None = None) -> None:
    """Bound a resource of this process, where the system has such bounds.

    Args:
        name: A constant of the `resource` module.
        most: What it may use from now on.
        later: What it may ask for later; as much by default.
    """
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        resource.setrlimit(getattr(resource, name), (most, most if later is None else later))


def restrict() -> None:
    """Give up what drawing doesn't need."""
    draw('<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1024"/>', [1], [])  # opens what will be needed
    bound("RLIMIT_AS", MEMORY)
    bound("RLIMIT_CORE", 0)
    bound("RLIMIT_FSIZE", 0)
    bound("RLIMIT_NOFILE", 0, OPEN_FILES)


def draw(text: str, sizes: list[int], fonts: list[str]) -> list[tuple[tuple[int, int], bytes]]:
    """The pictures' sizes and pixels.

    Raises:
        ValueError: The renderer can't read the text.
    """
    import resvg
    from PIL import Image
    from resvg import usvg

    options = usvg.Options.default()
    options.font_size = 16  # as in browsers
    for font in fonts:
        options.load_font_file(font)
    pictures = []
    for size in sizes:
        try:
            tree = usvg.Tree.from_str(sized(text, size), options)
            if tree.int_size() != (size, size):  # a drawing without a size of its own
                tree = usvg.Tree.from_str(framed(text, *tree.int_size(), size), options)
        except BaseException as problem:  # a panic is no exception
            if isinstance(problem, Exception) or _UNREADABLE.isdisjoint(_WORD.findall(str(problem))):
                raise
            raise ValueError("unreadable") from None
        png = resvg.render(tree, (1, 0, 0, 0, 1, 0))
        with Image.open(BytesIO(png), formats=("PNG",)) as image:
            pictures.append((image.size, image.convert("RGBA").tobytes()))
    return pictures


_UNREADABLE = frozenset({"ParsingFailed", "InvalidSize", "NotAnUtf8Str", "ElementsLimitReached"})
"""What the renderer's panics over a text name."""
_WORD = re.compile("[A-Za-z]+")
_SIDE = "1024"
"""Width and height of the canvas in the text (`pictures.SIDE`)."""


def sized(text: str, size: int) -> str:
    """The text with its canvas of another size. Attributes are written so that the first ``>`` ends the first tag."""
    head, end, rest = text.partition(">")
    for name in ("width", "height"):
        head = head.replace(f' {name}="{_SIDE}"', f' {name}="{size}"', 1)
    return f"{head}{end}{rest}"


def framed(text: str, width: int, height: int, size: int) -> str:
    """The text within a canvas of a size."""
    canvas = f'width="{size}" height="{size}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {canvas}>{text}</svg>'


def answer(request: dict[str, Any], text: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What to reply to a request, and the pixels that follow."""
    # a renderer that hangs holds the interpreter, and whoever asked may be gone: the system ends it
    if hasattr(signal, "alarm"):
        signal.alarm(int(request["seconds"]) + 2)
    bound("RLIMIT_NOFILE", OPEN_FILES if request["fonts"] else 0, OPEN_FILES)
    try:
        pictures = draw(text.decode(), request["sizes"], request["fonts"])
    except MemoryError:
        return {"error": "too-large"}, []
    except ValueError:
        return {"error": "unreadable"}, []
    except BaseException:  # the renderer's panics aren't exceptions
        return {"error": "crashed"}, []
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)
    return {"pictures": [size for size, _pixels in pictures]}, [pixels for _size, pixels in pictures]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    while len(length := requests.read(4)) == 4:
        request = json.loads(requests.read(*struct.unpack(">I", length)))
        reply, pixels = answer(request, requests.read(request["bytes"]))
        header = json.dumps(reply).encode()
        answers.write(struct.pack(">I", len(header)) + header)
        for piece in pixels:
            answers.write(piece)
        answers.flush()


def main() -> None:
    """Serve on standard input and output, which nothing else in this process gets to write to."""
    sys.path += sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for who asked; it will end this process
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    threading.stack_size(STACK)
    restrict()
    thread = threading.Thread(target=serve, args=(requests, answers), daemon=True)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
