"""HTML of pages: its tags judged as they are typed, a page and its tables read back."""
