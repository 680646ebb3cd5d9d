"""Batch runs on the embedded assistant in processes of their own, so that the server's loop stays free.

`judges` says which runs are played so, `pool` keeps the processes, `worker` is what runs in each of them, and
`orders` is what is said between them.
"""
