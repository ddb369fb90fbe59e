"""What programs may call beside models: tools that the operator has declared."""
