"""Trees into values, in one instance of a world."""
