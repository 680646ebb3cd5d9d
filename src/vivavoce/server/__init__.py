"""The testing API over the engine's use cases, with its health and its documentation."""
