"""Originals of a report (Word, PDF, page, sheet, text) become data and pages: every cell is read right or asked."""
