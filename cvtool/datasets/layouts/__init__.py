"""Reads data sets in whatever layout they come: a ``Request`` goes in, a ``Dataset`` comes out.

Nothing is unpacked onto the disk, and nothing that a file holds is ever run.
"""
