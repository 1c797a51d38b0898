"""What a report must meet: each rule with its code, its basis and the cases that show it."""
