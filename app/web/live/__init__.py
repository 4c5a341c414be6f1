"""Live sessions: starting one, joining it, the board, the host's console, the report."""

from fastapi import APIRouter

from app.web.live import board, console, join, start

router = APIRouter()
for module in (start, join, board, console):
    router.include_router(module.router)
