"""What the server runs: ``uvicorn examples.reading_room.app:app --workers 4``."""

from examples.reading_room.site import create_app

app = create_app()
