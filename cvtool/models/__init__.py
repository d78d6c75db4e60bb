"""From the notes' formula to a network: grammar, architectures, layer table, chain with a loss."""
