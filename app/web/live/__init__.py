"""Live sessions: starting one, joining it, the board, the host's console, the report."""

from fastapi import APIRouter

from app.web.live import (
    board,
    console,
    holding,
    join,
    noting,
    people,
    report,
    sharing,
    start,
    taking,
)

router = APIRouter()
for module in (
    start,
    join,
    board,
    console,
    people,
    holding,
    noting,
    report,
    sharing,
    taking,
):
    router.include_router(module.router)
