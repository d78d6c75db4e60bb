"""Are the analytic gradients right? Held against central differences, coordinate by coordinate.

A ``subject`` is anything with a loss and analytic gradients; ``checking`` holds one against the
other; ``cases`` lists what the core can differentiate; ``faults`` are the mistakes that test the
check itself. Sources: the CS231n notes, "Gradient checks", and §4.1.
"""
