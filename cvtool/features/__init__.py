"""What is seen of an image besides its pixels: color, hog, words (notes §3.4)."""
