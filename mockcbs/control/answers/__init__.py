"""Schemas of the control API's responses. Only its OpenAPI document uses them; views do not."""
