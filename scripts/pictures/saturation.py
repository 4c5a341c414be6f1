"""What the softmax makes of raw scores, and of scores divided by the root of the width."""

from dataclasses import dataclass

import numpy as np

from scripts.pictures.drawing import Array, Colour, Frame, Sheet

WIDTH_OF_HEAD = 64
KEYS = 8
SEED = 4

LEFT = Frame(x=(0, KEYS), y=(0, 1), left=8, right=160, top=50, bottom=206)
RIGHT = Frame(x=(0, KEYS), y=(0, 1), left=200, right=352, top=50, bottom=206)
BAR = 0.62
HEIGHT = 236


@dataclass(frozen=True)
class Weights:
    scores: Array
    raw: Array
    scaled: Array


def weights() -> Weights:
    drawn = np.random.RandomState(SEED).normal(size=(KEYS + 1, WIDTH_OF_HEAD))
    scores = drawn[1:] @ drawn[0]
    return Weights(scores, softmax(scores), softmax(scores / np.sqrt(WIDTH_OF_HEAD)))


def softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def draw() -> str:
    found = weights()
    sheet = Sheet(HEIGHT)
    _draw_bars(sheet, LEFT, found.raw, r"$\softmax(q^\top k)$", "second")
    _draw_bars(sheet, RIGHT, found.scaled, r"$\softmax(q^\top k/\sqrt d)$", "accent")
    return sheet.svg()


def _draw_bars(sheet: Sheet, frame: Frame, values: Array, name: str, colour: Colour) -> None:
    sheet.label(((frame.left + frame.right) / 2, 18), name, colour, "middle")
    for key, value in enumerate(values):
        left, right = key + (1 - BAR) / 2, key + (1 + BAR) / 2
        sheet.bar(frame.at(left, value), frame.at(right, 0), colour, solid=True)
    best = int(np.argmax(values))
    x, y = frame.at(best + 0.5, values[best])
    sheet.label((x, y - 7), f"${values[best]:.2f}$", colour, "middle")
    sheet.base(frame)
