"""The gallery: every widget kind in each of its states, over samples that are made up."""

from opsweave.pages.gallery.page import KINDS, pages

__all__ = ["KINDS", "pages"]
