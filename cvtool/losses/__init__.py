"""What a network is to make small: pure functions that return a value and its gradient."""
