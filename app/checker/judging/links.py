"""One relation of a chain, and what was found of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.checker.reading.tree import Node


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Link:
    """One relation of a chain. `status` is true, false or unclear; `where` names the context in
    which it is true, "" for everywhere; a `misfit` is false because shapes do not fit."""

    left: Node
    right: Node
    relation: str
    status: str = "true"
    where: str = ""
    message: str = ""
    misfit: bool = False

    def false(self, message: str, *, misfit: bool = False) -> Link:
        return replace(self, status="false", message=message, misfit=misfit)

    def unclear(self, message: str) -> Link:
        return replace(self, status="unclear", message=message)
