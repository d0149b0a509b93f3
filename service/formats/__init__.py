"""Foreign formats, one module each: what maps to what stands on top, one generator below."""
