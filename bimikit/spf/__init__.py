"""SPF as far as BIMI needs it: whether a domain's record can be evaluated, within which limits, and whom it lets pass.

`syntax` takes a record apart, `evaluation` follows it through the DNS, `judge` tells what is wrong with it.
"""
