"""Fetching what a record names: the Indicator, the Evidence Document and CRLs, from public addresses only."""
