"""Images and labels: found, decoded once, split, and made into batches.

``open_dataset`` recognizes what it is given and answers with a ``Dataset``; ``split`` holds part of
the training images out to choose on (notes §2.2); ``Preprocessing`` learns what to subtract, divide
by and multiply with from the training part alone (§6.2); a ``Batcher`` brings it all together, one
batch at a time. Pixels stay as they were stored, mostly one byte each, until a batch is made.

Where images come from has rooms of its own: ``layouts`` reads what users bring, on the ``pixels``
of image files; ``embedded`` comes with the program or is drawn from a seed; ``downloads`` fetches.
"""
