"""End-to-end tests: the whole bot, run as a process, talked to from outside."""
