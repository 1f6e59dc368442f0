"""The Reading Room: a members' library, and the example that uses all of Footfall."""
