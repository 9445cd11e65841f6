"""The contracts of the vendors, installed as `mockcbs.book` so that reports can link into them."""
