"""Drawing: apart from this process, bounded, and repaired when it breaks; and the picture an inbox shows."""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from repairing import SVG, logo
from support import ROOT, fixture_files

from bimikit import BimikitError, Limits
from bimikit.svg import render
from bimikit.svg.inbox import SHAPES, THEMES, render_svg, tree_of
from bimikit.svg.pictures import REASONS, NotDrawable, drawable
from bimikit.svg.render import Renderer, shared_renderer

RED = '<rect width="100" height="100" fill="#ff0000"/>'
LONG = 1.0
"""Seconds that a hostile drawing gets in these tests."""
PATIENCE = 8.0
"""Seconds to add on a computer that is busy with other tests."""
MANY = Limits(max_elements=200_000, max_attributes_total=1_000_000, max_bytes=20_000_000)


def text_of(inside: str, limits: Limits | None = None) -> str:
    return drawable(tree_of(logo(inside).encode(), limits))


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(timeout=LONG) as one:
        yield one


def draws(renderer: Renderer) -> bool:
    (image,) = renderer.draw(text_of(RED), [8])
    return image.tobytes() == b"\xff\x00\x00\xff" * 64


def test_one_request_brings_every_size(renderer: Renderer) -> None:
    images = renderer.draw(text_of(RED), [16, 1, 300])
    assert [(image.size, image.mode) for image in images] == [
        ((16, 16), "RGBA"),
        ((1, 1), "RGBA"),
        ((300, 300), "RGBA"),
    ]
    assert renderer.draw(text_of(RED), []) == []


