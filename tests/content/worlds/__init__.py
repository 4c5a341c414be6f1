"""One numpy world a derivation, written by hand and without the checker: what its cases are
confirmed with. Vectors are columns; all dimensions of a world differ."""
