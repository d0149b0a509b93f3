"""The document passes what the field's linters recommend."""

from tests.clients.conftest import DOCUMENT, HERE, Run


def test_redocly_has_nothing_to_say(run: Run) -> None:
    """`recommended`, without an exception: neither an error nor a warning."""
    done = run("redocly", "lint", DOCUMENT, "--config", HERE / "redocly.yaml", "--max-problems", 20)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr.replace("Deprecation warning: Node.js", ""), done.stderr


def test_spectral_has_nothing_to_say(run: Run) -> None:
    """`spectral:oas`, recommended: neither an error nor a warning; the one exception is argued in its file."""
    done = run("spectral", "lint", DOCUMENT, "--ruleset", HERE / "spectral.yaml", "--fail-severity", "hint")
    assert done.returncode == 0, done.stdout
    assert "No results" in done.stdout
