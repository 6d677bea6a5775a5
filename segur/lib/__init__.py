"""Pure helpers: Paris time, national holidays, working days. No models, no settings, no clock."""
