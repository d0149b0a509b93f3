"""The commands of `dualscope`, a module each, with `add_arguments(parser)`; only the one that is run is loaded.

serve, openapi, hardware, factors, bulk, keys   what their names say
estimate       one workload, by …           job       flags, environment and file (`reading`) → the workload
               … here      this process     budget    whether a total is within what was planned
               … remote    a service
completion     scripts for `shells`         parsing, telling   how a command line is read, and how it answers

Another one is a module like these, here or in the room that it is of, and a line in `COMMANDS` of service/__main__.py.
"""
