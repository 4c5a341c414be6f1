"""Live sessions: starting one, joining it, the board, the host's console, the report."""

from fastapi import APIRouter

from app.web.live import board, console, join, report, start

router = APIRouter()
for module in (start, join, board, console, report):
    router.include_router(module.router)
