"""The whole bot through a local Bot API server, beside the Telegram library's own echo bot."""
