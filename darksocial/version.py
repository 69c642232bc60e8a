"""The version, in the one place where everything else reads it."""

VERSION = "0.1.0"
