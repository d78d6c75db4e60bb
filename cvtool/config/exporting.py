"""What can be chosen where a trained network is taken elsewhere."""

MODEL_FORMATS = ("onnx", "safetensors", "pytorch")
