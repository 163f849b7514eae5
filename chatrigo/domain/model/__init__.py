"""Which language model answers for a business, and what it took."""
