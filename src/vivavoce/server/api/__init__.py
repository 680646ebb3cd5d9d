"""The testing API, one module a resource; each has a `router` whose endpoints answer calls of the table."""
