"""Imports inside app/ go downwards only, by the layers of the architecture."""

import ast
from pathlib import Path

import pytest

from app.settings import ROOT

# A package may use those that come after it; what stands together does not know of each other.
LAYERS = [
    {"cli"},
    {"main"},
    {"web"},
    {"live"},
    {"storage"},
    {"practice", "library"},
    {"checker"},
    {"settings"},
    {"errors"},
]
# The checker has rooms of its own, from its own doorstep down.
CHECKER_ROOMS = ["__init__", "checker", "judging", "computing", "world", "reading", "failures"]
LEVELS = {name: level for level, names in enumerate(LAYERS) for name in names}
MODULES = sorted((ROOT / "app").rglob("*.py"))


def package_of(module: Path) -> str:
    """The layer of a module: a folder in app/, or a file directly in it."""
    return module.relative_to(ROOT / "app").with_suffix("").parts[0]


def imported(module: Path) -> set[str]:
    """The layers that a module imports from."""
    return {parts[0] for parts in imported_paths(module)}


def imported_paths(module: Path) -> set[tuple[str, ...]]:
    """What a module imports from app/, as paths below it."""
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            base = (node.module or "").split(".")
            names = [base] if len(base) > 1 else [[*base, alias.name] for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        else:
            continue
        found.update(tuple(name[1:]) for name in names if name[0] == "app" and len(name) > 1)
    return found


def test_every_module_has_a_layer() -> None:
    assert len(MODULES) > 30
    assert {package_of(module) for module in MODULES} - {"__init__"} <= set(LEVELS)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards(module: Path) -> None:
    own = package_of(module)

    upwards = {layer for layer in imported(module) if layer != own and LEVELS[layer] <= LEVELS[own]}

    assert upwards == set()


def test_imports_in_the_checker_go_downwards() -> None:
    modules = sorted((ROOT / "app" / "checker").rglob("*.py"))
    assert len(modules) > 30
    for module in modules:
        own = module.relative_to(ROOT / "app" / "checker").with_suffix("").parts[0]
        rooms = {
            parts[1] for parts in imported_paths(module) if parts[0] == "checker" and parts[1:]
        }

        levels = {CHECKER_ROOMS.index(room) for room in rooms - {own}}

        assert all(level > CHECKER_ROOMS.index(own) for level in levels), module


def test_the_library_knows_nothing_of_what_verifies_it() -> None:
    modules = sorted((ROOT / "app" / "library").glob("*.py"))
    assert len(modules) > 10
    for module in modules:
        assert not any(parts[:2] == ("library", "verifying") for parts in imported_paths(module))


def test_rules_do_no_io() -> None:
    forbidden = {"asyncio", "fastapi", "os", "pathlib", "random", "sqlalchemy", "sqlmodel", "time"}
    for module in (ROOT / "app" / "practice").glob("*.py"):
        tree = ast.parse(module.read_text())
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

        assert not {name.split(".")[0] for name in names} & forbidden, module


def test_sql_lives_in_storage_only() -> None:
    """Others pass sessions and engines on; the one exception asks whether the database is there."""
    for module in MODULES:
        if package_of(module) == "storage":
            continue
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module in ("sqlalchemy", "sqlmodel"):
                allowed = {"Engine", "Session"} | ({"text"} if module.stem == "home" else set())
                assert {alias.name for alias in node.names} <= allowed, module
