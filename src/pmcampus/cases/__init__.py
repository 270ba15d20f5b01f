"""A team case, one step a file: seats, packets, seals, the opening, the decision, the marks."""
