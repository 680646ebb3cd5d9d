"""What is wrong with a set of training utterances, and how it is dealt out for cross-validation. Pure."""
