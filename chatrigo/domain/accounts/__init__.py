"""Accounts: signing up, signing in, one-time codes, and who is signed in."""
