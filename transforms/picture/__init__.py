"""Pictures and masks as arrays: color space, blurs, parts and sizes; nothing here knows a face."""
