"""Trained networks in the formats of others: ONNX, PyTorch, and safetensors in our own names.

Ours are channels last, theirs channels first: ``channels_first`` turns the arrays once, for both.
What is done to pixels goes along, since it is what people forget.
"""
