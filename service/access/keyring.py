"""The keys in force: found by what a caller presents, read again when their file changes."""

import hmac
import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from msgspec import Struct

from service.access.allowance import Allowance
from service.access.keys import Key, KeysInvalid, digest_of, keys_in

_LOG = logging.getLogger("service")
_LOOKED_AT_S = 1.0
"""So often at most is looked whether the file is another."""
_LONGEST_FILE = 4 * 1024 * 1024
_LONGEST_KEY = 512

_Mark = tuple[int, int, int] | None


class Holder(Struct, frozen=True):
    """A key and what of its quotas is left; none where it has none."""

    key: Key
    allowance: Allowance | None


class Keyring:
    """Keys of a file and of the settings."""

    def __init__(
        self, file: Path | None, inline: str | None, per_minute: int = 0, clock: Callable[[], float] = monotonic
    ) -> None:
        """Read them.

        Raises:
            KeysInvalid: they cannot be read, or there are none.
        """
        self._file, self._inline, self._per_minute, self._clock = file, inline, per_minute, clock
        self._holders: dict[bytes, Holder] = {}
        self._looked_at = clock()
        self._mark = _mark_of(file)
        keys = self._read()
        if not keys:
            raise KeysInvalid(f"{file or 'DUALSCOPE_KEYS'}: there is no key in it; `dualscope keys new NAME` makes one")
        self._take(keys)

    def find(self, presented: bytes) -> Holder | None:
        """Who holds a key.

        The time that it takes tells nothing of the keys: what is looked up is a digest, and how near the digest of a
        guess comes to one of ours is out of the guesser's hands. The digests themselves are compared in constant time.
        """
        now = self._clock()
        if now - self._looked_at >= _LOOKED_AT_S:
            self._looked_at = now
            self.refresh()
        digest = digest_of(presented[:_LONGEST_KEY])
        holder = self._holders.get(digest)
        if holder is None or not hmac.compare_digest(holder.key.digest, digest) or len(presented) > _LONGEST_KEY:
            return None
        return holder

    def refresh(self) -> None:
        """Read the file again if it is another. One that cannot be read changes nothing, and is told once."""
        mark = _mark_of(self._file)
        if mark == self._mark:
            return
        self._mark = mark
        try:
            keys = self._read()
        except KeysInvalid as error:
            _LOG.error("the keys stay as they were: %s", error)
            return
        self._take(keys)
        _LOG.warning("keys were read anew: %d", len(keys))

    def _read(self) -> dict[bytes, Key]:
        inline = (self._inline or "").replace(";", "\n").splitlines()
        keys = keys_in(inline, "DUALSCOPE_KEYS")
        if self._file is None:
            return keys
        of_file = keys_in(lines_of(self._file), str(self._file))
        twice = keys.keys() & of_file.keys() or {k.name for k in keys.values()} & {k.name for k in of_file.values()}
        if twice:
            raise KeysInvalid(f"{self._file}: a name or digest stands in DUALSCOPE_KEYS too; each key has its own")
        return keys | of_file

    def _take(self, keys: dict[bytes, Key]) -> None:
        """Put keys in force; what was used of their quotas stays used."""
        former = {holder.key.name: holder.allowance for holder in self._holders.values()}
        self._holders = {
            digest: Holder(key, self._allowance(key, former.get(key.name))) for digest, key in keys.items()
        }

    def _allowance(self, key: Key, former: Allowance | None) -> Allowance | None:
        quotas = {"minute": self._per_minute} | dict(key.quotas)
        limited = tuple((window, most) for window, most in quotas.items() if most)
        if not limited:
            return None
        if former is not None and former.quotas == limited:
            return former
        allowance = Allowance(limited)
        if former is not None:
            allowance.inherit(former)
        return allowance


def _mark_of(file: Path | None) -> _Mark:
    """Changes with the file; none where there is none."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found is not None else None


def lines_of(file: Path) -> list[str]:
    """What a file of keys says.

    Raises:
        KeysInvalid: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            text = opened.read(_LONGEST_FILE + 1)
        if len(text) > _LONGEST_FILE:
            raise KeysInvalid(f"{file}: it has more than {_LONGEST_FILE} bytes")
        return text.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise KeysInvalid(f"{file}: it cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise KeysInvalid(f"{file}: it is no text in UTF-8") from None
