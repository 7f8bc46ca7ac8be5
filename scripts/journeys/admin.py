"""What an administrator does who has added the addon to a company that is at work already."""
