"""How well knowledge is found, and whether the assistant knows what it does not know."""
