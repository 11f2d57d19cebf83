"""What people change about their accounts."""
