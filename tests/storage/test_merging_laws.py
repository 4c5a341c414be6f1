"""Merging is a law: whatever two devices hold, and whichever of them takes in the other's file."""

from hypothesis import example, given, settings

from tests.storage.accounts import (
    MINE,
    NEWER,
    Account,
    accounts,
    brought_in,
    contents,
    empty,
    exported,
    furnish,
)

NOTHING: Account = {"attempts": {}, "ratings": [], "answers": [], "choices": {}, "own": {}}


def with_own(**versions: tuple[str, int, int, bool]) -> Account:
    return {**NOTHING, "own": {key.replace("_", "-"): one for key, one in versions.items()}}


@settings(max_examples=12)
@given(accounts)
def test_export_then_import_into_an_empty_account_is_the_identity(account: Account) -> None:
    with empty() as source, empty() as target:
        furnish(source, account)
        file = exported(source)

        brought_in(target, file)

        assert contents(target) == contents(source)
        assert exported(target) == file


@settings(max_examples=12)
@given(accounts, accounts)
@example(with_own(half_square=(MINE, 0, 1, False)), with_own(half_square=(NEWER, 0, 1, False)))
@example(with_own(half_square=(MINE, 0, 1, False)), with_own(half_square=(MINE, 0, 2, False)))
def test_two_devices_that_take_in_each_other_hold_the_same(one: Account, other: Account) -> None:
    with empty() as first, empty() as second:
        furnish(first, one)
        furnish(second, other)
        from_first, from_second = exported(first), exported(second)

        brought_in(first, from_second)
        brought_in(second, from_first)

        assert contents(first) == contents(second)
        assert exported(first) == exported(second)


@settings(max_examples=12)
@given(accounts, accounts)
def test_a_file_that_is_brought_in_again_changes_nothing(one: Account, other: Account) -> None:
    with empty() as first, empty() as second:
        furnish(first, one)
        furnish(second, other)
        file = exported(second)
        brought_in(first, file)
        before = contents(first)

        again = brought_in(first, file)

        assert not again.changed
        assert contents(first) == before
        assert not brought_in(first, exported(first)).changed
