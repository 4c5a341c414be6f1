"""What the prose says of testing gradients."""

import numpy as np

from tests.content.mlp_backprop.world import ID, World
from tests.content.numeric import Array, assert_same
from tests.content.registry import claim


@claim(ID, r"The error is of order $\epsilon^2$ plus rounding")
@claim(ID, r"in double precision with $\epsilon$ near $10^{-5}$")
def test_error_of_central_differences(world: World) -> None:
    """Of the exponential, whose derivative is known."""
    z = world.z_1

    def error(epsilon: float) -> float:
        differences = (np.exp(z + epsilon) - np.exp(z - epsilon)) / (2 * epsilon)
        return float(np.max(np.abs(differences - np.exp(z))))

    assert_same(error(1e-2) / error(1e-3), 100.0, 1e-2)
    assert error(1e-5) < min(error(1e-3), error(1e-9)), "shorter steps lose by rounding"


@claim(ID, "so a relative difference above $10^{-4}$ or so deserves a look")
def test_central_differences_see_a_wrong_gradient(world: World) -> None:
    """The check that the follow-up recommends, on a right gradient and on one slip."""
    true = world.slope("W_2")

    def relative_difference(claimed: Array) -> float:
        return float(np.linalg.norm(claimed - true) / np.linalg.norm(true))

    assert relative_difference((world.y_hat - world.y) @ world.h_1.T) < 1e-4
    assert relative_difference((world.y - world.y_hat) @ world.h_1.T) > 1e-4
