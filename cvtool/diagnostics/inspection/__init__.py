"""A look inside a trained network: what excites its filters, and where its decisions come from."""
