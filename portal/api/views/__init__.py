"""The pages on which an organisation keeps its tokens."""
