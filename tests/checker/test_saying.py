"""Names in messages are plain text."""

import pytest

from app.checker.reading.saying import say
from app.checker.reading.tree import Name
from tests.checker.helpers import read


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("m_i", "m_i"),
        (r"\gamma_{ik}", "γ_ik"),
        (r"\hat{r}_\theta", "r̂_θ"),
        (r"\tilde{\lambda}", "λ̃"),
        (r"\mathcal{F}", "F"),
        (r"\Sigma_k'", "Σ_k'"),
        ("w^*", "w^*"),
        (r"\Delta \hat{w}", "Δŵ"),
    ],
)
def test_a_name_is_said_as_one_writes_it(tex: str, said: str) -> None:
    name = read(tex)

    assert isinstance(name, Name)
    assert said == say(name)
