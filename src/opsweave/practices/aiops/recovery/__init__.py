"""From a cause to a plan: runbooks, targets that offer their actions, the choice among them."""
