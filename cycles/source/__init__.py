"""The one reader of Python source: what files say, which names they mean, and when their code runs."""
