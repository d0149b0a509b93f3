"""How the service runs: how it ends, how it takes new factor tables, how several workers share a port."""
