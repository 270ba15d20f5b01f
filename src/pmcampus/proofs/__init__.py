"""The proofs of an assessment: pure thinking about what to judge and what the verdicts mean.

A proof is a generator. It yields the notebooks it wants judged, is sent what came of them, and returns
what it found; who judges, and where, is none of its business.
"""
