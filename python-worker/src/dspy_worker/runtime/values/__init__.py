"""What values of the types of signatures are, as the execution service knows them too."""
