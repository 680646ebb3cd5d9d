"""What the engine needs from outside. Everything above `engine` implements one of these.

Connectors, graders and the dispatcher are asynchronous; the store is synchronous and called in threads
(measured: 1.7 times faster than an asynchronous SQLite driver).
"""
