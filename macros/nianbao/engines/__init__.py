"""The engines: MkDocs, ProperDocs and Zensical call in here, and nothing else knows them."""
