"""What users wrote, beside what is shipped."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from app.library.loader import family_of
from app.library.models import Library
from app.library.reading import Broken

logger = logging.getLogger(__name__)


def with_own(shipped: Library, sources: Mapping[str, str]) -> Library:
    """The library with these content files, given by id, after its own. One that cannot be read
    any more, or whose ids are taken, is left out and logged; its source is kept where it is."""
    derivations = dict(shipped.derivations)
    own: list[str] = []
    for derivation_id, source in sources.items():
        try:
            family = family_of(source, derivation_id, shipped.pictures)
        except Broken as broken:
            logger.error("own derivation %s: %s", derivation_id, broken.problems[0])
            continue
        if any(one.question.id in derivations for one in family):
            logger.error("own derivation %s has an id that is taken", derivation_id)
            continue
        derivations.update({one.question.id: one for one in family})
        own.append(derivation_id)
    return replace(shipped, derivations=MappingProxyType(derivations), own=tuple(own))
