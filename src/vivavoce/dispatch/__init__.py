"""Who plays accepted runs."""
