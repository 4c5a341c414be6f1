"""A solver of somebody else's finds the same optima as the search through all faces."""

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, minimize

from tests.content.numeric import Array, assert_same
from tests.content.registry import claim
from tests.content.svm_dual.data import Data, Hard, Soft, dual, primal, soft_dual, soft_primal
from tests.content.svm_dual.programs import Program

ID = "svm-dual"


def solve_with_a_library(program: Program) -> Array:
    """By sequential quadratic programming, from the origin."""
    constraints = [LinearConstraint(program.rows, lb=program.floor[:, 0])]
    if len(program.equations):
        values = program.values[:, 0]
        constraints.append(LinearConstraint(program.equations, lb=values, ub=values))
    found = minimize(
        lambda z: program.value(z[:, None]),
        np.zeros(program.rows.shape[1]),
        jac=lambda z: (program.H @ z[:, None] - program.g)[:, 0],
        constraints=constraints,
        method="SLSQP",
        options={"ftol": 1e-10, "maxiter": 500},
    )
    assert found.success, found.message
    result: Array = found.x[:, None]
    return result


@claim(ID, "If the classes can be separated, the best bound is tight")
def test_primal_and_dual_without_slack(hard: Hard) -> None:
    data, w, b, a = hard

    z = solve_with_a_library(primal(data))
    alpha = solve_with_a_library(dual(data))

    assert_same(z, np.vstack([w, [[b]]]), 1e-5)
    assert primal(data).value(z) == pytest.approx(-dual(data).value(alpha), abs=1e-6)
    assert data.dual_value(alpha) == pytest.approx(data.dual_value(a), abs=1e-6)


def test_primal_and_dual_with_slack(soft: Soft) -> None:
    data: Data = soft.data

    z = solve_with_a_library(soft_primal(data, soft.C))
    alpha = solve_with_a_library(soft_dual(data, soft.C))

    best = soft_primal(data, soft.C).value(z)
    assert_same(z[: len(soft.w)], soft.w, 1e-4)
    assert best == pytest.approx(-soft_dual(data, soft.C).value(alpha), rel=1e-6)
    assert data.dual_value(alpha) == pytest.approx(data.dual_value(soft.a), rel=1e-6)
