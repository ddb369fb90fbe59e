"""How good one answer is: the twin of `libs/metrics`, which checks definitions before they come here."""
