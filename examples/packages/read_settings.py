"""Settings that people write in YAML, as JSON."""

import yaml


def read_settings(text: str) -> dict:
    """Reads one YAML document."""
    settings = yaml.safe_load(text)
    if not isinstance(settings, dict):
        raise ValueError("settings are names with values, such as 'colour: red'")
    return settings
