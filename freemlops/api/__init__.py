"""The REST API: a controller translates, a service acts, one mapper speaks of errors."""
