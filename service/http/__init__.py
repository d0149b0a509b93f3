"""The HTTP interface: handlers of a few lines, and what they share.

emissions, reference, operations   the routes
calls          how a handler is called: strictly, by its signature
decoding       JSON → Struct, and where it is wrong as a pointer
problems       what goes wrong → RFC 9457
representations, summary, geojson  Struct → bytes, by `Accept`
catalog        what the reading routes list
observed, metrics                  request id, headers, one log line, counts
documents      what the OpenAPI document needs told
"""
