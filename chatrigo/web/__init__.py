"""HTTP that is not pages: what a customer's browser sends, files, signing in."""
