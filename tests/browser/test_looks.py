"""Every page, wide and narrow, light and dark: nothing overflows, axe finds nothing serious."""

from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.actions import (
    OLS_LINES,
    end_attempt,
    expect_strokes,
    mouse_stroke,
    start_attempt,
    type_lines,
    wait_for_page,
    wait_for_phase,
    wait_for_review,
    wait_until_running,
)
from tests.browser.live_server import LiveServer
from tests.browser.looks import (
    assert_sound,
    in_a_dress,
    press_until,
    show_view,
)
from tests.browser.test_compare import keep_pair
from tests.browser.test_keep import bring_in_nonsense, confirm_deletion, take_out_and_bring_in
from tests.browser.test_progress import keep_runs
from tests.browser.test_write import FILE, WRONG, bring_in, write_question, write_slip, write_step


def test_every_page_fits_and_is_accessible(dressed_page: Page) -> None:
    page = dressed_page
    for path in ("/", "/history", "/gotchas", "/checker", "/d/ols/try", "/nowhere"):
        page.goto(path)
        assert_sound(page)
    page.goto("/checker")
    page.locator("[data-try]").first.click()
    expect(page.locator("[data-findings] .finding").first).to_be_visible()
    page.get_by_text("What is given").click()
    assert_sound(page)

    start_attempt(page, derivation="mlp-backprop", mode="guided", reading=60)
    wait_for_phase(page, "reading")
    assert_sound(page)
    page.get_by_role("button", name="Start now").click()
    wait_until_running(page)
    show_view(page, "board")
    mouse_stroke(page, 60)
    assert_sound(page)
    show_view(page, "lines")
    type_lines(page, [*OLS_LINES, r"\frac{1", r"\text{so } " + " + ".join(["x_{12345}"] * 40)])
    expect(page.locator(".line [role=alert], .line-note").last).to_be_attached()
    assert_sound(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert_sound(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Done").click()
    assert_sound(page)
    page.get_by_role("button", name="End and see the key steps").click()
    wait_for_review(page)
    page.locator(".tick input").first.check()
    expect(page.locator(".tick input:checked")).to_have_count(1)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true; }")
    assert_sound(page)
    page.goto("/history")
    assert_sound(page)
    page.goto("/")
    assert_sound(page)


@in_a_dress("phone-light")
def test_the_pages_to_study_drill_and_write_fit_and_are_accessible(dressed_page: Page) -> None:
    page = dressed_page
    for path in ("/study", "/study?q=Jensen", "/study?q=zebra", "/drill", "/write", "/settings"):
        page.goto(path)
        assert_sound(page)
    for path in ("/d/ols-ridge", "/d/ols/sheet", "/d/ols-ridge/try", "/d/ols"):
        page.goto(path)
        assert_sound(page)
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("button", name="Fold all")).to_be_visible()
    assert_sound(page)
    for deck in ("gotchas", "followups"):
        page.goto(f"/drill/{deck}")
        page.locator("[data-reveal] summary").click()
        assert_sound(page)
        page.get_by_role("button", name="Knew it").click()
        expect(page.locator("[data-take-back]")).to_be_visible()
        assert_sound(page)

    page.goto("/write/new")
    write_question(page)
    write_step(page, WRONG)
    write_slip(page)
    expect(page.get_by_role("alert")).to_contain_text("Does not hold")
    assert_sound(page)
    bring_in(page, FILE.replace("prompt", "promt"))
    expect(page.locator("#problems")).to_be_visible()
    assert_sound(page)
    bring_in(page, FILE)
    page.wait_for_url("**/write/half-square")
    page.goto("/write")
    assert_sound(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert_sound(page)


@in_a_dress("wide-dark")
def test_the_ladder_and_what_is_redone_fit_and_are_accessible(dressed_page: Page) -> None:
    page = dressed_page
    for path in (
        "/d/ols/ladder",
        "/d/mlp-backprop/ladder/order?seed=1",
        "/d/ols/ladder/order?seed=1&answered=1",
        "/d/ols/ladder/order?seed=1&shown=1",
        "/d/dpo/ladder/missing?seed=1",
        "/d/ols/ladder/missing?seed=1&line=w%20%3D%201",
        "/d/ols/ladder/missing?seed=1&shown=1",
        "/d/svm-dual/ladder/corrupted?seed=1",
        "/d/ols/ladder/corrupted?seed=1&chosen=1",
        "/redo",
        "/redo/svm-dual/4",
        "/redo/ols/3?shown=1",
    ):
        page.goto(path)
        assert_sound(page)
    start_attempt(page)
    show_view(page, "lines")
    type_lines(page, OLS_LINES[:1])
    end_attempt(page)
    for path in ("/redo", "/drill"):
        page.goto(path)
        assert_sound(page)


@in_a_dress("wide-dark")
def test_two_attempts_beside_each_other_fit_and_are_accessible(
    dressed_page: Page, server: LiveServer
) -> None:
    page = dressed_page
    keep_pair(server.database)
    page.goto("/compare/short/long?t=1m10s")
    expect(page.locator(".half__lines .katex-html")).to_have_count(3)
    assert_sound(page)
    page.goto("/compare/short")
    assert_sound(page)


@in_a_dress("phone-light")
def test_the_pages_about_progress_fit_and_are_accessible(
    dressed_page: Page, server: LiveServer
) -> None:
    page = dressed_page
    for path in ("/progress", "/progress/ols"):
        page.goto(path)
        assert_sound(page)
    keep_runs(server.database)
    for path in ("/progress", "/progress/ols", "/progress/rope"):
        page.goto(path)
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true; }")
        assert_sound(page)
    page.goto("/progress/ols")
    page.locator("[data-marks]").focus()
    assert_sound(page)


