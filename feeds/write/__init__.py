"""Write feeds, pages and lists as bytes; one module for each format."""
