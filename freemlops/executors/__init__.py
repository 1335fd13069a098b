"""Run training jobs somewhere else than in the server's process, and stream their events."""
