// Stands in for packages that are imported but not called.
