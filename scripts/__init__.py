"""What is run by hand while Coldboard is being made; nothing in app/ needs it."""
