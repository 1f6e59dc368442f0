"""Sites that mount Footfall: ``minimal`` is ten lines, ``reading_room`` is a whole members' library."""
