"""Values across turns: what a case declares, reads off replies, and puts into its later steps."""
