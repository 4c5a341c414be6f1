"""The givens of a derivation as entries that are sampled or defined, and the values they have."""
