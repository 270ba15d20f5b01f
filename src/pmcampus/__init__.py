"""PM Campus: an open curriculum and e-learning platform.

Import nothing here: the command must answer at once.
"""
