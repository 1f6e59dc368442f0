"""Sign-in state: the session, remember-me, and the rules of access-controlled areas."""
