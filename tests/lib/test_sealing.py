"""What is sealed stays closed to whoever lacks the key."""

from dashboard.lib.sealing import seal
from dashboard.lib.sealing import unseal

KEY, OTHER = "k" * 32, "o" * 32


def test_what_is_sealed_is_read_with_the_same_key_for_the_same_purpose() -> None:
    sealed = seal("ä secret", secret_key=KEY, purpose="keys")

    assert "secret" not in sealed
    assert unseal(sealed, secret_key=KEY, purpose="keys") == "ä secret"


def test_nothing_else_opens_it() -> None:
    sealed = seal("a secret", secret_key=KEY, purpose="keys")

    assert unseal(sealed, secret_key=OTHER, purpose="keys") is None
    assert unseal(sealed, secret_key=KEY, purpose="other") is None
    assert unseal(f"{sealed[:-4]}AAA=", secret_key=KEY, purpose="keys") is None
    assert unseal("nothing", secret_key=KEY, purpose="keys") is None
