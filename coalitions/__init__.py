"""The floor: who is in the network, and who may see what."""
