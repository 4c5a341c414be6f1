"""Values into verdicts, key steps and slips."""
