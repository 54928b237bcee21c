"""What an operator sets, and what an operator is told who set it wrongly."""

import os
import re
from pathlib import Path
from traceback import format_exception

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

TOKEN = "123456:a-secret-token"


@pytest.fixture(autouse=True)
def _nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.lower() in Settings.model_fields]:
        monkeypatch.delenv(name)


def write_env(*lines: str) -> None:
    Path(".env").write_text("\n".join(lines) + "\n", encoding="utf-8")


def token(settings: Settings) -> str | None:
    return settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else None


def test_everything_has_a_default_except_the_token() -> None:
    settings = load_settings()
    assert (token(settings), settings.knowledge_dir, settings.cache_dir) == (None, None, None)
    assert (settings.telegram_api_url, settings.log_level) == ("https://api.telegram.org", "INFO")


def test_env_file_is_read_from_the_working_directory() -> None:
    write_env(f"TELEGRAM_BOT_TOKEN={TOKEN}", "KNOWLEDGE_DIR=facts", "LOG_FORMAT=json")
    settings = load_settings()
    assert (token(settings), settings.knowledge_dir, settings.log_format) == (TOKEN, Path("facts"), "json")


def test_env_file_of_another_directory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_env("LOG_FORMAT=json")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert load_settings().log_format == "text"


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env("LOG_LEVEL=ERROR", "LOG_FORMAT=json")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    assert (load_settings().log_level, load_settings().log_format) == ("DEBUG", "json")


@pytest.mark.parametrize("line", ["TELEGRAM_BOT_TOKEN=", "TELEGRAM_BOT_TOKEN=   ", "#TELEGRAM_BOT_TOKEN=1:a"])
def test_a_token_that_was_left_empty_is_none(line: str) -> None:
    write_env(line)
    assert load_settings().telegram_bot_token is None


def test_an_empty_variable_does_not_hide_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env(f"TELEGRAM_BOT_TOKEN={TOKEN}")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    assert token(load_settings()) == TOKEN


def test_lines_for_other_programs_are_ignored() -> None:
    write_env("DATABASE_URL=postgres://", "LOG_LEVEL=ERROR")
    assert load_settings().log_level == "ERROR"


def test_the_shipped_example_can_be_used_as_it_is() -> None:
    example = Path(__file__).parent.parent / ".env.example"
    Path(".env").write_bytes(example.read_bytes())
    assert load_settings() == Settings(_env_file=None)


