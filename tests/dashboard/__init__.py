"""The dashboard, asked over real sockets."""
