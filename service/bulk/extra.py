"""What this needs beyond the service itself, and how to get it."""

from importlib.util import find_spec

from service.errors import DualscopeError

PACKAGES = ("numpy", "pyarrow")
MEND = "pip install 'dualscope[bulk]'"


class ExtraMissing(DualscopeError):
    """Packages that are needed for bills are not installed."""


def need_extra() -> None:
    """Look whether they are there, without loading them.

    Raises:
        ExtraMissing: with what to install.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise ExtraMissing(f"billing exports need {' and '.join(missing)}, not installed here: {MEND}")
