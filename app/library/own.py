"""What users wrote, beside what is shipped."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from app.library.fields import MAX_NAME_CHARACTERS
from app.library.loader import family_of
from app.library.models import DerivationFile, Library
from app.library.reading import Broken, read_source
from app.library.writing import source_of_derivation

RESERVED_IDS = frozenset({"new", "draft", "import"})
"""No derivation has one of these: they are pages beside those of the derivations."""

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


def older_version(derivation_id: str, source: str) -> tuple[str, str]:
    """Id and text under which a version is kept that has to give its id to a newer one.

    The id follows from the text, so that the same version is never kept twice. A text that cannot
    be read is kept as it is.
    """
    mark = hashlib.sha256(source.encode()).hexdigest()[:6]
    kept_id = _marked(derivation_id, mark)
    try:
        file = read_source(source, DerivationFile)
    except Broken:
        return kept_id, source
    variants = tuple(one.model_copy(update={"id": _marked(one.id, mark)}) for one in file.variants)
    changed = {
        "id": kept_id,
        "title": f"{file.title} (older version)",
        "drill": None,
        "variants": variants,
    }
    return kept_id, source_of_derivation(file.model_copy(update=changed))


def _marked(name: str, mark: str) -> str:
    return f"{name[: MAX_NAME_CHARACTERS - len(mark) - 1].rstrip('-')}-{mark}"
