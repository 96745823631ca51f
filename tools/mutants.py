"""Mutated SVG documents, the same ones for the same seed: what the oracle and the fuzzer feed to `check_svg`.

One mutation at a time is the rule, so that a disagreement has one cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from random import Random

from bimikit.svg.namespaces import SVG_NS, XLINK_NS
from bimikit.svg.profile import CONSTRAINED, ELEMENTS
from tools import seeds as odd
from tools.markup import Node, Tree, take_apart
from tools.text_mutations import TEXT_MUTATIONS, encode

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "svg"
LARGEST_SEED = 16_384
"""Bytes: larger fixtures only make every run slower."""


TreeMutation = Callable[[Tree, Random], object]
"""Changes a tree in place; what it returns is ignored."""


def _node(tree: Tree, random: Random) -> Node:
    return random.choice(tree.nodes())


def _child(tree: Tree, random: Random) -> tuple[Node, int, Node]:
    """Some element that isn't the root: its parent, its place there, and itself."""
    return random.choice(_children(tree) or [(tree.root, 0, Node("g"))])


def _children(tree: Tree) -> list[tuple[Node, int, Node]]:
    return [
        (node, index, child)
        for node in tree.nodes()
        for index, child in enumerate(node.inside)
        if isinstance(child, Node)
    ]


def _with_attributes(tree: Tree, random: Random) -> Node:
    """Some element that has attributes."""
    return random.choice([node for node in tree.nodes() if node.attributes] or [Node("g", [("id", "a")])])


def _insert(tree: Tree, random: Random, piece: Node | str) -> None:
    """Put a piece into some element, at any place."""
    node = _node(tree, random)
    node.inside.insert(random.randint(0, len(node.inside)), piece)


def _set(node: Node, name: str, value: str) -> None:
    """Give an element an attribute, in the place of the one it had by that name."""
    for index, (known, _value) in enumerate(node.attributes):
        if known == name:
            node.attributes[index] = (name, value)
            return
    node.attributes.append((name, value))


def _value(name: str, random: Random) -> str:
    """A value for an attribute: as often as not one that the schema takes."""
    if random.random() < 0.5:
        return odd.VALID.get(name, "1")
    return random.choice(odd.VALUES_OF.get(name, odd.ODD_VALUES))


# elements


def drop_element(tree: Tree, random: Random) -> None:
    """Take an element out, with all that is in it."""
    parent, index, _ = _child(tree, random)
    del parent.inside[index : index + 1]


def unwrap_element(tree: Tree, random: Random) -> None:
    """Put an element's content in its place."""
    parent, index, child = _child(tree, random)
    parent.inside[index : index + 1] = child.inside


def wrap_element(tree: Tree, random: Random) -> None:
    """Put an element around another."""
    parent, index, child = _child(tree, random)
    parent.inside[index : index + 1] = [Node(random.choice(odd.ELEMENT_NAMES), [], [child])]


def duplicate_element(tree: Tree, random: Random) -> None:
    """Put an element a second time, right after itself."""
    parent, index, child = _child(tree, random)
    parent.inside.insert(index, deepcopy(child))


def move_element(tree: Tree, random: Random) -> None:
    """Take an element out and put it in somewhere else."""
    parent, index, child = _child(tree, random)
    del parent.inside[index : index + 1]
    _insert(tree, random, child)


def rename_element(tree: Tree, random: Random) -> None:
    """Give an element another's name."""
    _node(tree, random).name = random.choice(odd.ELEMENT_NAMES)


def recase_element(tree: Tree, random: Random) -> None:
    """Change the case of an element's name."""
    node = _node(tree, random)
    node.name = random.choice((node.name.lower(), node.name.upper(), node.name.capitalize(), node.name.swapcase()))


def insert_element(tree: Tree, random: Random) -> None:
    """Put a new, bare element anywhere."""
    _insert(tree, random, Node(random.choice(odd.ELEMENT_NAMES)))


def insert_filled_element(tree: Tree, random: Random) -> None:
    """Put a new element with a child and an attribute anywhere."""
    name = random.choice(odd.ATTRIBUTE_NAMES)
    inner = random.choice((Node(random.choice(odd.ELEMENT_NAMES)), random.choice(odd.TEXTS)))
    _insert(tree, random, Node(random.choice(odd.ELEMENT_NAMES), [(name, _value(name, random))], [inner]))


