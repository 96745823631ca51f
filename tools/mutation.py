"""Breaks the rule modules in small ways, one at a time, and tells which breaks no test notices.

``python -m tools.mutation [--module bimikit/dns/judge.py] [--count 7] [--seed 1]``. A mutant lives in memory only:
each is a child of this process, in which the module is imported changed. So the work tree stays as it is, and what is
dear to import is imported once.

A runner of our own, because half of the rule modules are tables outside any function: mutmut changes the bodies of
functions alone, and cosmic-ray, which starts Python anew for each mutant, changes no rows, texts or names.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from random import Random
from types import CodeType, ModuleType

_DNS = ("test_properties_rules", "test_presence", "test_dns_cases", "test_dns_findings", "test_publication")
_CERT = ("test_properties_rules", "test_cert_fixtures", "test_cert_boundaries", "test_certificate")
_SVG = ("test_rules", "test_fixtures", "test_fixes", "test_values", "test_check_svg")
MODULES: Mapping[str, tuple[str, ...]] = {
    "bimikit/dns/judge.py": _DNS,
    "bimikit/dns/dmarc.py": _DNS,
    "bimikit/dns/bimi.py": _DNS,
    "bimikit/dns/presence.py": _DNS,
    "bimikit/web/rules.py": ("test_rules", "test_web"),
    "bimikit/cert/profile.py": _CERT,
    "bimikit/cert/match.py": ("test_certificate", "test_cert_boundaries", "test_publication"),
    "bimikit/cert/coverage.py": _CERT,
    "bimikit/svg/rules.py": _SVG,
    "bimikit/svg/content.py": _SVG,
    "bimikit/svg/grammar.py": _SVG,
    "bimikit/receivers/traits.py": ("test_receivers", "test_publication"),
    "bimikit/receivers/verdict.py": ("test_receivers", "test_publication"),
}
"""The rule modules, and the tests that are about them; those that find most come first."""
PER_MODULE = 7
TIMEOUT = 180
"""Seconds for one mutant; what loops for ever counts as noticed."""
MEMORY = 4 * 1024**3
_DEAR = (
    "pytest", "hypothesis", "msgspec", "cryptography.x509", "OpenSSL", "dns.resolver", "dns.zone", "dnslib", "httpcore",
    "idna", "publicsuffixlist", "click", "re2", "trustme", "certifi", "anyio", "jsonschema",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one thing changed.

    Attributes:
        module: Path of the module.
        line: The line of the change.
        what: What was done.
        source: The whole module, changed.
    """

    module: str
    line: int
    what: str
    source: str


