"""The preferences of the person at the browser, for routes and for every page."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.requests import HTTPConnection

from app.practice.preferences import Preferences
from app.storage.preferences import find_preferences


def preferences_of(connection: HTTPConnection) -> Preferences:
    """Read once a request; a page of an error needs them as well, and must not fail for them."""
    kept: Preferences | None = getattr(connection.state, "preferences", None)
    if kept is None:
        kept = connection.state.preferences = find_preferences(connection.app.state.engine)
    return kept


PreferencesDep = Annotated[Preferences, Depends(preferences_of)]


def for_templates(request: Request) -> dict[str, Any]:
    return {"preferences": preferences_of(request)}
