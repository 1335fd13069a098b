"""The password at the door."""

from __future__ import annotations

import base64

from freemlops.server.access import HASH_OF_PASSWORD, Access, open_access


class Store(dict[str, str]):
    """The settings store's two methods over a dictionary."""

    def set(self, key: str, value: str) -> None:
        self[key] = value


def opened(password: str | None = "correct horse", store: Store | None = None) -> Access:
    return open_access(store if store is not None else Store(), password)[0]


def test_lets_in_who_knows_the_password() -> None:
    assert opened().check("correct horse")


def test_refuses_a_wrong_password() -> None:
    assert not opened().check("correct house")


def test_stores_no_password_in_clear() -> None:
    store = Store()
    opened(store=store)
    assert "correct horse" not in str(dict(store))
    assert store[HASH_OF_PASSWORD].startswith("$argon2")


def test_generates_a_password_once_and_never_tells_it_again() -> None:
    store = Store()
    access, generated = open_access(store, None)
    assert generated is not None
    assert access.check(generated)
    again, told = open_access(store, None)
    assert told is None
    assert again.check(generated)


def test_a_session_opens_and_a_forged_one_does_not() -> None:
    access = opened()
    session = access.session()
    expiry, signature = session.split(".")
    assert access.is_session(session)
    assert not access.is_session(f"{int(expiry) + 1}.{signature}")
    assert not access.is_session("")
    assert not access.is_session("é.ç")


def test_a_changed_password_ends_all_sessions() -> None:
    store = Store()
    session = opened("first", store).session()
    assert not opened("second", store).is_session(session)


def test_the_same_password_at_the_next_start_keeps_sessions() -> None:
    store = Store()
    session = opened("first", store).session()
    assert opened("first", store).is_session(session)


def test_accepts_bearer_and_basic_and_nothing_else() -> None:
    access = opened()
    basic = base64.b64encode(b"anyone:correct horse").decode()
    assert access.is_authorized("Bearer correct horse")
    assert access.is_authorized(f"Basic {basic}")
    assert not access.is_authorized("Basic %%%")
    assert not access.is_authorized("correct horse")


def test_ten_failures_in_a_minute_close_the_door_even_to_the_right_password() -> None:
    access = opened()
    for n in range(10):
        access.check(f"guess {n}")
    assert not access.check("correct horse")


def test_a_password_with_accents_works_as_callers_send_it() -> None:
    access = opened("maçã-segura")
    assert access.is_authorized("Bearer " + "maçã-segura".encode().decode("latin-1"))
    assert access.is_authorized("Bearer maçã-segura")
    assert not access.is_authorized("Bearer maca-segura")
