"""The proofs of assessments."""
