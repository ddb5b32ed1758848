"""Scripts for those who keep the project: installing, locking, measuring. Nothing here is shipped."""
