"""Two packages that need each other, though none of their modules do."""
