"""The command on the terminal."""
