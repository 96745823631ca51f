"""What is thrown at each parser of bimikit, and what must hold all the same; `tools.fuzz` runs it."""
