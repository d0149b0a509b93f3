"""How the service listens: its sockets, its server, and what a connection may send before it is a request."""
