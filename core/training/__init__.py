"""Training of the representation, the latents and the cascade."""
