"""Downloads: every report as a document, as sheets and as data; all kinds drawn from one model."""