def strip_element(tree: Tree, random: Random) -> None:
    """Take all attributes off an element."""
    _node(tree, random).attributes.clear()


def nest_svg(tree: Tree, random: Random) -> None:
    """Put an svg element into the document, bare or like a root."""
    _insert(tree, random, Node("svg", random.choice(([], list(tree.root.attributes))), [Node("title", [], ["t"])]))


def spoil_title(tree: Tree, random: Random) -> None:
    """Move, repeat, empty or lose the title."""
    titles = [place for place in _children(tree) if place[2].name.endswith("title")]
    parent, index, title = titles[0] if titles else _child(tree, random)
    what = random.randrange(6)
    if what == 0:
        title.inside = [random.choice(("", " ", "\n", "\u00a0", "\u3000", "<!-- -->", "<![CDATA[]]>", "x" * 65))]
    elif what == 1:
        parent.inside[index:] = [*parent.inside[index + 1 :], title]
    elif what == 2:
        parent.inside.append(Node(title.name, [], ["second"]))
    elif what == 3:
        parent.inside[index : index + 1] = [Node("g", [], [title])]
    elif what == 4:
        before: tuple[Node | str, ...] = (*odd.TEXTS, Node("desc", [], ["d"]), Node("metadata"))
        parent.inside.insert(index, random.choice(before))
    else:
        del parent.inside[index : index + 1]


_INSIDE_METADATA: tuple[Node | str, ...] = ("", "text", Node("rdf:RDF"), Node("g"), Node("desc"))


def add_metadata(tree: Tree, random: Random) -> None:
    """Put metadata or a description in, bare, filled, or with attributes."""
    name = random.choice(("metadata", "desc"))
    attributes = random.choice(([], [("id", "m")], [("xmlns:rdf", "u:r")], [("xml:space", "preserve")]))
    inside = deepcopy(random.choice((*_INSIDE_METADATA, random.choice(odd.TEXTS))))
    node = tree.root if random.random() < 0.7 else _node(tree, random)
    node.inside.insert(random.randint(0, len(node.inside)), Node(name, attributes, [inside]))


# attributes


def drop_attribute(tree: Tree, random: Random) -> None:
    """Take one attribute off."""
    node = _with_attributes(tree, random)
    del node.attributes[random.randrange(len(node.attributes))]


def add_attribute(tree: Tree, random: Random) -> None:
    """Give an element any attribute."""
    name = random.choice(odd.ATTRIBUTE_NAMES)
    _set(_node(tree, random), name, _value(name, random))


def change_value(tree: Tree, random: Random) -> None:
    """Give an attribute that is there another value."""
    node = _with_attributes(tree, random)
    name, _old = random.choice(node.attributes)
    _set(node, name, _value(name, random))


def rename_attribute(tree: Tree, random: Random) -> None:
    """Give an attribute another name, or the same in another case."""
    node = _with_attributes(tree, random)
    index = random.randrange(len(node.attributes))
    name, value = node.attributes[index]
    node.attributes[index] = (
        random.choice((name.lower(), name.upper(), name.capitalize(), random.choice(odd.ATTRIBUTE_NAMES))),
        value,
    )


def duplicate_attribute(tree: Tree, random: Random) -> None:
    """Write an attribute twice, or an id in its two spellings."""
    node = _with_attributes(tree, random)
    node.attributes.append(random.choice((random.choice(node.attributes), ("id", "one"), ("xml:id", "two"))))


def swap_attributes(tree: Tree, random: Random) -> None:
    """Let two elements exchange their attributes."""
    one, other = _node(tree, random), _node(tree, random)
    one.attributes, other.attributes = other.attributes, one.attributes


def set_word(tree: Tree, random: Random) -> None:
    """A word from a closed list, with white space around it, in it, or in another case."""
    name = random.choice(tuple(odd.WORDS))
    word, pad = random.choice(odd.WORDS[name]), random.choice(odd.PADS)
    middle = len(word) // 2
    value = random.choice(
        (word, pad + word, word + pad, pad + word + pad, word[:middle] + pad + word[middle:], word.upper(), word + word)
    )
    _set(_home(tree, random, name), name, value)


