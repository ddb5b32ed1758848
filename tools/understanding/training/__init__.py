"""How the reader of replies is trained: from the labelled texts to the two files that are shipped."""
