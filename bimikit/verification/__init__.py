"""What is published against what was planned: the records in the DNS, the files on the web.

`records`, `files` and `report` compare and ask nobody; `live` asks, and `waiting` asks again.
"""
