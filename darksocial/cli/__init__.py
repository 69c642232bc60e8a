"""The command `darksocial`."""
