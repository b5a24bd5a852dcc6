"""WHAT IS SHOWN: home pages, the year on one page, and the documents of the year."""
