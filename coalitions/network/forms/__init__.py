"""Forms of the network: they check what was typed; services decide."""
