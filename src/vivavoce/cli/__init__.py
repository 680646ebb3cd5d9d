"""Commands. Results go to stdout, progress and logs to stderr, reports to files."""
