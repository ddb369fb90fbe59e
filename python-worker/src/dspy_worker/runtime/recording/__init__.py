"""What is kept of model calls, free of secrets."""
