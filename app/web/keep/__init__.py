"""What is mine to keep: everything out and in as one file, tables, the calendar, and deletion that
is final. One module for each, and the page that leads to them."""

from fastapi import APIRouter

from app.web.keep import agenda, archive, deletion, page, tables

router = APIRouter()
for module in (page, archive, tables, agenda, deletion):
    router.include_router(module.router)
