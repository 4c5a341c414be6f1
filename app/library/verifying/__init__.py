"""Whether the content is right: what the checker says of its formulas, and its choice of words."""
