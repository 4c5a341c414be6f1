"""The step ladder, one module a rung, and the steps that are redone alone."""

from fastapi import APIRouter

from app.web.ladder import corrupted, missing, order, overview, redo

router = APIRouter()
for module in (overview, order, missing, corrupted, redo):
    router.include_router(module.router)
