"""Our side of the bots' protocols: connections, mappings, and a bot that replays a script."""
