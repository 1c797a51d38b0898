"""The preview as the place of work: what is typed into a page goes into the files of the portal, and can be undone."""
