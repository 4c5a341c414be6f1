"""The library: content files become validated derivations.

`loader` reads a folder, `models` says what a derivation is, `prose` cuts a text for a template.
"""
