"""How fast the desk is, beside a bare Flask app of the same shape: `make bench`."""
