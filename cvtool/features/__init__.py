"""What an image shows, in numbers made by hand or learned without labels (notes §3.4).

A linear classifier, or a comparison of distances, does better on such numbers than on pixels.
"""
