"""The annual report on government information disclosure as a site: data, pages, tables, checks."""
