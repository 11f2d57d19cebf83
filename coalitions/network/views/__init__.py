"""Pages of the network. They read through `visible_to` and change through services."""
