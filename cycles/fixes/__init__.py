"""How each cut can be made: judged by how modules use the names that their imports take."""
