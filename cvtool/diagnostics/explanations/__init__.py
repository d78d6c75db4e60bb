"""Every check, verdict and claim in words: what it means, why it fails, what to try."""
