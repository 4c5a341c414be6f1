"""Points survive their coding, and ids are what the log takes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_points_come_back_as_they_went(bare_page: Page) -> None:
    failures = bare_page.evaluate("""async () => {
      const { encodePoints, decodePoints } = await import("/static/js/board/points.js");
      const random = (most) => Math.floor(Math.random() * (most + 1));
      const failures = [];
      for (let round = 0; round < 500; round++) {
        let t = random(300000);
        const points = Array.from({ length: 1 + random(64) }, () =>
          [random(16000), random(20000), random(255), (t += random(40))]);
        const coded = encodePoints(points);
        const back = decodePoints(coded, points[0][3]);
        const isSame = JSON.stringify(back) === JSON.stringify(points);
        if (!isSame || coded[3] !== 0 || coded.length !== points.length * 4) failures.push(points);
      }
      return failures;
    }""")

    assert failures == []


def test_a_batch_is_coded_as_agreed(bare_page: Page) -> None:
    coded = bare_page.evaluate("""async () => {
      const { encodePoints } = await import("/static/js/board/points.js");
      return encodePoints([[100, 200, 128, 5000], [103, 198, 130, 5004], [103, 198, 120, 5012]]);
    }""")

    assert coded == [100, 200, 128, 0, 3, -2, 2, 4, 0, 0, -10, 8]


def test_ids_fit_the_log_and_never_repeat(bare_page: Page) -> None:
    ids: list[Any] = bare_page.evaluate("""async () => {
      const { createIds } = await import("/static/js/board/desk.js");
      const [one, other] = [createIds(), createIds()];
      return Array.from({ length: 2000 }, (_, i) => (i % 2 ? one : other)());
    }""")

    assert len(set(ids)) == 2000
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,23}", id_) for id_ in ids)
