"""Where people meet the advisor: the terminal and Telegram."""
