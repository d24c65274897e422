"""What happens where a machine lacks PostgreSQL or Chromium: a loud word at the end, and a failure in CI."""

import os
from typing import NoReturn

import pytest

MARK = "is not installed"


def is_ci() -> bool:
    """Whether nothing may be left out."""
    return os.environ.get("CI") == "true"


def give_up(what: str) -> NoReturn:
    """Skip the running test for the lack of ``what``, or fail it in CI."""
    sentence = f"{what} {MARK}"
    if is_ci():
        pytest.fail(f"{sentence}, and CI leaves nothing out", pytrace=False)
    pytest.skip(sentence)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, loudly, which tests did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else "" for report in skipped]
    for what in ("PostgreSQL", "Chromium"):
        times = sum(f"{what} {MARK}" in reason for reason in reasons)
        if times:
            terminalreporter.write_sep(
                "!", f"{times} TESTS DID NOT RUN: {what.upper()} IS NOT INSTALLED", red=True, bold=True
            )
            terminalreporter.write_line(f"On Debian: apt-get install {what.lower()}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if is_ci() and reporter is not None and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
