"""A process that claims every free run it gets: URL, secret key as hex, owner. Prints the ids of the runs."""

import sys

from vivavoce.storage import open_store

if __name__ == "__main__":
    import datetime

    url, key, owner = sys.argv[1:]
    store = open_store(url, secret_key=bytes.fromhex(key))
    now = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    while run := store.runs.claim(owner, host="here", now=now, lease_s=30):
        sys.stdout.write(f"{run.id}\n")
    store.close()
