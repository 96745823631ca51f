"""The Indicator: reading it, judging it against SVG Tiny PS."""
