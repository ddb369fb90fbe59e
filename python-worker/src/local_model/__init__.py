"""The bundled small language model behind an OpenAI-compatible HTTP server."""
