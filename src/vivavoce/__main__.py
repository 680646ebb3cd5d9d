"""`python -m vivavoce` is the command `viva`."""

from vivavoce.cli.main import main

main()
