"""The demonstration network: real directory facts, and invented content to try the portal with."""
