"""One place that turns any error into an answer: a page, or a sentence for a part of one."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.errors import PageError
from app.web.live.seats import as_a_guest
from app.web.owner import GUEST_FOLDERS
from app.web.security import PAGE_HEADERS
from app.web.templating import render

WORDS = {
    404: ("Not here", "There is no page at this address."),
    405: ("Not that way", "This address does not take that kind of request."),
    413: ("Too large", "What was sent is larger than this server takes. Nothing was changed."),
}
TO_GUESTS = WORDS | {
    404: (
        "Not here",
        "There is no page at this address. Open the link that you were sent again, all of it, or "
        "ask the host for a new one.",
    ),
}
OURS = ("Our fault", "Something broke on the server. What was acknowledged is safe. Try again.")


def install(app: FastAPI) -> None:
    @app.exception_handler(PageError)
    def page_error(request: Request, error: PageError) -> Response:
        return answer(request, error.status, error.title, str(error), error.way_on)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = str(first["loc"][-1]) if first["loc"] else "the request"
        return answer(request, 422, "That does not fit", f"{place}: {first['msg']}.")

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        words = TO_GUESTS if is_for_guests(request) else WORDS
        title, text = words.get(error.status_code, ("That did not work", str(error.detail)))
        return answer(request, error.status_code, title, text)

    @app.exception_handler(Exception)
    def our_fault(request: Request, error: Exception) -> Response:  # noqa: ARG001  (logged above)
        response = answer(request, 500, *OURS)
        # This answer is made outside of every middleware.
        response.headers.update(PAGE_HEADERS)
        return response


def answer(
    request: Request, status: int, title: str, text: str, way_on: str | None = None
) -> Response:
    """A whole page; for a part of a page asked for by htmx, the sentence alone."""
    part = request.headers.get("hx-request") == "true"
    name = "error/page.html"
    if is_for_guests(request):
        as_a_guest(request)
        # Whatever else could be done about it is done on pages that are not theirs.
        name, way_on = "error/guest.html", way_to_seat(request)
    response = render(
        request,
        "error/_notice.html" if part else name,
        status=status,
        title=title,
        text=text,
        code=status,
        way_on=way_on,
    )
    if part:
        # The part that was asked for stays as it is; the notice goes where notices go.
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "beforeend"
    return response


def is_for_guests(request: Request) -> bool:
    return request.url.path.startswith(GUEST_FOLDERS)


def way_to_seat(request: Request) -> str | None:
    """For whoever has a seat here, unless it is the page of the seat that failed."""
    seat: str | None = getattr(request.state, "seat", None)
    return seat if seat != request.url.path else None
