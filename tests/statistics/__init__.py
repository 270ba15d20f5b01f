"""Statistics against independent implementations."""
