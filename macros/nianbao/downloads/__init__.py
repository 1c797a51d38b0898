"""What readers of the site may take away: the files of each year and of all, and the lists of them."""
