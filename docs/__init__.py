"""The pictures of the documents, and what draws them."""
