"""The figures of a site by e-mail, and a word when something unusual happens."""
