"""Names that nobody can guess."""

import hashlib
import secrets

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
ID_LENGTH = 10
# 32 letters of 5 bits each: 160 bits.
TOKEN_LENGTH = 32


def new_id() -> str:
    """The name of a thing: not guessed by chance, and short enough to be read out."""
    return _letters(ID_LENGTH)


def new_token() -> str:
    """What opens a door to whoever has it."""
    return _letters(TOKEN_LENGTH)


def kept_id(attempt_id: str) -> str:
    """The id under which somebody keeps a copy of an attempt of a live session among their own:
    always the same, so that it is kept once."""
    digest = hashlib.sha256(f"kept {attempt_id}".encode()).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:ID_LENGTH])


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))
