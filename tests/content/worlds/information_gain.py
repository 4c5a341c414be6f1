"""A split of a labelled data set. Axis 0 is the class c and axis 1 the value v of the feature."""

from typing import Any

import numpy as np

from tests.content.numeric import Array
from tests.content.worlds.common import at_most, below, entropy, kl, same

CLASSES, VALUES = 3, 4


def namespace(rng: np.random.Generator) -> dict[str, object]:
    count = rng.integers(1, 30, size=(CLASSES, VALUES)).astype(float)
    n = float(count.sum())
    joint = count / n
    pc, pv = joint.sum(axis=1), joint.sum(axis=0)
    c_given_v, v_given_c = joint / pv, joint / pc[:, None]
    HSv = entropies(c_given_v, 0)
    HSA = float(np.sum(pv * HSv))
    return {
        "log": np.log,
        "sum": np.sum,
        "same": same,
        "at_most": at_most,
        "below": below,
        "kl": kl,
        "entropy": entropy,
        "count": count,
        "n": n,
        "nv": count.sum(axis=0),
        "joint": joint,
        "pc": pc,
        "pv": pv,
        "outer": np.outer(pc, pv),
        "c_v": c_given_v,
        "v_c": v_given_c,
        "col": lambda values: np.asarray(values)[:, None],
        "HS": entropy(pc),
        "HA": entropy(pv),
        "HYA": entropy(joint),
        "HSv": HSv,
        "HSA": HSA,
        "HAY": float(np.sum(pc * entropies(v_given_c, 1))),
        "IG": entropy(pc) - HSA,
        "GS": 1 - float(np.sum(pc**2)),
        "GSv": 1 - np.sum(c_given_v**2, axis=0),
        "over": lambda axis, values: np.sum(values, axis=axis),
    }


def entropies(p: Any, axis: int) -> Array:
    result: Array = -np.sum(p * np.log(p), axis=axis)
    return result
