"""Settings as a person makes them, and what they do on the other pages."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.actions import end_attempt, start_attempt, type_lines, wait_until_running
from tests.browser.live_server import LiveServer

GROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
DARK, LIGHT = "rgb(21, 24, 26)", "rgb(250, 248, 243)"


def saved(page: Page) -> None:
    expect(page.locator("#state")).to_have_text("✓ Saved")
    # The next change has to bring a sentence of its own.
    page.evaluate("document.getElementById('state').replaceChildren()")


def test_the_theme_changes_at_once_and_stays(page: Page) -> None:
    page.goto("/settings")
    assert page.evaluate(GROUND) == LIGHT

    page.get_by_label("Dark").check()
    saved(page)
    assert page.evaluate(GROUND) == DARK
    for path in ("/", "/d/ols", "/nowhere"):
        page.goto(path)
        assert page.evaluate(GROUND) == DARK

    page.goto("/settings")
    page.get_by_label("As the system").check()
    saved(page)
    assert page.evaluate(GROUND) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GROUND) == DARK
    page.get_by_label("Light", exact=True).check()
    saved(page)
    assert page.evaluate(GROUND) == LIGHT


def test_the_ink_of_the_board_suits_the_theme(page: Page) -> None:
    page.goto("/settings")
    page.get_by_label("Dark").check()
    saved(page)

    start_attempt(page)

    assert page.evaluate(
        """async () => {
          const { src } = document.querySelector("script[type=module]");
          const { readColours } = await import(src.replace("practice/page", "board/colours"));
          const { ink, board, outline } = readColours(document.querySelector(".board__page"));
          return [ink, board, outline];
        }"""
    ) == ["rgb(241, 238, 230)", "rgb(27, 32, 34)", "rgb(123, 133, 140)"]


def test_clock_sound_and_board_are_as_chosen_until_chosen_otherwise(page: Page) -> None:
    page.goto("/settings")
    page.get_by_label("Show the clock").uncheck()
    saved(page)
    page.get_by_label("Sound at").check()
    saved(page)
    page.get_by_label("Ruled").check()
    saved(page)
    page.get_by_label("Thick").check()
    saved(page)

    start_attempt(page)
    clock, sound = page.locator("[data-clock]"), page.locator("[data-sound]")
    board = page.locator(".board")
    expect(clock).to_have_text("Show clock")
    expect(sound).to_have_attribute("aria-pressed", "true")
    expect(board).to_have_attribute("data-ruled", "")
    expect(page.get_by_role("button", name="Thick")).to_have_attribute("aria-pressed", "true")

    # Chosen here, it holds in this browser, also when something else is set.
    clock.click()
    sound.click()
    page.get_by_role("button", name="Ruled page").click()
    page.reload()
    wait_until_running(page)
    expect(clock).not_to_have_text("Show clock")
    expect(sound).to_have_attribute("aria-pressed", "false")
    expect(board).not_to_have_attribute("data-ruled", "")
    expect(page.get_by_role("button", name="Thick")).to_have_attribute("aria-pressed", "true")
    attempt = page.url

    # And until it is set again.
    page.goto("/settings")
    page.get_by_label("Plain").check()
    saved(page)
    page.get_by_label("Ruled").check()
    saved(page)
    page.get_by_label("Show the clock").check()
    saved(page)
    page.get_by_label("Show the clock").uncheck()
    saved(page)
    page.goto(attempt)
    wait_until_running(page)
    expect(clock).to_have_text("Show clock")
    expect(board).to_have_attribute("data-ruled", "")
    expect(sound).to_have_attribute("aria-pressed", "false")
    type_lines(page, ["x"])
    end_attempt(page)
    expect(board).to_have_attribute("data-ruled", "")


def test_what_does_not_fit_is_said_and_then_put_right(page: Page) -> None:
    page.goto("/settings")

    page.get_by_label("to", exact=True).fill("6:00")
    page.keyboard.press("Tab")
    expect(page.locator("#state")).to_contain_text("Targets: The targets go down")
    page.get_by_label("to", exact=True).fill("2:30")
    page.keyboard.press("Enter")
    saved(page)
    # Enter sends the form twice, once for the change: the word that it is saved may be of that.
    with page.expect_response(lambda answer: "minutes=4" in (answer.request.post_data or "")):
        page.get_by_label("minutes").fill("4")
        page.keyboard.press("Tab")

    page.goto("/")
    expect(page.get_by_role("button", name="Start 4:00").first).to_be_visible()
    expect(page.locator(".standing__label", has_text="2:30").first).to_be_visible()
    page.goto("/settings")
    expect(page.get_by_label("minutes")).to_have_value("4")


def test_the_plan_is_put_in_order_by_the_keyboard(page: Page) -> None:
    page.goto("/settings")
    rows = page.locator("#plan-rows li")
    third = rows.nth(2).inner_text().strip().splitlines()[0]
    up = page.get_by_role("button", name=f"Move {third} up")

    up.focus()
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_contain_text(third)
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(0)).to_contain_text(third)
    expect(page.get_by_role("button", name=f"Move {third} down")).to_be_focused()
    page.get_by_label(third, exact=True).focus()
    saved(page)
    page.locator("#plan-rows input[type=checkbox]").nth(1).uncheck()
    saved(page)

    page.goto("/drill")
    expect(page.locator(".today")).to_contain_text(f"Today: {third} day 1 of 7")
    page.goto("/")
    expect(page.locator(".now__title")).to_have_text(third)
    page.locator(".now").get_by_role("button").click()
    wait_until_running(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(third)


def test_without_scripts_there_is_a_button(chromium: Browser, server: LiveServer) -> None:
    context = chromium.new_context(base_url=server.origin, java_script_enabled=False)
    page = context.new_page()
    page.goto("/settings")
    page.get_by_label("Dark").check()
    page.get_by_label("Time zone").select_option("Pacific/Honolulu")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Dark")).to_be_checked()
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Honolulu")
    assert page.evaluate(GROUND) == DARK
    context.close()


def test_dates_are_shown_in_the_zone(page: Page) -> None:
    start_attempt(page)
    type_lines(page, ["x"])
    end_attempt(page)
    page.goto("/history")
    first = page.locator(".attempts time").inner_text()
    page.goto("/settings")
    page.get_by_label("Time zone").select_option("Asia/Kathmandu")
    saved(page)

    page.goto("/history")

    # A quarter of an hour off every full one: no zone of a test machine shows the same minutes.
    assert page.locator(".attempts time").inner_text()[-6:] != first[-6:]
