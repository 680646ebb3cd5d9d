"""Use cases: what can be done with suites, bots and runs, over ports that the rooms above fill."""
