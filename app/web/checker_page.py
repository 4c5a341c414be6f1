"""The page about the checker: how it decides, notation with live examples, a box to try it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.requests import HTTPConnection
from fastapi.responses import HTMLResponse

from app.checker import Checker, Finding
from app.library.checking import checker_of
from app.library.examples import Spellings, Topic
from app.library.models import Library
from app.web.api import CheckingDep
from app.web.dependencies import LibraryDep, Sealed
from app.web.templating import render

logger = logging.getLogger(__name__)

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CheckedExample:
    derivation: str
    title: str
    remark: str
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class CheckedTopic:
    """`closed`: how many rows are left out, because their derivation is being attempted."""

    topic: Topic
    spellings: Sequence[Spellings] = ()
    examples: Sequence[CheckedExample] = ()
    closed: int = 0

    def without(self, sealed: dict[str, str]) -> "CheckedTopic":
        return CheckedTopic(
            self.topic,
            [row for row in self.spellings if row.derivation not in sealed],
            [row for row in self.examples if row.derivation not in sealed],
            sum(derivation in sealed for derivation in self.topic.derivations),
        )


class CheckedExamples:
    """The examples with what the checker says of them, found out when somebody looks first."""

    def __init__(self, topics: Sequence[Topic], library: Library) -> None:
        self._topics = topics
        self._library = library

    @cached_property
    def topics(self) -> list[CheckedTopic]:
        return [self._checked(topic) for topic in self._topics]

    def _checked(self, topic: Topic) -> CheckedTopic:
        examples = []
        for example in topic.examples:
            checker = self._checker(example.derivation)
            if checker is not None:
                title = self._library[example.derivation].question.title
                findings = checker.check(example.lines)
                examples.append(CheckedExample(example.derivation, title, example.remark, findings))
        known = self._library.derivations
        spellings = [row for row in topic.spellings if row.derivation in known]
        return CheckedTopic(topic, spellings, examples)

    def _checker(self, derivation_id: str) -> Checker | None:
        """None for a derivation that is not there or cannot be used: `check-content` says why."""
        if derivation_id not in self._library.derivations:
            return None
        try:
            return checker_of(self._library[derivation_id])
        except Exception:
            logger.exception("checker: no examples of %s", derivation_id)
            return None


def get_examples(connection: HTTPConnection) -> CheckedExamples:
    examples: CheckedExamples = connection.app.state.examples
    return examples


@router.get("/checker")
async def checker(
    request: Request,
    library: LibraryDep,
    sealed: Sealed,
    checking: CheckingDep,
    examples: Annotated[CheckedExamples, Depends(get_examples)],
) -> HTMLResponse:
    topics = await checking.run(lambda: examples.topics)
    return render(
        request,
        "checker/page.html",
        topics=[topic.without(sealed) for topic in topics],
        questions=[
            derivation.question
            for name, derivation in library.derivations.items()
            # The givens of a variant may say what another one of its family asks for.
            if name not in sealed or derivation.question.variant_of is None
        ],
        sealed=sealed,
    )
