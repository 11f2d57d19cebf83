"""Search engines under one contract: `base`, and one module or package per engine."""
