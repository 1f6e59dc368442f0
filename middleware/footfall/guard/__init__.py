"""The guard: every cookie that enters or leaves the app passes here."""
