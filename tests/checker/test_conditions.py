"""Which conditions restrict which claims."""

import pytest

from app.checker.judging.conditions import claims_of
from app.checker.world.world import World
from tests.checker.helpers import line
from tests.checker.outline import outline


@pytest.mark.parametrize(
    ("tex", "claims"),
    [
        ("a = b, c = d", {"a = b": [], "c = d": []}),
        (r"a = b, c = d \text{ if } i < j", {"a = b": ["i < j"], "c = d": ["i < j"]}),
        (r"\text{if } i < j, a = b", {"a = b": ["i < j"]}),
        (r"a = b \text{ if } i < j, c = d", {"a = b": ["i < j"], "c = d": ["i < j"]}),
        (
            r"a = b \text{ if } i < j, \quad c = d \text{ if } i > j",
            {"a = b": ["i < j"], "c = d": ["i > j"]},
        ),
        (
            r"\text{if } i < j, a = b \text{ when } k < l, c = d \text{ when } k > l",
            {"a = b": ["i < j", "k < l"], "c = d": ["i < j", "k > l"]},
        ),
        (r"a = b \quad \forall i", {"a = b": ["i"]}),
        (r"a_i = b_j, \quad i \ne j", {"a_{i} = b_{j}": ["i != j"]}),
        (r"i = j: a_i = b_j", {"a_{i} = b_{j}": ["i = j"]}),
        (r"i = j \implies a_i = b_j", {"a_{i} = b_{j}": ["i = j"]}),
        ("i = j", {"i = j": []}),
    ],
)
def test_a_condition_restricts_the_claims_that_it_belongs_to(
    tex: str, claims: dict[str, list[str]]
) -> None:
    found = {
        outline(clause.chain): [outline(chain) for chain in conditions]
        for clause, conditions in claims_of(line(tex), World())
    }

    assert found == claims
