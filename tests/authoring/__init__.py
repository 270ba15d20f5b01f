"""Bad authoring, A01 to A30: each caught by a rule or a proof."""
