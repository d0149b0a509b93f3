"""Settings come from the environment, once, and are strict."""

from pathlib import Path

import pytest

from service.settings import Settings, SettingsInvalid, read_settings, shipped_factors


def test_defaults_need_no_environment() -> None:
    """Without a variable the service listens on loopback and reads the shipped tables."""
    settings = read_settings({})
    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (shipped_factors() / "grid_intensity.csv").is_file()


def test_each_setting_has_its_variable() -> None:
    """Paths, numbers, lists and choices."""
    settings = read_settings(
        {
            "DUALSCOPE_FACTORS_OVERLAY": "/data/own",
            "DUALSCOPE_FACTORS_EXCLUDE": "residual_mix.aib, spend",
            "DUALSCOPE_PORT": "9000",
            "DUALSCOPE_LOG_FORMAT": "text",
            "DUALSCOPE_BODY_LIMIT_BYTES": "2048",
        }
    )
    assert settings.factors_overlay == Path("/data/own")
    assert settings.factors_exclude == ("residual_mix.aib", "spend")
    assert (settings.port, settings.log_format, settings.body_limit_bytes) == (9000, "text", 2048)


def test_empty_is_not_given() -> None:
    """`DUALSCOPE_PORT=` is the default, as in a template with nothing filled in."""
    assert read_settings({"DUALSCOPE_PORT": "", "DUALSCOPE_FACTORS_OVERLAY": " "}) == Settings()


def test_variables_of_a_kubernetes_service_are_not_ours() -> None:
    """A Service named dualscope sets DUALSCOPE_PORT to an address; the program starts all the same."""
    environment = {"DUALSCOPE_PORT": "tcp://10.0.0.1:8000", "DUALSCOPE_SERVICE_HOST": "10.0.0.1"}
    assert read_settings(environment) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DUALSCOPE_PORT", "http"),
        ("DUALSCOPE_PORT", "70000"),
        ("DUALSCOPE_LOG_FORMAT", "xml"),
        ("DUALSCOPE_BODY_LIMIT_BYTES", "1 MB"),
        ("DUALSCOPE_DRAIN_SECONDS", "0"),
    ],
)
def test_a_bad_value_names_its_variable(name: str, value: str) -> None:
    """The message starts with the assignment that is wrong."""
    with pytest.raises(SettingsInvalid, match=f"^{name}={value}: "):
        read_settings({name: value})
