"""Data processing, the harder variant."""

from typing import NamedTuple

import numpy as np
import pytest

from tests.content.kl_divergence.world import POINTS
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim, slip, step
from tests.content.worlds.common import distribution, kl

CHANNEL = "kl-divergence-channel"


class Channel(NamedTuple):
    p: Array
    q: Array
    noise: Array

    @property
    def pairs(self) -> tuple[Array, Array]:
        return self.p[:, None] * self.noise, self.q[:, None] * self.noise

    @property
    def outputs(self) -> tuple[Array, Array]:
        first, second = self.pairs
        return first.sum(axis=0), second.sum(axis=0)

    @property
    def of_input(self) -> float:
        return kl(self.p, self.q)

    @property
    def of_output(self) -> float:
        return kl(*self.outputs)

    @property
    def given_output(self) -> Array:
        """KL(p(x|y) ‖ q(x|y)) for each y."""
        first, second = (pair / pair.sum(axis=0) for pair in self.pairs)
        result: Array = np.sum(first * np.log(first / second), axis=0)
        return result


@pytest.fixture
def channel(rng: np.random.Generator) -> Channel:
    noise = distribution(rng, POINTS, 4, axis=1)
    return Channel(distribution(rng, POINTS), distribution(rng, POINTS), noise)


@step(CHANNEL, "1", r"\mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(x) \| q(x))")
def test_channel_cancels_in_the_pair(channel: Channel) -> None:
    assert_same(kl(*channel.pairs), channel.of_input)


@step(
    CHANNEL,
    "2",
    r"""
    \mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(y) \| q(y))
    + \sum_y p(y)\, \mathrm{KL}(p(x|y) \| q(x|y))
    """,
)
@claim(CHANNEL, "This is the chain rule of the divergence, which needs no channel")
def test_chain_rule(channel: Channel, rng: np.random.Generator) -> None:
    output, _ = channel.outputs
    assert_same(kl(*channel.pairs), channel.of_output + float(output @ channel.given_output))

    first, second = (distribution(rng, 3, 4, axis=(0, 1)) for _ in range(2))
    columns = zip((first / first.sum(axis=0)).T, (second / second.sum(axis=0)).T, strict=True)
    inner = np.array([kl(one, other) for one, other in columns])
    outer = kl(first.sum(axis=0), second.sum(axis=0))
    assert_same(kl(first, second), outer + float(first.sum(axis=0) @ inner))


@step(CHANNEL, "3", r"\mathrm{KL}(p(y) \| q(y)) \le \mathrm{KL}(p(x) \| q(x))")
@claim(CHANNEL, "where every input can lead to every output, that means $p = q$")
def test_data_processing(channel: Channel) -> None:
    assert channel.of_output < channel.of_input
    assert_same(channel._replace(q=channel.p).of_output, 0.0)


@claim(CHANNEL, "$p(x)/q(x)$ has to be the same for all inputs that can lead to the same output")
@claim(CHANNEL, "Merging points of $\\mathcal{X}$ into groups is a channel too")
def test_merging_points(channel: Channel) -> None:
    def merged(p: Array) -> Array:
        result: Array = p.reshape(-1, 2).sum(axis=1)
        return result

    p, q = channel.p, channel.q
    assert kl(merged(p), merged(q)) < kl(p, q)

    constant = np.repeat(merged(q) / merged(p), 2) * p
    assert_same(kl(merged(p), merged(constant)), kl(p, constant))


@slip(
    CHANNEL,
    "channel-counted",
    r"\mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(x) \| q(x)) + \mathrm{KL}(p(y) \| q(y))",
)
@claim(CHANNEL, "the pair says no more than $x$ does, and this line would count it twice")
def test_channel_counted(channel: Channel) -> None:
    assert_differs(kl(*channel.pairs), channel.of_input + channel.of_output)

    copies = channel._replace(noise=np.eye(POINTS))
    first, second = (np.diag(pair) for pair in copies.pairs)
    assert_same(kl(first, second), channel.of_input)
    assert_same(copies.of_output, channel.of_input)


@slip(
    CHANNEL,
    "weights-of-the-second",
    r"""
    \mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(y) \| q(y))
    + \sum_y q(y)\, \mathrm{KL}(p(x|y) \| q(x|y))
    """,
)
def test_weights_of_the_second(channel: Channel) -> None:
    _, output = channel.outputs

    assert_differs(kl(*channel.pairs), channel.of_output + float(output @ channel.given_output))


@slip(
    CHANNEL,
    "not-averaged",
    r"""
    \mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(y) \| q(y)) + \sum_y \mathrm{KL}(p(x|y) \| q(x|y))
    """,
)
@claim(CHANNEL, "would count their divergence once for each value of $y$")
def test_not_averaged(channel: Channel) -> None:
    assert_differs(kl(*channel.pairs), channel.of_output + float(channel.given_output.sum()))

    deaf = channel._replace(noise=np.tile(channel.noise[:1], (POINTS, 1)))
    assert_same(deaf.given_output, np.full(4, channel.of_input))


@slip(CHANNEL, "processing-turned", r"\mathrm{KL}(p(y) \| q(y)) \ge \mathrm{KL}(p(x) \| q(x))")
@claim(CHANNEL, "both outputs have the same distribution and the left side is 0")
def test_processing_turned(channel: Channel) -> None:
    deaf = channel._replace(noise=np.tile(channel.noise[:1], (POINTS, 1)))

    assert channel.of_output < channel.of_input - 1e-6
    assert_same(deaf.of_output, 0.0)


@slip(CHANNEL, "nothing-lost", r"\mathrm{KL}(p(y) \| q(y)) = \mathrm{KL}(p(x) \| q(x))")
def test_nothing_lost(channel: Channel) -> None:
    assert_differs(channel.of_output, channel.of_input)
