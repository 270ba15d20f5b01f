"""Tests of what starts kernels and holds them."""
