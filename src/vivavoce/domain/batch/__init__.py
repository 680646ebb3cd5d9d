"""Batch suites: what a case expects of an utterance, and how what a bot recognised is judged against it."""
