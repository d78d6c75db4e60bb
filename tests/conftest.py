"""Makes the folder of tests importable: slow twins are ``from reference.… import …``."""
