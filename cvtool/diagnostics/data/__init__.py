"""What is wrong with a data set: damage, labels, duplicates, leaks, and what to leave out."""
