"""Turn a folder of captured news into Atom feeds, one for each topic and each country."""

__version__ = "0.1.0"
MANIFEST = "manifest.json"  # what a build left in the output; see publish.py
