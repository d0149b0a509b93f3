"""The method as pure functions, one module a section; floats or columns in and out."""
