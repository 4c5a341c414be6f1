"""What the routes of live sessions ask for by type."""

from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from app.live.circle import Circles


def get_circles(connection: HTTPConnection) -> Circles:
    circles: Circles = connection.app.state.circles
    return circles


CirclesDep = Annotated[Circles, Depends(get_circles)]
