"""Pure rules of the engine, one module a subject."""
