"""What a person at a terminal is told when the settings are not fit to start with."""

import subprocess
import sys
from pathlib import Path

from tests.support.server import ROOT, inherited


def flask(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person would, with nothing set but what is named."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT,
        env={**inherited(), "PRACTICE_INSTANCE": str(folder), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_secrets_nothing_starts_and_one_sentence_says_why(tmp_path: Path) -> None:
    done = flask(tmp_path, "check", PRACTICE_MODE="production")
    assert done.returncode == 1
    assert done.stderr.startswith("PRACTICE_SECRET_KEY is missing.")
    assert done.stderr.count("\n") == 1


def test_the_demo_needs_no_settings_and_later_commands_find_it(tmp_path: Path) -> None:
    assert flask(tmp_path, "demo", "--clients", "12", "--weeks", "2").returncode == 0
    assert flask(tmp_path, "check").stdout == "Everything holds.\n"
    refused = flask(tmp_path, "check", PRACTICE_MODE="production", PRACTICE_SECRET_KEY="weak")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "demo practice" in refused.stderr
