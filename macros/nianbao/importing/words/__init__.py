"""What an original says in words: title, sections, published items, facts; and what of it belongs nowhere."""
