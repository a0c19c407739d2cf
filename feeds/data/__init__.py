"""Tables that the steps look words and codes up in."""
