"""Tools for working on bimikit."""
