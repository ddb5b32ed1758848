"""The labelled texts by which the understanding of replies is judged, and what judges it."""
