"""DevOps, first form: deployments, failed ones, and their recovery time."""
