"""A million billing rows as columns: few distinct contexts, looked up once, and the method's arithmetic on arrays."""
