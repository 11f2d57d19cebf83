"""What organisations change about their tokens."""