def set_odd(tree: Tree, random: Random) -> None:
    """An odd value for an attribute with a lexical form of its own: id, class, language, aspect ratio."""
    name = random.choice(("id", "xml:id", "class", "xml:lang", "preserveAspectRatio"))
    value = random.choice(odd.VALUES_OF[name])
    if name == "class" and random.random() < 0.5:
        value += random.choice(odd.PADS) + random.choice(odd.IDS)
    _set(_home(tree, random, name), name, value)


def _home(tree: Tree, random: Random, attribute: str) -> Node:
    """Some element that may have the attribute."""
    homes = [node for node in tree.nodes() if attribute in getattr(ELEMENTS.get(node.name), "attributes", ())]
    return random.choice(homes) if homes else _node(tree, random)


def set_constrained(tree: Tree, random: Random) -> None:
    """One of the root's constrained attributes, right or wrong."""
    name, value = random.choice(tuple(CONSTRAINED.items()))
    _set(tree.root, name, random.choice((value, value, f" {value}", value.upper(), "magnify", "true", "")))


def set_href(tree: Tree, random: Random) -> None:
    """A reference, on an element that may or may not have one."""
    name = random.choice(("href", "xlink:href", "XLINK:href", "xl:href", "src"))
    if ":" in name and random.random() < 0.7:
        _set(tree.root, f"xmlns:{name.partition(':')[0]}", XLINK_NS)
    value = random.choice(odd.ODD_VALUES)
    if random.random() < 0.5:
        _set(_node(tree, random), name, value)
    else:
        _insert(tree, random, Node("use", [(name, value)]))


# namespaces


def prefix_all(tree: Tree, random: Random) -> None:
    """Bind the SVG namespace to a prefix and write every element with it, or nearly every one."""
    prefix = random.choice(("svg", "s", "xsvg", "漢", "é", "xml-svg", "_"))
    slip = random.random() < 0.3
    for node in tree.nodes():
        if not (slip and random.random() < 0.3):
            node.name = f"{prefix}:{node.name.rpartition(':')[2]}"
    tree.root.attributes = [(f"xmlns:{prefix}" if name == "xmlns" else name, v) for name, v in tree.root.attributes]


def prefix_attribute(tree: Tree, random: Random) -> None:
    """Put an attribute into a namespace, the SVG one or none that exists included."""
    node = _with_attributes(tree, random)
    index = random.randrange(len(node.attributes))
    name, value = node.attributes[index]
    prefix = random.choice(("svg", "p", "xml", "xmlns", "q"))
    node.attributes[index] = (f"{prefix}:{name}", value)
    if random.random() < 0.6:
        _set(random.choice((node, tree.root)), f"xmlns:{prefix}", random.choice(odd.NAMESPACES))


def declare_namespace(tree: Tree, random: Random) -> None:
    """A declaration that nothing uses, right or wrong, on any element."""
    prefix = random.choice(("p", "xml", "xmlns", "", "a:b", "1", "svg", "漢字", "xmlfoo", "ns-1", "A"))
    _set(_node(tree, random), f"xmlns:{prefix}", random.choice(odd.NAMESPACES))


def rebind_default(tree: Tree, random: Random) -> None:
    """Another default namespace on the root or deeper."""
    _set(_node(tree, random), "xmlns", random.choice(odd.NAMESPACES))


def foreign_element(tree: Tree, random: Random) -> None:
    """An element of another namespace, declared here, above, or nowhere."""
    name = random.choice(
        ("p:x", "p:path", "p:svg", "p:script", ":x", "p:", "p:q:r", "xml:g", "xmlns:g", "svg:g", "漢:字")
    )
    inside: tuple[list[Node | str], ...] = ([], ["text"], [Node("g")])
    node = Node(name, random.choice(([], [("fill", "red")])), random.choice(inside))
    if random.random() < 0.7:
        _set(random.choice((node, tree.root)), f"xmlns:{name.partition(':')[0]}", random.choice(odd.NAMESPACES))
    _insert(tree, random, node)


