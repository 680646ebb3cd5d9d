"""What the checks of a training set found, as JSON with a published schema."""
