"""Log lines tell an operator what happened, and nobody the token."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot.logs import SecretlessFormatter, configure_logs
from bot.settings import Settings

TOKEN = "123456:a-secret-token"
both = pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])


def record(message: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    raised = None
    if error:
        try:
            raise error
        except type(error):
            raised = sys.exc_info()
    return logging.LogRecord("bot.test", logging.WARNING, __file__, 1, message, args, raised)


def formatted(event: logging.LogRecord, *, as_json: bool, secrets: tuple[str, ...] = (TOKEN,)) -> str:
    return SecretlessFormatter([*secrets], as_json=as_json).format(event)


@pytest.fixture
def _logs_as_before() -> Iterator[None]:
    """Puts back the logs of the test run."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@both
def test_the_token_is_hidden_in_the_message(as_json: bool) -> None:
    line = formatted(record(f"GET https://api.telegram.org/bot{TOKEN}/getMe, bot{TOKEN}"), as_json=as_json)
    assert TOKEN not in line
    assert "GET https://api.telegram.org/bot[secret]/getMe, bot[secret]" in line


@both
def test_the_token_is_hidden_in_the_arguments_of_the_message(as_json: bool) -> None:
    line = formatted(record("%s of %r", 1, {"url": TOKEN}), as_json=as_json)
    assert TOKEN not in line
    assert "1 of {'url': '[secret]'}" in line


@both
def test_the_token_is_hidden_in_a_traceback(as_json: bool) -> None:
    line = formatted(record("failed", error=ValueError(f"cannot reach bot{TOKEN}")), as_json=as_json)
    assert TOKEN not in line
    assert "ValueError: cannot reach bot[secret]" in line


@both
def test_every_secret_is_hidden_and_an_empty_one_hides_nothing(as_json: bool) -> None:
    line = formatted(record("a one-two b"), as_json=as_json, secrets=("one", "", "two"))
    assert "a [secret]-[secret] b" in line


@pytest.mark.parametrize("secret", ['pa"ss\\word', "tab\tbed", "pässwörd"])
@both
def test_a_secret_of_any_characters_is_hidden(as_json: bool, secret: str) -> None:
    event = record(f"user:{secret}@host", error=ValueError(f"cannot reach {secret}."))
    line = formatted(event, as_json=as_json, secrets=(secret,))
    assert "user:[secret]@host" in line
    assert "ValueError: cannot reach [secret]." in line


def test_a_line_of_text_says_when_how_bad_where_and_what() -> None:
    assert formatted(record("pay %d", 5), as_json=False).endswith(" WARNING bot.test: pay 5")


def test_a_line_of_json_says_when_how_bad_where_and_what() -> None:
    event = json.loads(formatted(record("pay %d", 5), as_json=True))
    assert event.pop("time")
    assert event == {"level": "WARNING", "name": "bot.test", "message": "pay 5"}


def test_an_error_in_json_stays_on_one_line() -> None:
    line = formatted(record("two\nlines", error=ValueError("no")), as_json=True)
    assert "\n" not in line
    assert json.loads(line)["error"].endswith("ValueError: no")


def test_other_languages_stay_readable_in_json() -> None:
    assert "año 🎉" in formatted(record("año 🎉"), as_json=True)


@pytest.mark.usefixtures("_logs_as_before")
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_is_logged_goes_to_standard_error_without_the_token(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configure_logs(Settings.model_validate({"telegram_bot_token": SecretStr(TOKEN), "log_format": log_format}))
    logging.getLogger("bot").info("polling bot%s", TOKEN)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "polling bot[secret]" in printed.err


@pytest.mark.usefixtures("_logs_as_before")
def test_libraries_only_log_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings(log_level="DEBUG"))
    logging.getLogger("sqlalchemy").info("a request")
    logging.getLogger("sqlalchemy").warning("a problem")
    logging.getLogger("bot").debug("a detail")
    printed = capsys.readouterr().err
    assert [part in printed for part in ("a request", "a problem", "a detail")] == [False, True, True]
