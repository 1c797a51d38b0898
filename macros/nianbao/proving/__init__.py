"""A site, a ZIP of one, or the folder of a year proved by the record of what was published, without the portal."""