def same_attribute_twice(tree: Tree, random: Random) -> None:
    """Two attributes that differ as written and are one by namespace, or look like it."""
    one, other = random.choice((("u:x", "u:x"), ("u:x", "u:y"), (SVG_NS, SVG_NS), ("u:x", " u:x ")))
    _node(tree, random).attributes += [("xmlns:a", one), ("xmlns:b", other), ("a:x", "1"), ("b:x", "2")]


# text and markup


def stray_text(tree: Tree, random: Random) -> None:
    """Text, a comment, an instruction or a reference, in any element."""
    _insert(tree, random, random.choice(odd.TEXTS))


def text_outside(tree: Tree, random: Random) -> None:
    """The same before or after the root."""
    random.choice((tree.before, tree.after)).append(random.choice(odd.TEXTS))


def change_declaration(tree: Tree, random: Random) -> None:
    """Another XML declaration."""
    tree.before[:] = [
        random.choice(odd.DECLARATIONS),
        *(piece for piece in tree.before if not piece.startswith("<?xml ")),
    ]


def add_doctype(tree: Tree, random: Random) -> None:
    """A document type, and perhaps a use of an entity that it may declare."""
    tree.before.append(random.choice(odd.DOCTYPES))
    if random.random() < 0.5:
        reference = random.choice(("&e;", "&f;", "&ns_svg;", "&nbsp;", "%p;"))
        if random.random() < 0.5:
            _insert(tree, random, reference)
        else:
            _set(_node(tree, random), random.choice(("id", "fill", "xmlns:q")), reference)


TREE_MUTATIONS: tuple[tuple[TreeMutation, int], ...] = (
    (drop_element, 2),
    (unwrap_element, 1),
    (wrap_element, 3),
    (duplicate_element, 2),
    (move_element, 3),
    (rename_element, 3),
    (recase_element, 1),
    (insert_element, 4),
    (insert_filled_element, 4),
    (strip_element, 1),
    (nest_svg, 1),
    (spoil_title, 4),
    (add_metadata, 4),
    (drop_attribute, 2),
    (add_attribute, 6),
    (change_value, 4),
    (rename_attribute, 2),
    (duplicate_attribute, 1),
    (swap_attributes, 1),
    (set_word, 8),
    (set_odd, 10),
    (set_constrained, 2),
    (set_href, 3),
    (prefix_all, 2),
    (prefix_attribute, 3),
    (declare_namespace, 3),
    (rebind_default, 4),
    (foreign_element, 4),
    (same_attribute_twice, 1),
    (stray_text, 6),
    (text_outside, 2),
    (change_declaration, 2),
    (add_doctype, 2),
)
"""What can be done to a tree, and how often it is."""


def builtin_seeds(folder: Path = FIXTURES) -> tuple[bytes, ...]:
    """The built-in documents, and the plain fixtures if there are any."""
    files = sorted(folder.rglob("*.svg")) if folder.is_dir() else []
    return (*odd.SEEDS, *(path.read_bytes() for path in files if path.stat().st_size <= LARGEST_SEED))


def _trees_of(seeds: Iterable[bytes]) -> list[str]:
    """The texts of those seeds that can be taken apart; those meant to be too deep for anybody are left out."""
    texts = []
    for seed in seeds:
        try:
            text = seed.decode("utf-8-sig")
            take_apart(text)
        except (ValueError, IndexError):
            continue
        texts.append(text)
    return texts


_MUTATIONS = tuple(mutation for mutation, _weight in TREE_MUTATIONS)
_WEIGHTS = tuple(weight for _mutation, weight in TREE_MUTATIONS)


def mutants(seeds: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Mutated documents.

    Args:
        seeds: Documents to start from; those that aren't well-formed UTF-8 are left out.
        count: How many to make.
        seed: Equal seeds give equal mutants.
    """
    random = Random(seed)
    texts = _trees_of(seeds)
    for _ in range(count):
        tree = take_apart(random.choice(texts))
        for mutation in random.choices(_MUTATIONS, _WEIGHTS, k=random.choice((1, 1, 1, 1, 2, 3))):
            mutation(tree, random)
        text = str(tree)
        if random.random() < 0.1:
            text = random.choice(TEXT_MUTATIONS)(text, random)
        yield encode(text, random) if random.random() < 0.06 else text.encode("utf-8", "surrogatepass")
