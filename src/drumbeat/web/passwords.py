"""Passwords: argon2id with the parameters OWASP recommends, two at a time, and no more rules
than help: long enough, and not one that everybody tries first."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH, MAX_LENGTH = 15, 256
# 46 MiB, one pass, one lane (OWASP's first choice); more than two at once would let strangers
# fill the memory by trying.
_HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)
_FIRST_TRIES = ("password", "drumbeat", "correcthorsebattery", "letmein", "qwertyuiop", "iloveyou")


def hash_password(password: str) -> str:
    """The hash to keep. Raises ValueError for a password ``problem_with`` objects to."""
    if problem := problem_with(password):
        raise ValueError(problem)
    with _AT_ONCE:
        return _HASHER.hash(password)


def problem_with(password: str) -> str:
    """What is wrong with a new password, in words; empty when nothing is."""
    if len(password) < MIN_LENGTH:
        return f"Use at least {MIN_LENGTH} characters; a few words in a row are fine."
    if len(password) > MAX_LENGTH:
        return f"Use at most {MAX_LENGTH} characters."
    plain = "".join(letter for letter in password.casefold() if letter.isalnum())
    if len(set(plain)) < 5 or any(_is_mostly(plain, word) for word in _FIRST_TRIES):
        return "This one is tried first by everybody; choose another."
    return ""


def _is_mostly(plain: str, word: str) -> bool:
    """Whether nothing but digits is left without the word."""
    rest = plain.replace(word, "")
    return rest != plain and (not rest or rest.isdigit())


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the hash. No account takes as long as a wrong password."""
    given = password[: MAX_LENGTH + 1]
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _nobodys(), given) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("an account that does not exist")
