"""What the project talks about, as pure values and functions: no clock, no random, no I/O."""
