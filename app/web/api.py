"""What programs ask for, and scripts of our own pages: the checker, in JSON."""

from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.requests import HTTPConnection
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.exceptions import HTTPException

from app.checker import DeclarationError, Finding
from app.checker.checker import MAX_LINES
from app.errors import Forbidden, PageError, Unavailable
from app.library.checking import checker_of
from app.library.models import Derivation, Library
from app.practice.attempt import Mode
from app.practice.events import MAX_LINE_CHARACTERS
from app.storage.attempts import list_all_open
from app.web.checking import CheckingThread
from app.web.dependencies import get_library, not_found_derivation


class JsonRoute(APIRoute):
    """Says what is wrong as `{"error": "…"}` instead of as a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_in_json(request: Request) -> Response:
            try:
                return await handle(request)
            except PageError as error:
                return problem(error.status, str(error))
            except RequestValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"][1:]) or "the request"
                return problem(422, f"{place}: {first['msg']}.")
            except HTTPException as error:
                # A 400 is a body that cannot even be decoded, which is malformed like any other.
                status = 422 if error.status_code == 400 else error.status_code
                return problem(status, str(error.detail))

        return handle_in_json


def problem(status: int, text: str) -> JSONResponse:
    return JSONResponse({"error": text}, status_code=status)


router = APIRouter(prefix="/api", route_class=JsonRoute)


class TypedLines(BaseModel):
    model_config = ConfigDict(extra="forbid")

    derivation: Annotated[str, Field(max_length=100)]
    lines: Annotated[
        list[Annotated[str, Field(max_length=MAX_LINE_CHARACTERS)]], Field(max_length=MAX_LINES)
    ]


@dataclass(frozen=True)
class Asked:
    """The library, and the derivations on which a cold or a live attempt is running, or on a
    variant."""

    library: Library
    cold: Collection[str]


def get_asked(connection: HTTPConnection) -> Asked:
    # Not the session of the request: that would hold a database connection while lines wait.
    with Session(connection.app.state.engine) as session:
        library = get_library(connection, session)
        cold = [one.derivation for one in list_all_open(session) if one.mode != Mode.GUIDED]
        return Asked(library, {one for name in cold for one in library.closed_with(name)})


AskedDep = Annotated[Asked, Depends(get_asked)]


def get_checking(connection: HTTPConnection) -> CheckingThread:
    checking: CheckingThread = connection.app.state.checking
    return checking


CheckingDep = Annotated[CheckingThread, Depends(get_checking)]


@router.post("/check")
async def check(
    typed: TypedLines,
    asked: AskedDep,
    checking: CheckingDep,
) -> JSONResponse:
    """A finding for each line, as `coldboard check --json` prints it. A cold attempt gets no
    feedback before its end; a guided one may ask."""
    if typed.derivation not in asked.library.derivations:
        raise not_found_derivation(typed.derivation)
    if typed.derivation in asked.cold:
        raise Forbidden(
            "A cold attempt on this derivation is running: its lines are checked when it has ended."
        )
    derivation = asked.library[typed.derivation]
    findings = await checking.run(lambda: findings_of(derivation, typed.lines))
    return JSONResponse([finding.as_json() for finding in findings])


def findings_of(derivation: Derivation, lines: list[str]) -> list[Finding]:
    try:
        return checker_of(derivation).check(lines)
    except DeclarationError as error:
        raise Unavailable(
            "The givens of this derivation cannot be read by the checker. "
            "`coldboard check-content` says which one, and why."
        ) from error
