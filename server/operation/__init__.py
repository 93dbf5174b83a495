"""The emulated operations, in the contract's order of checks: form, picture, pipeline; and their OpenAPI document."""
