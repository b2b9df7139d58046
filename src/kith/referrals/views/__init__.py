"""Pages of the front door: asking for help, following it, and the county's desk."""
