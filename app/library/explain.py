"""What pydantic found, said to the author of a content file: which field, and what to do.

`steps[2].formula` is the formula of the second `[[steps]]` block.
"""

import difflib
from collections.abc import Sequence
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Loc = tuple[int | str, ...]
"""Where pydantic found something: names of fields, and places in lists from 0."""

_EXAMPLES = {
    "drill": "3",
    "minutes": "5",
    "difficulty": "2",
    "year": "2006",
    "load_bearing": "true",
    "must": "false",
    "every_row": "true",
    "weak": "true",
    "held": "true",
    "judges": "'any'",
    "sets": "['…', '…']",
    "forms": "['…', '…']",
    "excludes": "['…', '…']",
    "may_use": "['…', '…']",
    "contains": "['…', '…']",
    "insights": "['…', '…']",
    "hints": "['…', '…']",
    "listen_for": "['…', '…']",
    "keeps": "['1', '2']",
    "after": "['1', '2a']",
    "supposed": "['…', '…']",
    "adds": "['…', '…']",
    "states": "['…', '…']",
    "alone": "true",
}


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One sentence for each thing that is wrong, in the order of the model's fields."""
    return [_problem(detail, model) for detail in error.errors()]


def _problem(detail: ErrorDetails, model: type[BaseModel]) -> str:
    loc = detail["loc"]
    field = _field(loc)
    match detail["type"]:
        case "missing":
            return f"{field} is missing: add {_written(model, loc)}"
        case "extra_forbidden":
            return f"{field} is not a field: {_where_it_belongs(model, loc)}"
        case "string_type":
            return f"{field} must be text in quotes: write {_written(model, loc)}"
        case "int_type":
            return f"{field} must be a whole number without quotes: write {_written(model, loc)}"
        case "bool_type":
            return f"{field} must be true or false, without quotes: write {_written(model, loc)}"
        case "tuple_type" | "model_type":
            return f"{field} has the wrong form: write {_written(model, loc)}"
        case "value_error":
            return f"{field} {detail['ctx']['error']}"
        case _:
            return f"{field} is not right ({detail['msg']}): see content/README.md"


def _field(loc: Loc) -> str:
    written = ""
    for part in loc:
        written += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return written.removeprefix(".")


def _written(model: type[BaseModel], loc: Loc) -> str:
    """How a right entry looks in the file."""
    name = str(next(part for part in reversed(loc) if isinstance(part, str)))
    names = [part for part in loc if isinstance(part, str)]
    home = _model_at(model, names[:-1])
    if home and name in home.model_fields and _block(home, name):
        return f"a block that starts with [[{'.'.join(names)}]]"
    if isinstance(loc[-1], int):
        return "'…'"
    example = _EXAMPLES.get(name, "'…'")
    return f"{name} = {example}"


def _where_it_belongs(model: type[BaseModel], loc: Loc) -> str:
    name = str(loc[-1])
    home = _model_at(model, [part for part in loc[:-1] if isinstance(part, str)]) or model
    near = difflib.get_close_matches(name, home.model_fields, n=1)
    if near:
        return f"did you mean {near[0]}?"
    if len(loc) > 1 and name in model.model_fields:
        return f"move {name} above the first [[…]] block of the file"
    return f"take it out, or use one of {', '.join(home.model_fields)}"


def _model_at(model: type[BaseModel], names: Sequence[str]) -> type[BaseModel] | None:
    """The model of the blocks that are found by these names, one inside the other."""
    found: type[BaseModel] | None = model
    for name in names:
        found = _block(found, name) if found and name in found.model_fields else None
    return found


def _block(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The model of the blocks under `name`; None for a list of texts or a single value."""
    for inner in get_args(model.model_fields[name].annotation):
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None
