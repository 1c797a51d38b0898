"""The whole report as one document: read from its pages, set as Word and as PDF."""
