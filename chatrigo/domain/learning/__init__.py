"""What the assistant could not answer, what staff thought of its answers, and what comes of both."""
