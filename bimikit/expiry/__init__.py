"""When certificates end: those of files (`watch`), and those that are hosted for a domain (`live`)."""
