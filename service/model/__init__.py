"""The vocabulary: msgspec Structs only."""
