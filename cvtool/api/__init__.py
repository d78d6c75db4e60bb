"""The same as the commands, from Python: load data, build, fit, evaluate, predict."""
