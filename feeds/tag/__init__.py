"""Tag an article with the countries and topics that it is about, each with its evidence."""
