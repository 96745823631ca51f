"""DKIM as far as BIMI needs it: whether the keys at given selectors can be used.

`key` reads a key record, `discovery` asks for it, `judge` tells what is wrong with it; `selectors` has the usual names.
"""
