"""What the vault promises: what was sealed opens again in its own place, and nowhere else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.adapters.vault import (
    ClientKeyDestroyed,
    SealBroken,
    UnknownMasterKey,
    Vault,
    VaultError,
)

OLD, NEW = b"o" * 32, b"n" * 32
VAULT = Vault([("new", NEW), ("old", OLD)])
ALICE = VAULT.new_client_key("alice")
BOB = VAULT.new_client_key("bob")
PLACE = ("client", "alice", "born_on")
ENCODABLE = st.text(st.characters(exclude_categories=["Cs"]))


@given(ENCODABLE)
def test_what_was_sealed_opens_again(text: str) -> None:
    sealed = VAULT.seal(ALICE, *PLACE, text)
    assert VAULT.open(ALICE, *PLACE, sealed) == text


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert VAULT.seal(ALICE, *PLACE, "1990-01-02") != VAULT.seal(ALICE, *PLACE, "1990-01-02")


@pytest.mark.parametrize(
    "place",
    [("response", "alice", "born_on"), ("client", "bob", "born_on"), ("client", "alice", "note")],
    ids=["another table", "another row", "another column"],
)
def test_a_value_moved_elsewhere_does_not_open(place: tuple[str, str, str]) -> None:
    sealed = VAULT.seal(ALICE, *PLACE, "1990-01-02")
    with pytest.raises(SealBroken, match="damaged or was moved"):
        VAULT.open(ALICE, *place, sealed)


def test_another_clients_key_does_not_open_it() -> None:
    sealed = VAULT.seal(ALICE, *PLACE, "1990-01-02")
    with pytest.raises(SealBroken, match="another client's key"):
        VAULT.open(BOB, *PLACE, sealed)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_noticed(position: int, change: int) -> None:
    sealed = bytearray(VAULT.seal(ALICE, *PLACE, "a note"))
    sealed[position % len(sealed)] ^= change
    with pytest.raises(VaultError):
        VAULT.open(ALICE, *PLACE, bytes(sealed))


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_client_key_is_noticed(position: int, change: int) -> None:
    sealed = VAULT.seal(ALICE, *PLACE, "a note")
    wrapped = bytearray(ALICE)
    wrapped[position % len(wrapped)] ^= change
    with pytest.raises(VaultError):
        VAULT.open(bytes(wrapped), *PLACE, sealed)


@given(st.binary(max_size=120))
def test_any_bytes_at_all_are_refused_with_a_vault_error(raw: bytes) -> None:
    with pytest.raises(VaultError):
        VAULT.open(raw, *PLACE, VAULT.seal(ALICE, *PLACE, "a note"))
    with pytest.raises(VaultError):
        VAULT.open(ALICE, *PLACE, raw)


def test_errors_do_not_repeat_what_was_sealed() -> None:
    sealed = VAULT.seal(ALICE, *PLACE, "a secret note")
    with pytest.raises(SealBroken) as caught:
        VAULT.open(ALICE, "client", "alice", "note", sealed)
    assert "secret" not in str(caught.value)


def test_an_erased_client_stays_erased() -> None:
    sealed = VAULT.seal(ALICE, *PLACE, "a note")
    with pytest.raises(ClientKeyDestroyed):
        VAULT.open(None, *PLACE, sealed)


def test_rotation_keeps_everything_readable_and_then_needs_only_the_new_key() -> None:
    before = Vault([("old", OLD)])
    wrapped = before.new_client_key("alice")
    sealed = before.seal(wrapped, *PLACE, "a note")
    assert VAULT.open(wrapped, *PLACE, sealed) == "a note"
    rewrapped = VAULT.rewrap(wrapped)
    assert rewrapped != wrapped
    assert VAULT.rewrap(rewrapped) == rewrapped
    after = Vault([("new", NEW)])
    assert after.open(rewrapped, *PLACE, sealed) == "a note"
    with pytest.raises(UnknownMasterKey, match="'old'"):
        after.open(wrapped, *PLACE, sealed)


def test_birth_dates_are_found_before_and_after_a_rotation() -> None:
    born_on = date(1990, 1, 2)
    stored_before = Vault([("old", OLD)]).birth_date_mark(born_on)
    assert VAULT.birth_date_mark(born_on) != stored_before
    assert VAULT.birth_date_marks(born_on) == [VAULT.birth_date_mark(born_on), stored_before]
    assert VAULT.birth_date_mark(date(1990, 1, 3)) != VAULT.birth_date_mark(born_on)
    assert b"1990" not in stored_before


@pytest.mark.parametrize("parts", [("", "a", "b"), ("a", "", "b"), ("a", "b", ""), ("a:b", "c", "d")])
def test_a_place_that_could_be_read_two_ways_is_refused(parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="colon"):
        VAULT.seal(ALICE, *parts, "x")


@pytest.mark.parametrize("keys", [[], [("a", b"short")], [("", NEW)]])
def test_weak_master_keys_are_refused(keys: list[tuple[str, bytes]]) -> None:
    with pytest.raises(ValueError, match="master key"):
        Vault(keys)
