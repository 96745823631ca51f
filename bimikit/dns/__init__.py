"""DMARC and the Assertion Record: what they say, and where they are found."""
