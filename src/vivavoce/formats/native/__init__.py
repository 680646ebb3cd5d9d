"""The native suite format: conversation suites in YAML, as people write them.

`reading` makes a suite of a file and those it includes, `writing` a file of a suite; nothing is lost on
either way. `keys` and `forms` say what may stand where, for both and for the published JSON Schema.
"""
