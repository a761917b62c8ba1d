"""Floor 3: definitions and durable execution of pipelines; gates, approvals, schedules."""
