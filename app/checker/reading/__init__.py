"""LaTeX into tokens, clauses and trees. Names mean nothing yet."""