@pytest.mark.parametrize("level", ["debug", "Debug", "DEBUG"])
def test_the_log_level_may_be_written_in_any_case(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setenv("LOG_LEVEL", level)
    assert load_settings().log_level == "DEBUG"


def test_a_slash_at_the_end_of_the_address_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://localhost:8081/")
    assert load_settings().telegram_api_url == "http://localhost:8081"


@pytest.mark.parametrize("name", ["LOG_LEVEL", "LOG_FORMAT", "TELEGRAM_API_URL"])
def test_a_value_that_cannot_be_used_is_named_without_the_value(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, TOKEN)
    with pytest.raises(SettingsError, match=f"^{name}: ") as caught:
        load_settings()
    assert TOKEN not in "".join(format_exception(caught.value))


def test_all_values_that_cannot_be_used_are_named_at_once() -> None:
    write_env("LOG_LEVEL=loud", "LOG_FORMAT=xml", "TELEGRAM_API_URL=ftp://example.org")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert all(name in str(caught.value) for name in ("LOG_LEVEL", "LOG_FORMAT", "TELEGRAM_API_URL", ".env.example"))


def test_an_env_file_that_is_not_utf_8_is_an_error_of_the_settings() -> None:
    Path(".env").write_bytes("LOG_LEVEL=débug\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\.env"):
        load_settings()


def test_the_token_is_never_printed_with_the_settings() -> None:
    write_env(f"TELEGRAM_BOT_TOKEN={TOKEN}")
    settings = load_settings()
    printed = (repr(settings), str(settings), f"{settings.telegram_bot_token}", settings.model_dump_json())
    assert not any(TOKEN in text for text in printed)


def test_the_new_place_for_memory_and_the_limits_have_defaults() -> None:
    settings = load_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///career-bot.sqlite"
    assert (settings.webhook_url, settings.webhook_listen, settings.metrics_listen) == (None, "127.0.0.1:8080", None)
    assert (settings.send_rate, settings.chat_rate) == (30.0, 20.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", "http://bot.example/telegram"),
        ("WEBHOOK_URL", "bot.example"),
        ("WEBHOOK_URL", "https://"),
        ("WEBHOOK_URL", "https://[bot.example"),
        ("WEBHOOK_SECRET", "has a blank"),
        ("WEBHOOK_SECRET", "é"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("WEBHOOK_LISTEN", "8080"),
        ("WEBHOOK_LISTEN", ":8080"),
        ("WEBHOOK_LISTEN", "localhost:http"),
        ("METRICS_LISTEN", "localhost:65536"),
        ("METRICS_LISTEN", "localhost:-1"),
        ("SEND_RATE", "-1"),
        ("SEND_RATE", "nan"),
        ("CHAT_RATE", "inf"),
        ("CHAT_RATE", "many"),
    ],
)
def test_what_cannot_work_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}: ") as caught:
        load_settings()
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", "https://bot.example/telegram"),
        ("WEBHOOK_URL", "https://bot.example:8443"),
        ("WEBHOOK_SECRET", "A-secret_1" + "x" * 246),
        ("WEBHOOK_LISTEN", "0.0.0.0:8080"),
        ("WEBHOOK_LISTEN", "[::1]:8080"),
        ("METRICS_LISTEN", "localhost:9100"),
        ("SEND_RATE", "0"),
        ("CHAT_RATE", "0.5"),
    ],
)
def test_what_can_work_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    load_settings()


def test_secrets_are_derived_from_the_token_and_do_not_tell_it() -> None:
    write_env(f"TELEGRAM_BOT_TOKEN={TOKEN}")
    first, second = load_settings(), load_settings()
    assert first.hook_secret() == second.hook_secret()
    assert first.store_secret() == second.store_secret()
    assert re.fullmatch("[A-Za-z0-9_-]{32,256}", first.hook_secret())
    assert TOKEN not in first.hook_secret()
    assert bytes.fromhex(first.hook_secret()) != first.store_secret()
    write_env("TELEGRAM_BOT_TOKEN=123456:another-token")
    assert load_settings().hook_secret() != first.hook_secret()
    assert load_settings().store_secret() != first.store_secret()


def test_secrets_that_are_set_are_used() -> None:
    write_env(f"TELEGRAM_BOT_TOKEN={TOKEN}", "WEBHOOK_SECRET=shown-by-telegram", "STORE_KEY=key of the hash")
    settings = load_settings()
    assert settings.hook_secret() == "shown-by-telegram"
    assert settings.store_secret() == b"key of the hash"


@pytest.mark.parametrize("password", ["s3cret", "p%40ss%2Fword", "pa/ss", "p:a#s?s"])
def test_the_password_of_the_database_is_a_secret_whatever_is_in_it(password: str) -> None:
    write_env(f"DATABASE_URL='postgresql://bot:{password}@db.example/bot'")
    settings = load_settings()
    assert password in settings.secrets()
    assert password not in repr(settings) + str(settings) + settings.model_dump_json()


def test_everything_secret_is_listed_and_nothing_empty() -> None:
    write_env(
        f"TELEGRAM_BOT_TOKEN={TOKEN}",
        "WEBHOOK_SECRET=shown-by-telegram",
        "STORE_KEY=key-of-the-hash",
        "DATABASE_URL=postgresql://bot:p%40ss@db.example/bot",
    )
    assert set(load_settings().secrets()) == {TOKEN, "shown-by-telegram", "key-of-the-hash", "p%40ss", "p@ss"}
    write_env("DATABASE_URL=postgresql://bot@db.example/bot")
    assert load_settings().secrets() == []