_COMPARISONS: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.FloorDiv: ast.Mult,
}


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What can stand in a node's place, and how to call that."""

    def other(**fields: object) -> ast.AST:
        changed = copy.copy(node)
        for name, value in fields.items():
            setattr(changed, name, value)
        return changed

    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
            instead = _COMPARISONS[type(op)]
            yield f"{instead.__name__} for {type(op).__name__}", other(ops=[instead()])
        case ast.BoolOp(op=ast.And()):
            yield "or for and", other(op=ast.Or())
        case ast.BoolOp():
            yield "and for or", other(op=ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "without not", operand
        case ast.BinOp(op=op) if type(op) in _OPERATORS:
            yield f"{_OPERATORS[type(op)].__name__} for {type(op).__name__}", other(op=_OPERATORS[type(op)]())
        case ast.Constant(value=bool() as value):
            yield str(not value), other(value=not value)
        case ast.Constant(value=int() as value):
            yield f"{value + 1} for {value}", other(value=value + 1)
        case ast.Constant(value=str() as value) if value:
            yield f"another text than {value!r:.40}", other(value=f"{value}x")
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield "its condition turned", other(test=ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=[_, *_]):
            yield "a filter lost", other(ifs=[])
        case (
            ast.Tuple(elts=[_, _, *_] as items, ctx=ast.Load())
            | ast.List(elts=[_, *_] as items)
            | ast.Set(elts=[_, _, *_] as items)
        ):
            for index, item in enumerate(items):
                yield f"without {ast.unparse(item):.60}", other(elts=[*items[:index], *items[index + 1 :]])
        case ast.Return(value=ast.expr()):
            yield "returns None", other(value=ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign():
            yield f"without {ast.unparse(node):.60}", ast.Expr(ast.Constant(None))


class _Change(ast.NodeTransformer):
    """Makes one of all possible changes; counts them where `wanted` is negative."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.count = 0
        self.line = 0
        self.what = ""

    def visit(self, node: ast.AST) -> ast.AST:
        """Change a node, or look into it; annotations, docstrings and imports aren't what a rule module says."""
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                return node
            case ast.arg() | ast.AnnAssign(value=None):
                return node
        for what, instead in _changes(node):
            if self.count == self.wanted:
                self.line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
                self.what = what
                self.count += 1
                return ast.copy_location(instead, node) if isinstance(instead, ast.stmt | ast.expr) else instead
            self.count += 1
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            if isinstance(value, list):
                setattr(node, name, [self.visit(one) if isinstance(one, ast.AST) else one for one in value])
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
        return node


def mutants(module: str, text: str, count: int, random: Random) -> Iterator[Mutant]:
    """A sample of the mutants of a module.

    Args:
        module: Its path.
        text: Its source.
        count: How many.
        random: Which.
    """
    counter = _Change(-1)
    counter.visit(ast.parse(text))
    for number in sorted(random.sample(range(counter.count), min(count, counter.count))):
        change = _Change(number)
        tree = change.visit(ast.parse(text))
        yield Mutant(module, change.line, change.what, ast.unparse(ast.fix_missing_locations(tree)))


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from a source that isn't in its file."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        """The code of the changed source."""
        code: CodeType = compile(self._source, self.path, "exec", dont_inherit=True)
        return code


class _Finder(MetaPathFinder):
    """Finds the changed module before the one in the file."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = mutant.module.removesuffix(".py").replace("/", ".")
        self._loader = _Loader(self._name, str(Path(mutant.module).resolve()), mutant.source)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module's spec; None for any other."""
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._loader.path, loader=self._loader)


def is_noticed(mutant: Mutant | None, tests: Sequence[str]) -> bool:
    """Whether a test fails, the module can't be loaded, or time is up.

    Args:
        mutant: What is changed; None for nothing.
        tests: Names of the modules with tests.
    """
    sys.stdout.flush()
    child = os.fork()
    if not child:
        signal.alarm(TIMEOUT)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os._exit(_outcome(mutant, tests))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) != 0


_QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Plugins of pytest are among what is imported beforehand."""


def _outcome(mutant: Mutant | None, tests: Sequence[str]) -> int:
    import pytest

    try:
        if mutant is not None:
            sys.meta_path.insert(0, _Finder(mutant))
        return int(
            pytest.main(["-x", "-q", "-p", "no:cacheprovider", *_QUIET, *(f"tests/{name}.py" for name in tests)])
        )
    except BaseException:  # whatever a broken module raises: it was noticed
        return 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Try a sample of mutants, and tell which nobody noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--module", action="append", choices=MODULES, help="a rule module; all of them without")
    parser.add_argument("--count", type=int, default=PER_MODULE, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    for name in _DEAR:
        importlib.import_module(name)
    tried = unnoticed = 0
    for module in options.module or MODULES:
        tests = MODULES[module]
        if is_noticed(None, tests):
            print(f"{module}: its tests fail as it is: {' '.join(tests)}")
            return 2
        started = time.monotonic()
        of_module = list(mutants(module, Path(module).read_text("utf-8"), options.count, Random(options.seed)))
        survivors = []
        for mutant in of_module:
            if not is_noticed(mutant, tests):
                survivors.append(mutant)
                print(f"  {module}:{mutant.line}: {mutant.what}", flush=True)
        noticed = len(of_module) - len(survivors)
        seconds = time.monotonic() - started
        print(f"{module}: {noticed} of {len(of_module)} noticed, {seconds:.0f} s", flush=True)
        tried += len(of_module)
        unnoticed += len(survivors)
    print(f"{tried - unnoticed} of {tried} mutants noticed: {(tried - unnoticed) / tried:.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
