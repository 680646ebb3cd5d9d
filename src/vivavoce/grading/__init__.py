"""Who answers what only a model or a library can tell: the ports of engine.ports.graders, implemented."""
