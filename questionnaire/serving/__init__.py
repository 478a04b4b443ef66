"""Settings, log, headers and the server."""
