"""The errors a person can act on.

BotError
├── KnowledgeError   something in the knowledge folder is wrong: ``file:line: problem``
├── SettingsError    an environment variable or .env line is missing or wrong
├── StoreError       the database cannot be used
└── ChannelError     Telegram refuses to work with these settings
"""


class BotError(Exception):
    """Anything that ends a command with one clear line and exit status 2."""


class KnowledgeError(BotError):
    """The knowledge cannot be used.

    Attributes:
        problems: one ``file:line: problem`` line each, all that were found.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class SettingsError(BotError):
    """A setting is missing or cannot be used."""


class StoreError(BotError):
    """The database cannot be used, and waiting will not help."""


class ChannelError(BotError):
    """The messenger refuses the bot, and trying again will not help."""
