"""The words and rules of text. Plain Python: no web, no database, no provider, no clock."""
