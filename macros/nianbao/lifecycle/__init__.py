"""What is published and stays: freezing, taking back before the day, corrections, and the records of all that."""
