"""What the shipper adds to an event: browser, system, device, robot, source, channel and campaign."""
