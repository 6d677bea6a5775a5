"""What is measured, beside the libraries that do the same. Not part of the site."""
