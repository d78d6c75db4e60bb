"""One recipe a command: a frozen configuration becomes a stream of records.

The streams are generators. They know nothing of progress bars or tables; whoever consumes them
decides what to show, and the last record is the result.
"""
