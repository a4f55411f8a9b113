"""What is spoken of on the bus."""

ROOMS = "rooms"  # what goes to sockets
ACCESS = "access"  # whose sockets must show again that they may be there
PRESENCE = "presence"  # who has been seen
JOBS = "jobs"  # a job is due
DELIVERIES = "deliveries"  # somebody is to be told of something

TOPICS = (ROOMS, ACCESS, PRESENCE, JOBS, DELIVERIES)
