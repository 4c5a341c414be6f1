"""Coldboard: timed whiteboard derivations in the browser."""
