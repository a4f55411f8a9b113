"""Both places where files are kept do the same."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from dashboard.lib import clock
from dashboard.lib.storage import Bucket
from dashboard.lib.storage import Disk
from dashboard.lib.storage import NotStored
from dashboard.lib.storage import Storage
from dashboard.lib.storage import new_key


@pytest.fixture(params=["disk", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return Disk(tmp_path) if request.param == "disk" else Bucket(MemoryStore())


def test_what_is_put_is_read_again_from_any_place(storage: Storage) -> None:
    key = new_key()
    source = io.BytesIO(b"--" + b"abc" * 500_000)
    source.seek(2)

    storage.put(key, source)

    with storage.open(key) as file:
        assert file.seek(0, 2) == 1_500_000
        file.seek(3)
        assert file.read(4) == b"abca"
        file.seek(0)
        assert file.read() == b"abc" * 500_000


def test_what_is_deleted_is_gone(storage: Storage) -> None:
    key = new_key()
    storage.put(key, io.BytesIO(b"x"))

    storage.delete(key)
    storage.delete(key)

    with pytest.raises(NotStored):
        storage.open(key)


def test_old_ones_are_found(storage: Storage) -> None:
    keys = {new_key() for _ in range(3)}
    for key in keys:
        storage.put(key, io.BytesIO(b"x"))

    assert set(storage.keys(older_than=clock.now() + timedelta(minutes=1))) == keys
    assert not list(storage.keys(older_than=clock.now() - timedelta(minutes=1)))


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        Disk(tmp_path).put(new_key(), Broken())

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("key", ["../secret_key", "..", "a/b", "", "abcdefgh\0"])
def test_a_key_names_no_other_place(tmp_path: Path, key: str) -> None:
    with pytest.raises(NotStored):
        Disk(tmp_path).open(key)
