"""The embedded assistant: a bot definition in YAML, its understanding, its dialogs, and its connector."""
