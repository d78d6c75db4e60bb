"""What can be said about learning in words: verdicts with the value seen and what to try next."""
