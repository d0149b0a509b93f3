"""API keys as they are written down, found and read again."""

import hashlib
import logging
import os
from pathlib import Path

import pytest

from service.access.keyring import Keyring
from service.access.keys import KeysInvalid, key_line, keys_in, new_key

KEY = "dualscope_" + "k" * 43
OTHER = "dualscope_" + "o" * 43
DIGEST = hashlib.sha256(KEY.encode()).hexdigest()


class Clock:
    """Time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_a_line_says_all_of_a_key() -> None:
    """Name, digest, expiry (a date begins in UTC), quotas by window, purposes."""
    line = f"ci sha256={DIGEST} expires=2027-01-01 per_minute=5 per_month=70 may=data,operations"
    (key,) = keys_in(["# who", "", line], "keys").values()
    assert (key.name, key.digest.hex()) == ("ci", DIGEST)
    assert key.expires == 1798761600  # 2027-01-01T00:00:00Z
    assert key.quotas == (("minute", 5), ("month", 70))
    assert key.may == {"data", "operations"}


def test_a_new_key_has_256_random_bits() -> None:
    """43 characters of base64url behind the prefix; no two are alike; the line has its digest and not the key."""
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {len("dualscope_") + 43}
    assert key_line("ci", KEY) == f"ci sha256={DIGEST}"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"sha256={DIGEST}", "begins with the key's name"),
        (f"a/b sha256={DIGEST}", "begins with the key's name"),
        ("ci", "sha256="),
        (f"ci {KEY}", "sha256="),
        (f"ci sha256={KEY}", "64 hexadecimal digits"),
        (f"ci sha256={DIGEST} sha256={DIGEST}", "at most once"),
        (f"ci sha256={DIGEST} expires=soon", "expires is a date"),
        (f"ci sha256={DIGEST} expires=2027-01-01T00:00", "a time with its zone"),
        (f"ci sha256={DIGEST} per_day=0", "from 1"),
        (f"ci sha256={DIGEST} per_minute=-1", "whole number"),
        (f"ci sha256={DIGEST} may=all", "may is one or more"),
        (f"ci sha256={DIGEST} color=red", "at most once each"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_never_quoted(line: str, told: str) -> None:
    """What stands there may be a key by mistake."""
    with pytest.raises(KeysInvalid, match=r"^keys:2: ") as caught:
        keys_in(["", line], "keys")
    assert told in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("second", [f"ci sha256={'0' * 64}", f"other sha256={DIGEST}"])
def test_names_and_digests_are_unique(second: str) -> None:
    """Else a log line would not say whose key it was."""
    with pytest.raises(KeysInvalid, match="twice"):
        keys_in([f"ci sha256={DIGEST}", second], "keys")


def test_no_key_at_all_is_a_mistake(tmp_path: Path) -> None:
    """A file without a key would lock everybody out, or let everybody in: neither was meant."""
    (tmp_path / "keys").write_text("# none yet\n")
    with pytest.raises(KeysInvalid, match="no key in it"):
        Keyring(tmp_path / "keys", None)
    with pytest.raises(KeysInvalid, match="cannot be read"):
        Keyring(tmp_path / "nothing", None)


def test_a_changed_file_is_read_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Within a second; a broken one, or none, changes nothing and is told once; used quota stays used."""
    clock, file = Clock(), tmp_path / "keys"
    file.write_text(key_line("ci", KEY, "per_day=2"))
    ring = Keyring(file, None, clock=clock)
    holder = ring.find(KEY.encode())
    assert holder is not None
    assert holder.allowance is not None
    assert holder.allowance.take(1000) == 0

    file.write_text(f"ci {KEY}\n")
    os.utime(file, ns=(1, 1))
    assert ring.find(KEY.encode()) is holder  # not yet looked at
    clock.now = 2.0
    assert ring.find(KEY.encode()) is holder
    clock.now = 4.0
    assert ring.find(KEY.encode()) is holder
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "stay as they were" in record.getMessage()
    assert KEY not in record.getMessage()

    file.write_text(f"{key_line('ci', KEY, 'per_day=1')}\n{key_line('new', OTHER)}\n")
    clock.now = 6.0
    changed = ring.find(KEY.encode())
    assert changed is not None
    assert changed.allowance is not None
    assert changed.allowance.take(1000) > 0
    assert ring.find(OTHER.encode()) is not None

    file.write_text("# all revoked\n")
    clock.now = 8.0
    assert ring.find(KEY.encode()) is None


def test_a_key_is_found_by_the_whole_of_it() -> None:
    """Neither a part, nor more, nor its digest opens anything."""
    ring = Keyring(None, f"a sha256={DIGEST}; {key_line('b', OTHER)}")
    names = {presented: found.key.name for presented in (KEY, OTHER) if (found := ring.find(presented.encode()))}
    assert names == {KEY: "a", OTHER: "b"}
    for wrong in (b"", KEY[:-1].encode(), KEY.encode() + b"x", DIGEST.encode(), bytes.fromhex(DIGEST), b"x" * 100_000):
        assert ring.find(wrong) is None
