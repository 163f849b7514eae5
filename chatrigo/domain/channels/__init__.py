"""The accounts on which customers write beside our own chat: what comes in, what goes out."""
