"""How fast the bot is; run by `make bench`, never asserted."""
