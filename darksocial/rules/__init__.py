"""Pure rules: no input or output, no clock, no randomness that was not passed in."""
