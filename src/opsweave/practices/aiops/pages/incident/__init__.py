"""The incident page: one file a part, all over one scene."""
