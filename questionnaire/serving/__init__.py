"""Settings, log, HTTP and the server."""
