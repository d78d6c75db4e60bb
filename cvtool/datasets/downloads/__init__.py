"""Known data sets, brought to this computer whole or not at all."""
