"""Reads strangers' files: runs as a process of its own, with little memory and little time.

Invariant: imports no Django and no model, has no secret in its environment, and writes one result
file. Whatever a file does to this process, the portal reads either that result or none.
"""