def test_a_drawing_without_any_size_is_centred(renderer: Renderer) -> None:
    text = drawable(tree_of(b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="40" height="20"/></svg>'))
    (image,) = renderer.draw(text, [64])
    assert image.size == (64, 64)
    assert image.getbbox() == (0, 16, 64, 48)


@pytest.mark.parametrize("size", [0, -1, 2049])
def test_sizes_are_bounded(renderer: Renderer, size: int) -> None:
    with pytest.raises(ValueError, match="1 to 2048"):
        renderer.draw(text_of(RED), [size])


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_timeout_is_a_time(timeout: float) -> None:
    with pytest.raises(ValueError, match="seconds above 0"):
        Renderer(timeout=timeout)


def filtered(primitives: str, region: str = "") -> str:
    return f'<filter id="f" {region}>{primitives}</filter><rect width="50" height="50" filter="url(#f)"/>'


EVERYWHERE = 'filterUnits="userSpaceOnUse" x="-1e9" y="-1e9" width="2e9" height="2e9"'
HOSTILE = {
    "deep": "<g>" * 998 + RED + "</g>" * 998,
    "deep opacity": '<g opacity=".9">' * 590 + RED + "</g>" * 590,
    "many shapes": RED * 99_990,
    "many layers": f'<g opacity=".5">{RED}</g>' * 40_000,
    "one mask after another": '<style>.m{mask:url(#m)}</style><mask id="m"><rect width="1" height="1"/></mask>'
    + '<g class="m">' * 500 + RED + "</g>" * 500,
    "masks by style": "".join(f'<style>.m{n}{{mask:url(#m{n})}}</style><mask id="m{n}">'
    + f'<rect width="9" height="9" class="m{n - 1}"/>' * 10 + "</mask>" for n in range(12)) + '<rect class="m11"/>',
    "tiny pattern": '<pattern id="p" width="1e-9" height="1e-9"><rect width="1" height="1"/></pattern>'
    + '<rect width="100" height="100" fill="url(#p)"/>' * 2_000,
    "many patterns": '<pattern id="p" width=".01" height=".01"><rect width="1" height="1"/></pattern>'
    + '<rect width="100" height="100" fill="url(#p)"/>' * 20_000,
    "wide blur": filtered('<feGaussianBlur stdDeviation="1e9"/>', EVERYWHERE),
    "many blurs": filtered('<feGaussianBlur stdDeviation="500"/>' * 1_000, EVERYWHERE),
    "wide morphology": filtered('<feMorphology operator="dilate" radius="1e9"/>', EVERYWHERE),
    "endless turbulence": filtered('<feTurbulence baseFrequency=".01" numOctaves="2000000000"/>'),
    "large convolution": filtered(f'<feConvolveMatrix order="500" kernelMatrix="{"1 " * 250_000}"/>'),
    "far offset": filtered('<feOffset dx="1e30" dy="-1e30"/>', EVERYWHERE),
    "long path": f'<path stroke="red" stroke-linejoin="round" d="M0 0{"l1e5 1e5 -1e5 -1e5" * 90_000}"/>',
    "many dashes": '<path d="M0 0H1e9" stroke="red" stroke-dasharray="1e-6"/><path d="M0 0H100" stroke="red" stroke-dasharray="1e-4"/>',
    "no numbers": '<path stroke="red" stroke-width="1e38" d="M0 0L1e999 NaN inf -1e39 1e39 a1e38 1e-38 1 1 1 3 4z"/>'
    '<rect width="nan" height="inf" rx="1e38"/><g transform="matrix(1e38 1e38 1e38 1e38 0 0)"><circle r="1e38"/></g>',
    "many selectors": f"<style>{''.join(f'.a{n} g rect{{fill:red}}' for n in range(10_000))}</style>" + "<g><rect/></g>" * 20_000,
    "many stops": f'<linearGradient id="g">{"<stop/>" * 90_000}</linearGradient><rect width="9" height="9" fill="url(#g)"/>',
    "many markers": f'<marker id="m">{RED}</marker><path marker-mid="url(#m)" d="M0 0{"l1 1" * 100_000}"/>',
    "circles": '<pattern id="p" width="9" height="9"><rect width="9" height="9" fill="url(#p)"/></pattern>'
    '<mask id="m"><g mask="url(#m)"/></mask><rect width="9" height="9" fill="url(#p)" mask="url(#m)"/>'
    '<g id="u"><use href="#u"/></g><clipPath id="c" clip-path="url(#c)"/><rect clip-path="url(#c)"/>',
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_drawings_cost_little_and_break_nothing(renderer: Renderer, name: str) -> None:
    tree = tree_of(logo(HOSTILE[name]).encode(), MANY)
    began = time.monotonic()
    with contextlib.suppress(NotDrawable):
        text = drawable(tree)
        assert time.monotonic() - began < 2 * PATIENCE
        began = time.monotonic()
        renderer.draw(text, [32, 96, 256])
    assert time.monotonic() - began < LONG + PATIENCE
    assert draws(renderer)


@pytest.mark.parametrize("canvas", ["0 0 1e38 1e38", "-3e38 -3e38 3e38 3e38", "0 0 1e-30 1e-30", "-1e38 9 3e38 1e-38"])
def test_canvases_of_any_size_are_drawn(renderer: Renderer, canvas: str) -> None:
    text = drawable(tree_of(SVG.replace("0 0 100 100", canvas).encode() + RED.encode() + b"</svg>"))
    assert renderer.draw(text, [32])[0].size == (32, 32)
    assert draws(renderer)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        pytest.param(HOSTILE["endless turbulence"], "too-slow", id="too slow"),
        pytest.param(HOSTILE["far offset"], "crashed", id="panic"),
    ],
)
def test_what_went_wrong_is_told(renderer: Renderer, inside: str, reason: str) -> None:
    with pytest.raises(NotDrawable) as failure:
        renderer.draw(text_of(inside), [64])
    assert failure.value.reason == reason
    assert REASONS[reason] in str(failure.value)


def test_a_text_the_renderer_cant_read_is_told(renderer: Renderer) -> None:
    with pytest.raises(NotDrawable) as failure:
        renderer.draw("<svg", [8])
    assert failure.value.reason == "unreadable"


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def worker_of(renderer: Renderer) -> subprocess.Popen[bytes]:
    assert renderer._worker is not None
    return renderer._worker


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_no_file_that_a_drawing_names_is_opened(renderer: Renderer, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    os.mkfifo(trap)  # whoever opens it waits until somebody writes
    names = [str(trap), trap.as_uri()]
    inside = "".join(
        f'<image href="{name}" width="9" height="9"/><image xlink:href="{name}" width="9" height="9"/>'
        f'<filter id="f"><feImage href="{name}"/></filter><use href="{name}#a"/><rect fill="url({name}#a)" filter="url(#f)"/>'
        f"<style>@import '{name}';@font-face{{font-family:a;src:url({name})}}.a{{fill:url({name}#a)}}</style>"
        for name in names
    )
    text = text_of(inside + RED)
    assert "trap" not in text
    assert renderer.draw(text, [4])[0].tobytes() == b"\xff\x00\x00\xff" * 16
    with pytest.raises(OSError, match=os.strerror(errno.ENXIO)):  # nobody is reading it
        os.open(trap, os.O_WRONLY | os.O_NONBLOCK)


@linux
def test_the_worker_couldnt_open_a_file_if_it_were_asked_to(renderer: Renderer, tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    Image.new("RGB", (10, 10), "red").save(picture)
    (image,) = renderer.draw(logo(f'<image href="{picture}" width="100" height="100"/>'), [8])
    assert image.getbbox() is None


@linux
def test_the_worker_has_nothing_but_what_it_needs(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIMIKIT_SECRET", "hush")
    renderer.close()
    assert draws(renderer)
    about = Path("/proc", str(worker_of(renderer).pid))
    assert b"SECRET" not in (about / "environ").read_bytes()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in (about / "limits").read_text().splitlines()}
    assert limits["Max address space"] == [str(1 << 30)] * 2
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max open files"] == ["0", "32"]
    assert (about / "fd/2").readlink() == Path(os.devnull)


def test_nothing_in_the_working_directory_is_imported(tmp_path: Path) -> None:
    for name in ("json", "resvg", "PIL", "bimikit"):
        (tmp_path / f"{name}.py").write_text(
            f"import sys; sys.stdout.write('{name} was imported'); raise SystemExit(9)"
        )
    worker = ROOT / "bimikit/svg/render_worker.py"
    done = subprocess.run(
        [sys.executable, "-I", str(worker)], cwd=tmp_path, input=b"", capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_worker_that_was_ended_is_replaced(renderer: Renderer) -> None:
    for _ in range(3):
        assert draws(renderer)
        worker = worker_of(renderer)
        worker.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        assert draws(renderer)
        assert worker_of(renderer).pid != worker.pid
        assert worker.returncode is not None


def test_one_worker_serves_many_requests(renderer: Renderer) -> None:
    assert draws(renderer)
    first = worker_of(renderer).pid
    assert draws(renderer)
    assert worker_of(renderer).pid == first


def test_a_closed_renderer_leaves_no_process_and_may_be_used_again() -> None:
    with Renderer() as one:
        one.close()
        assert draws(one)
        worker = worker_of(one)
    assert worker.returncode is not None
    assert draws(one)
    one.close()


def test_threads_take_turns(renderer: Renderer) -> None:
    def drawn(number: int) -> bool:
        colour = f"{number:02x}{255 - number:02x}00"
        (image,) = renderer.draw(text_of(f'<rect width="100" height="100" fill="#{colour}"/>'), [4])
        return image.tobytes() == (bytes.fromhex(colour) + b"\xff") * 16

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(drawn, range(100)))


def test_an_interrupt_leaves_no_half_answer(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    assert draws(renderer)
    with monkeypatch.context() as patch:
        patch.setattr(render, "_exactly", interrupted)
        with pytest.raises(KeyboardInterrupt):
            draws(renderer)
    assert draws(renderer)


@pytest.mark.parametrize("answer", [b"", b"\x00\x00\x00\x02[]", b"\xff\xff\xff\xff", b"\x00\x00\x00\x02{}", b"\x00\x00\x00\x02{x",
                                    b'\x00\x00\x00\x19{"pictures": [[999, 999]]}', b'\x00\x00\x00\x0f{"error": "hm"}'])  # fmt: skip
def test_a_worker_that_answers_nonsense_is_ended(
    answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar = tmp_path / "render_worker.py"
    liar.write_text(f"import sys; sys.stdin.buffer.read(9); sys.stdout.buffer.write({answer!r})")
    monkeypatch.setattr(render, "__file__", str(tmp_path / "render.py"))
    with Renderer() as one, pytest.raises(NotDrawable) as failure:
        draws(one)
    assert failure.value.reason == "crashed"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_gets_its_own_worker() -> None:
    script = """
import os, sys
sys.path[:0] = ["tests"]
from test_render import draws, worker_of
from bimikit.svg.render import shared_renderer
one = shared_renderer()
assert draws(one)
mine = worker_of(one).pid
child = os.fork()
if child == 0:
    assert draws(one)
    assert worker_of(one).pid != mine
    one.close()
    os._exit(7)
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 7
assert draws(one)
assert worker_of(one).pid == mine
print(mine)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    with pytest.raises(ProcessLookupError):  # the shared renderer is closed at exit
        os.kill(int(done.stdout), 0)


def test_several_threads_share_one_renderer() -> None:
    found: set[int] = set()
    threads = [threading.Thread(target=lambda: found.add(id(shared_renderer()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1


def test_fonts_are_drawn_with_and_not_kept(renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    text = text_of('<text x="10" y="80" font-size="90" font-family="Bars">A</text>')
    assert renderer.draw(text, [32])[0].getbbox() is None
    assert renderer.draw(text, [32], [bars()])[0].getbbox() is not None
    assert renderer.draw(text, [32])[0].getbbox() is None
    assert list(tmp_path.iterdir()) == []


def bars() -> bytes:
    """A font that has an A, and that a bar."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for move, point in zip((pen.moveTo, pen.lineTo, pen.lineTo, pen.lineTo),
                           ((0, 0), (0, 700), (500, 700), (500, 0)), strict=True):  # fmt: skip
        move(point)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "A"])
    font.setupCharacterMap({65: "A"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (600, 0), "A": (600, 0)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Bars", "styleName": "Regular", "psName": "Bars"})
    font.setupOS2()
    font.setupPost()
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def shown(data: bytes, **options: object) -> Image.Image:
    image = Image.open(io.BytesIO(render_svg(data, **options)))  # type: ignore[arg-type]
    assert image.format == "PNG"
    return image


LOGO = logo(RED).encode()
CLEAR = logo('<rect width="50" height="100" fill="#ff0000"/>').encode()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_inbox_is_seen_around_the_logo_and_through_it(shape: str, theme: str) -> None:
    image = shown(CLEAR, size=64, shape=shape, theme=theme)
    ground = tuple(bytes.fromhex(THEMES[theme][1:]))
    assert image.mode == "RGB"
    assert image.getpixel((63, 32)) == ground
    assert image.getpixel((20, 32)) == (255, 0, 0)
    assert image.getpixel((0, 0)) == ((255, 0, 0) if shape == "square" else ground)
    assert image.getpixel((8, 8)) == (ground if shape == "circle" else (255, 0, 0))


def test_shapes_have_smooth_edges() -> None:
    colours = shown(LOGO, size=32, shape="circle").getcolors()
    assert colours is not None
    assert len(colours) > 10


@pytest.mark.parametrize("size", [1, 2, 2048])
def test_every_size_is_drawn(size: int) -> None:
    assert shown(LOGO, size=size, shape="circle").size == (size, size)


def test_the_same_file_gives_the_same_picture() -> None:
    assert render_svg(LOGO, size=48) == render_svg(bytearray(gzip.compress(LOGO)), size=48)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"size": 0}, ValueError, "1 to 2048"),
        ({"size": 2049}, ValueError, "1 to 2048"),
        ({"size": 32.0}, TypeError, "size must be an int"),
        ({"size": True}, TypeError, "size must be an int"),
        ({"size": 32, "shape": "star"}, ValueError, "no such shape: 'star'; there are square, rounded, circle"),
        ({"size": 32, "theme": "sepia"}, ValueError, "no such theme: 'sepia'; there are light, dark"),
        ({"size": 32, "limits": 5}, TypeError, "limits must be Limits"),
        ({"size": 32, "data": "<svg/>"}, TypeError, "data must be bytes"),
    ],
)
def test_bad_calls_raise(options: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        render_svg(**{"data": LOGO, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"", b"hello", b"<html/>", LOGO[:-6], b"\x89PNG\r\n\x1a\n"])
def test_data_that_isnt_svg_raises_what_can_be_caught(data: bytes) -> None:
    with pytest.raises(BimikitError, match="no SVG file"):
        render_svg(data, size=32)


def test_limits_are_kept() -> None:
    with pytest.raises(NotDrawable):
        render_svg(LOGO, size=32, limits=Limits(max_elements=1))


def test_a_missing_renderer_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "_NEEDED", ("resvg", "no_such_module"))
    render._places.cache_clear()
    try:
        with pytest.raises(BimikitError, match=r"drawing needs no_such_module.*pip install 'bimikit\[preview\]'"):
            render_svg(LOGO, size=32)
    finally:
        render._places.cache_clear()


def test_a_renderer_that_cant_be_started_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with Renderer() as one, pytest.raises(BimikitError, match="can't be started"):
        draws(one)


def test_every_readable_fixture_is_drawn(renderer: Renderer) -> None:
    refused = {}
    for path in fixture_files():
        try:
            renderer.draw(drawable(tree_of(path.read_bytes())), [32])
        except NotDrawable as failure:
            refused[path.name] = failure.reason
    assert not {name: reason for name, reason in refused.items() if reason in ("crashed", "unreadable", "too-slow")}


def test_importing_bimikit_loads_no_renderer() -> None:
    script = "import sys, bimikit, bimikit.svg.inbox, bimikit.svg.render; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"PIL", "resvg", "tinycss2"} & {name.partition(".")[0] for name in loaded}
