"""The sending half; `nsring` itself is a namespace package without a file."""
