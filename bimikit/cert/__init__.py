"""The Mark Certificate: reading, path, profile, logotype, transparency, revocation, and what it is good for."""
