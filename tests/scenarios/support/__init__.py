"""What every scenario stands on: the programs under test, a client that speaks to them, and the world around them."""
