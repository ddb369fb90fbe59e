"""The messages, subjects and error codes that services and workers agree on."""