@in_a_dress("phone-light")
def test_an_attempt_with_a_ghost_fits_and_is_accessible(
    dressed_page: Page, server: LiveServer
) -> None:
    page = dressed_page
    keep_runs(server.database)
    page.goto("/d/ols/try")
    page.check("[name=ghost][value=best]")
    assert_sound(page)
    page.get_by_role("button", name="Start", exact=True).click()
    wait_until_running(page)
    expect(page.locator(".ghost")).to_be_visible()
    assert_sound(page)


@in_a_dress("wide-dark")
def test_the_console_of_a_live_session_fits_and_is_accessible(dressed_page: Page) -> None:
    page = dressed_page
    page.goto("/sessions")
    assert_sound(page)
    page.get_by_label("Your name").fill("Hana")
    page.get_by_role("button", name="Begin").click()
    wait_for_page(page, "body.console")
    show_view(page, "board")
    assert_sound(page)
    page.get_by_label("Derivation", exact=True).select_option("ols")
    page.get_by_role("button", name="Put it on the board").click()
    wait_for_page(page, "body[data-judges]")
    page.get_by_role("button", name="Start").click()
    wait_until_running(page)
    for key in ("1", "!", "h"):
        page.keyboard.press(key)
    for view in ("board", "lines", "desk"):
        show_view(page, view)
        assert_sound(page)
    for button in page.locator("[data-tab-choice]").all():
        button.click()
        assert_sound(page)
    page.get_by_role("button", name="Session").click()
    assert_sound(page)
    page.get_by_role("button", name="Another derivation").click()
    assert_sound(page)
    page.keyboard.press("Escape")
    page.on("dialog", Dialog.accept)
    page.get_by_role("button", name="Session").click()
    page.get_by_role("button", name="End the session").click()
    wait_for_page(page, "body[data-over]")
    assert_sound(page)
    page.goto("/sessions")
    assert_sound(page)


@in_a_dress("phone-light")
def test_what_is_mine_to_keep_fits_and_is_accessible(dressed_page: Page) -> None:
    page = dressed_page
    page.goto("/keep")
    assert_sound(page)
    take_out_and_bring_in(page)
    assert_sound(page)
    bring_in_nonsense(page)
    assert_sound(page)
    start_attempt(page)
    for path in ("/keep", "/keep/deletion"):
        page.goto(path)
        assert_sound(page)
    page.goto("/")
    page.get_by_role("button", name="Abandon").click()
    page.goto("/history")
    page.locator(".attempts__row").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/keep")
    expect(page.locator(".bin__row")).to_have_count(1)
    assert_sound(page)
    page.goto("/keep/deletion")
    assert_sound(page)
    confirm_deletion(page, "no")
    assert_sound(page)
    confirm_deletion(page, "delete everything")
    assert_sound(page)


def test_on_a_phone_board_and_lines_are_two_views_and_the_writing_fits(
    chromium: Browser, server: LiveServer
) -> None:
    context = chromium.new_context(
        base_url=server.origin, viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    start_attempt(page)
    expect(page.locator(".prompt")).to_be_visible()
    expect(page.locator(".board")).to_be_hidden()

    show_view(page, "board")
    box = page.locator(".board__page").bounding_box()
    assert box is not None
    cdp = context.new_cdp_session(page)
    points = [{"x": box["x"] + 30 + 10 * i, "y": box["y"] + 50} for i in range(10)]
    cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        cdp.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_strokes(page, 1)
    assert box["width"] <= 390

    show_view(page, "lines")
    expect(page.locator(".board")).to_be_hidden()
    type_lines(page, OLS_LINES[:1])
    expect(page.locator(".line .katex-html")).to_have_count(1)
    end_attempt(page)
    expect_strokes(page, 1)
    context.close()


def test_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    press_until(page, "Tab", "Start 5:00 on Ordinary least squares")
    page.keyboard.press("Enter")
    wait_until_running(page)
    press_until(page, "Tab", "Line 1")
    page.keyboard.insert_text(OLS_LINES[0])
    page.keyboard.press("Enter")
    page.keyboard.insert_text(OLS_LINES[1])
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    press_until(page, "Shift+Tab", "Done")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    wait_for_review(page)

    expect(page.locator("[data-replay-lines] li")).to_have_count(2)
    page.locator("[data-tick] input").first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".tick input:checked")).to_have_count(1)
