"""Gives values the types of their fields and says what was changed. The twin in Node is libs/signature/src/coercion."""
