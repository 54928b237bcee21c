"""How a database made by an older version becomes one of this version, step by step."""
