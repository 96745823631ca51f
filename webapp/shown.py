"""The parts of an answer's page, as its templates take them; `showing` makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from bimikit import Explanation

from .advice import ToPublish
from .judging import Logo, Subject

if TYPE_CHECKING:
    from bimikit.output.explanation import Explained, ProviderVerdict


class Answer(msgspec.Struct, frozen=True):
    """The headline.

    Attributes:
        question: Key of the question it answers; empty where the report brings its own.
        name: Key of the answer's words.
        providers: Ids of the providers it names.
        tone: What it looks like: ``"ok"``, ``"warning"``, ``"undecided"`` or ``"error"``.
        others: Ids of the providers it tells something worse of.
    """

    question: str
    name: str
    providers: tuple[str, ...]
    tone: str
    others: tuple[str, ...] = ()


class Count(msgspec.Struct, frozen=True):
    """How many findings of a kind there are."""

    kind: str
    count: int


class Item(msgspec.Struct, frozen=True):
    """A finding on the page.

    Attributes:
        id: Its element's id.
        told: It in words.
        open: Whether it is unfolded.
    """

    id: str
    told: Explained
    open: bool


class Section(msgspec.Struct, frozen=True):
    """What somebody has to touch.

    Attributes:
        name: One of `bimikit.output.explanation.TOPICS`.
        items: The findings about it, errors first.
        counts: How many there are of each kind.
    """

    name: str
    items: tuple[Item, ...]
    counts: tuple[Count, ...]

    @property
    def tone(self) -> str:
        """That of its worst finding."""
        return self.counts[0].kind if self.counts else "ok"


class Group(msgspec.Struct, frozen=True):
    """Providers of the same state."""

    state: str
    label: str
    providers: tuple[ProviderVerdict, ...]


class Front(msgspec.Struct, frozen=True):
    """A provider with a card of its own.

    Attributes:
        verdict: What is to be expected of it.
        reasons: Why, but for what it shares with others.
    """

    verdict: ProviderVerdict
    reasons: tuple[str, ...]


class Shared(msgspec.Struct, frozen=True):
    """Reasons that several providers with cards have."""

    providers: tuple[str, ...]
    reasons: tuple[str, ...]


class Cause(msgspec.Struct, frozen=True):
    """What weighs most.

    Attributes:
        label: What kind of cause it is.
        text: It.
        finding: The element that says more; empty where there is none.
    """

    label: str
    text: str
    finding: str


class Step(msgspec.Struct, frozen=True):
    """Something to do.

    Attributes:
        text: It.
        act: What the page offers to do about it at once; empty where it has nothing to offer.
    """

    text: str
    act: Literal["", "repair", "domain"] = ""


class Points(msgspec.Struct, frozen=True):
    """Texts under a heading."""

    label: str
    texts: tuple[str, ...]


class Drawing(msgspec.Struct, frozen=True):
    """A logo's pictures, which the page holds once.

    Attributes:
        id: How the ids of their elements begin.
        pictures: PNG files by pixels.
    """

    id: str
    pictures: Mapping[int, bytes]


class Shown(msgspec.Struct, frozen=True):
    """One answer.

    Attributes:
        id: Its element's id.
        subject: What was judged.
        told: The verdict in words.
        answer: The headline.
        means: What it means; empty where the cause says more.
        cause: What weighs most; None where nothing stands in the way.
        why: What else does.
        steps: What to do, in this order.
        front: Providers with a card of their own.
        shared: Reasons that several of them have.
        groups: The others, by state.
        sections: What has to be touched, or was judged.
        counts: How many findings there are of each kind, those about the picture among them.
        publish: The records to publish.
        sender: What the logo calls its brand; empty where it says nothing.
        logo: The logo; None where there is none that can be read.
        drawing: Its pictures; None where it can't be drawn.
        undrawn: What of it isn't drawn here but may be seen in an inbox: ``"text"``, ``"part"``, or nothing.
        inside: The pictures of the logo in the certificate, where the page shows no logo or another one.
        repairable: Whether a repair of the logo may help.
        looks: Whether something is wrong with the picture of a logo whose file is right.
        planned: What is planned and not published, of a check that asked the network.
    """

    id: str
    subject: Subject
    told: Explanation
    answer: Answer
    means: str
    cause: Cause | None
    why: tuple[Points, ...]
    steps: tuple[Step, ...]
    front: tuple[Front, ...]
    shared: tuple[Shared, ...]
    groups: tuple[Group, ...]
    sections: tuple[Section, ...]
    counts: tuple[Count, ...]
    publish: tuple[ToPublish, ...]
    sender: str
    logo: Logo | None
    drawing: Drawing | None
    undrawn: str
    inside: Drawing | None
    repairable: bool
    looks: bool
    planned: tuple[str, ...]

    @property
    def published(self) -> bool:
        """Whether all records that are right to publish stand there already."""
        return all(record.published for record in self.publish)

    @property
    def marked(self) -> Mapping[str, str]:
        """The element of each rule's first finding."""
        ids: dict[str, str] = {}
        for section in self.sections:
            for item in section.items:
                ids.setdefault(item.told.rule, item.id)
        return ids
