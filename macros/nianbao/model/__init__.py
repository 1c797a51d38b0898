"""What the data says: printed forms, the agency, reports. All values are immutable."""
