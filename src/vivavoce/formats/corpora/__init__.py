"""Public NLU corpora in the formats in which they are published, as batch cases.

One module a format: `reads(...)` says whether a file is one, `samples(...)` gives its utterances.
"""
