"""The plan from p=none to a logo: for each domain its stage, what blocks the next, and the records to publish."""
